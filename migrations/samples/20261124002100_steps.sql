insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 10, '2026-12-01 08:10+00', 'person', 2, 'explained',
     '{"what": "explained", "reason": "other", "text": "заболел"}'),
    (1, 10, '2026-12-01 08:20+00', 'person', 2, 'cancelled',
     '{"what": "cancelled", "because": null, "reason": "no_answer", "text": null}');
