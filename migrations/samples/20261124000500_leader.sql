update leases set holder = '00000000-0000-0000-0000-000000000001', epoch = 7, expires_at = '2026-11-24 06:00+00';

insert into settings (name, value, changed_at) values
    ('telegram_paused_until', '"2026-11-24T06:00:00Z"', '2026-11-24 06:00+00'),
    ('bot_username', '"zamer_bot"', '2026-11-24 06:00+00');
