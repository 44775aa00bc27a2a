insert into users (first_name, language, created_at) values
    ('Борис', 'ru', '2026-12-01 06:00+00'),
    ('Вера', 'ru', '2026-12-01 06:01+00');

insert into user_roles (user_id, role, granted_at) values
    ((select id from users where first_name = 'Борис'), 'supervisor', '2026-12-01 06:00+00'),
    ((select id from users where first_name = 'Вера'), 'observer', '2026-12-01 06:01+00');

insert into invites (code_hash, role, created_by, created_at, expires_at) values
    ('\x03', 'supervisor', 1, '2026-12-01 06:00+00', '2026-12-02 06:00+00'),
    ('\x04', 'observer', 1, '2026-12-01 06:00+00', '2026-12-02 06:00+00');
