insert into users (first_name, last_name, username, language, amo_user_id, created_at, disabled_at) values
    ('Анна', 'Петрова', 'anna', 'ru', null, '2026-11-24 06:00+00', null),
    ('Иван', null, null, 'ru', null, '2026-11-24 06:01+00', null),
    ('Mary', 'Smith', 'mary', 'en', 9001, '2026-11-24 06:02+00', null),
    ('Пётр', null, null, 'ru', null, '2026-11-24 06:03+00', '2026-11-25 06:00+00');

insert into user_roles (user_id, role, granted_at) values
    (1, 'admin', '2026-11-24 06:00+00'),
    (2, 'measurer', '2026-11-24 06:01+00'),
    (3, 'manager', '2026-11-24 06:02+00'),
    (3, 'admin', '2026-11-24 06:02+00'),
    (4, 'measurer', '2026-11-24 06:03+00');

insert into chats (chat_id, user_id, language, contacted_at, unreachable_at, paused_until, commands_shown, created_at)
values
    (1001, 1, 'ru', '2026-11-24 06:00+00', null, null, null, '2026-11-24 06:00+00'),
    (1002, 2, 'ru', null, null, '2026-11-24 06:10+00', 'measurer', '2026-11-24 06:01+00'),
    (1003, 3, 'en', '2026-11-24 06:02+00', '2026-11-24 07:00+00', null, null, '2026-11-24 06:02+00'),
    (1009, null, 'ru', '2026-11-24 06:04+00', null, null, null, '2026-11-24 06:04+00');

insert into invites (code_hash, role, created_by, created_at, expires_at, used_by, used_at) values
    ('\x01', 'measurer', 1, '2026-11-24 06:00+00', '2026-12-01 06:00+00', 2, '2026-11-24 06:01+00'),
    ('\x02', 'manager', 1, '2026-11-24 06:00+00', '2026-12-01 06:00+00', null, null);
