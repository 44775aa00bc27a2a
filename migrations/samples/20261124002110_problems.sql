insert into measurements
    (lead_id, origin, status, step, measurer_id, lead_name, created_at, waiting_since, assigned_at, assigned_by, started_at,
     problem_reason, problem_text, problem_at)
values
    (510, 'amocrm', 'assigned', 2, 2, 'Терраса', '2026-12-01 07:00+00', '2026-12-01 07:00+00', '2026-12-01 07:10+00', 1,
     null, 'client_absent', null, '2026-12-01 08:00+00'),
    (511, 'amocrm', 'in_progress', 3, 2, 'Веранда', '2026-12-01 07:00+00', '2026-12-01 07:00+00', '2026-12-01 07:10+00', 1,
     '2026-12-01 07:40+00', 'other', 'злая собака', '2026-12-01 08:00+00');
insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 11, '2026-12-01 08:40+00', 'person', 2, 'problem_reported',
     '{"what": "problem_reported", "reason": "other", "text": "злая собака"}'),
    (1, 12, '2026-12-01 08:50+00', 'person', 1, 'problem_cleared', '{"what": "problem_cleared"}');
