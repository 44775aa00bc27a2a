insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 15, '2026-12-01 09:10+00', 'person', 2, 'accepted', '{"what": "accepted"}');
