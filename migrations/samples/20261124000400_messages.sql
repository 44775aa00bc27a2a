insert into telegram_updates
    (bot_id, update_id, chat_id, body, received_at, attempts, next_attempt_at, handled_at, parked_at, last_error)
values
    (42, 1, 1001, '\x7b7d', '2026-11-24 06:00+00', 0, '2026-11-24 06:00+00', '2026-11-24 06:00+00', null, null),
    (42, 2, 1001, null, '2026-11-20 06:00+00', 5, '2026-11-20 06:00+00', '2026-11-20 06:01+00', '2026-11-20 06:01+00',
     'the handler panicked'),
    (42, 3, 1002, '\x7b7d', '2026-11-24 06:00+00', 1, '2026-11-24 06:00+00', null, null, 'the database failed');

insert into cards
    (chat_id, user_id, measurement_id, message_id, wanted_version, shown_version, face, pressed_at, attempts,
     next_attempt_at, last_error, created_at, ended_at)
values
    (1001, 1, 1, 5, 2, 1, 'main', '2026-11-24 06:01+00', 0, '2026-11-24 06:00+00', null, '2026-11-24 06:00+00', null),
    (1001, 1, 2, 6, 1, 1, 'main', null, 3, '2026-11-24 06:00+00', 'it is gone', '2026-11-24 06:00+00',
     '2026-11-24 06:30+00'),
    (1002, 2, 2, null, 1, 0, 'main', null, 0, '2026-11-24 06:00+00', null, '2026-11-24 06:00+00', null);

insert into outbox
    (chat_id, user_id, lane, kind, measurement_id, history_id, payload, edit_message_id, card_id, created_at, attempts,
     next_attempt_at, state, finished_at)
values
    (1001, 1, 'reply', 'screen', null, null, '{"text": "Меню"}', 7, null, '2026-11-24 06:00+00', 0,
     '2026-11-24 06:00+00', 'pending', null),
    (1002, 2, 'urgent', 'assigned_to_you', 2, 2, '{}', null, 3, '2026-11-24 06:00+00', 1, '2026-11-24 06:00+00',
     'sent', '2026-11-24 06:01+00'),
    (1001, 1, 'notice', 'new_measurement', 1, 1, '{}', null, null, '2026-11-24 06:00+00', 0, '2026-11-24 06:00+00',
     'superseded', '2026-11-24 06:01+00'),
    (1003, 3, 'notice', 'alert', null, null, '{}', null, null, '2026-11-24 06:00+00', 2, '2026-11-24 06:00+00',
     'unreachable', '2026-11-24 06:01+00'),
    (1009, null, 'reply', 'commands', null, null, '{}', null, null, '2026-11-24 06:00+00', 2, '2026-11-24 06:00+00',
     'failed', '2026-11-24 06:01+00');

insert into outbox_attempts (outbox_id, at, text, message_id, outcome, error) values
    (2, '2026-11-24 06:00+00', 'Вам назначен замер', 8, 'delivered', null),
    (4, '2026-11-24 06:00+00', null, null, 'unreachable', 'Forbidden: bot was blocked by the user'),
    (5, '2026-11-24 06:00+00', null, null, null, null);
