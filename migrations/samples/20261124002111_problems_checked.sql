insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 13, '2026-12-01 08:55+00', 'person', 2, 'problem_reported',
     '{"what": "problem_reported", "reason": "not_ready", "text": null}');
