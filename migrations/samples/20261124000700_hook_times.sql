insert into lead_nudges (lead_id, first_at, next_attempt_at, changed_at) values
    (503, '2026-11-24 07:00+00', '2026-11-24 07:00+00', '2026-11-24 06:59+00');
