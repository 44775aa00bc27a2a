insert into cards
    (chat_id, user_id, measurement_id, message_id, wanted_version, shown_version, next_attempt_at, created_at, drawn_at)
values
    (1001, 1, 3, 9, 4, 3, '2026-11-24 07:00+00', '2026-11-24 07:00+00', '2026-11-24 07:00+00');
