insert into telegram_updates (bot_id, update_id, chat_id, body, received_at, next_attempt_at, answered_at) values
    (42, 4, 1002, '\x7b7d', '2026-11-24 07:00+00', '2026-11-24 07:00+00', '2026-11-24 07:00+00');
