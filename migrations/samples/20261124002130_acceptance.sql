insert into measurements
    (lead_id, origin, status, step, measurer_id, lead_name, created_at, waiting_since, assigned_at, assigned_by,
     accepted_at, unaccepted_told_at)
values
    (513, 'amocrm', 'assigned', 2, 2, 'Чердак', '2026-12-01 07:00+00', '2026-12-01 07:00+00', '2026-12-01 07:10+00', 1,
     '2026-12-01 07:20+00', null),
    (514, 'amocrm', 'assigned', 1, 2, 'Подвал', '2026-12-01 07:00+00', '2026-12-01 07:00+00', '2026-12-01 07:10+00', 1,
     null, '2026-12-01 07:40+00');
insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 14, '2026-12-01 09:00+00', 'person', 2, 'accepted', '{"what": "accepted"}');
