insert into outbox (chat_id, lane, kind, created_at, next_attempt_at, attempts, state, finished_at) values
    (1003, 'reply', 'screen', '2026-11-30 06:00+00', '2026-11-30 06:00+00', 1, 'unreachable', '2026-11-30 06:00:01+00');
