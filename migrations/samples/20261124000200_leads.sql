insert into leads
    (lead_id, pipeline_id, status_id, responsible_amo_user_id, contact_id, updated_at, entered_at, deleted, created_at)
values
    (501, 1, 2, 9001, 7001, '2026-11-24 06:00+00', '2026-11-24 06:00+00', false, '2026-11-24 06:00+00'),
    (502, null, null, null, null, null, null, true, '2026-11-24 06:00+00');

insert into lead_nudges
    (lead_id, seq, entries, payload, payload_at, deleted_at, first_at, attempts, next_attempt_at, last_error, from_hook_at)
values
    (501, 3,
     '[{"stage": {"pipeline_id": 1, "status_id": 2}, "at": "2026-11-24T06:00:00Z", "received_at": "2026-11-24T06:00:01Z"}]',
     '{"name": "Окна", "status_id": "2", "pipeline_id": "1"}', '2026-11-24 06:00+00', null,
     '2026-11-24 06:00:01+00', 2, '2026-11-24 06:01+00', 'the deal is not in AmoCRM''s answer', null),
    (502, 1, '[]', '{}', null, '2026-11-24 06:00+00', '2026-11-24 06:00+00', 0, '2026-11-24 06:00+00', null,
     '2026-11-24 06:00:10+00');

insert into amo_users (amo_user_id, name, is_active, seen_at) values
    (9001, 'Mary Smith', true, '2026-11-24 06:00+00'),
    (9002, 'Ольга', false, '2026-11-24 06:00+00');

insert into amo_stages (pipeline_id, status_id, pipeline_name, name, is_unsorted, sort, seen_at) values
    (1, 1, 'Продажи', 'Неразобранное', true, 10, '2026-11-24 06:00+00'),
    (1, 2, 'Продажи', 'Замер', false, 20, '2026-11-24 06:00+00');

insert into amo_fields (field_id, name, code, kind, seen_at) values
    (11, 'Адрес', null, 'text', '2026-11-24 06:00+00'),
    (12, 'Телефон', 'PHONE', 'multitext', '2026-11-24 06:00+00');
