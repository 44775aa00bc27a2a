insert into lead_nudges
    (lead_id, first_at, next_attempt_at, last_error, failing_since, deleted_at, restored_at)
values
    (504, '2026-11-24 07:00+00', '2026-11-24 07:00+00', 'AmoCRM shows the deal as it was before', '2026-11-24 07:00+00',
     '2026-11-24 06:00+00', '2026-11-24 06:30+00');
