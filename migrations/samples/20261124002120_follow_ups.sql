insert into measurements (lead_id, origin, previous_id, status, lead_name, created_at, waiting_since) values
    (512, 'amocrm', null, 'pending', 'Мансарда', '2026-12-01 07:00+00', '2026-12-01 07:00+00'),
    (512, 'person', 1, 'pending', 'Мансарда', '2026-12-01 07:30+00', '2026-12-01 07:30+00'),
    (512, 'person', 4, 'pending', 'Мансарда', '2026-12-01 07:40+00', '2026-12-01 07:40+00');
