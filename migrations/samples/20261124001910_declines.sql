insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 9, '2026-12-01 08:00+00', 'person', 2, 'declined',
     '{"what": "declined", "from": 2, "reason": "other", "text": "сломалась машина"}');
