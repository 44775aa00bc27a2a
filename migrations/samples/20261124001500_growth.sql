insert into measurements (lead_id, origin, status, lead_name, created_at, waiting_since) values
    (506, 'amocrm', 'pending', 'Дверь', '2026-11-30 06:00+00', '2026-11-30 07:00+00');

update users set cards_below = 3 where id = 2;
