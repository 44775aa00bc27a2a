insert into recorded_deals (lead_id, updated_at, recorded_at) values
    (601, '2026-11-20 06:00+00', '2026-11-24 07:00+00'),
    (602, '2026-11-01 06:00+00', '2026-11-24 07:00+00');
