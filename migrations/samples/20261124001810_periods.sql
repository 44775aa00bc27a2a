insert into measurements (lead_id, origin, status, lead_name, created_at, waiting_since) values
    (509, 'amocrm', 'pending', 'Балкон', '2026-12-01 07:00+00', '2026-12-01 07:00+00');
