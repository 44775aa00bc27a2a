insert into outbox
    (chat_id, user_id, lane, kind, measurement_id, history_id, payload, created_at, next_attempt_at, state, finished_at)
values
    (1002, 2, 'urgent', 'facts_changed', 2, 3, '{}', '2026-11-24 07:00+00', '2026-11-24 07:00+00', 'pending', null);
