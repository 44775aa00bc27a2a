insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 10, '2026-12-01 08:30+00', 'person', 2, 'explained', '{"what": "explained", "reason": "unable", "text": null}');
