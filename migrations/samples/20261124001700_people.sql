update users set phone = '+79160000001' where first_name = 'Иван';
update amo_users set email = 'mary@example.org', phone = '+79160000003' where amo_user_id = 9001;

insert into invites (code_hash, role, created_by, created_at, expires_at, max_uses, uses, revoked_at, revoked_by) values
    ('\x05', 'measurer', 1, '2026-12-01 06:00+00', '2026-12-08 06:00+00', 5, 1, null, null),
    ('\x06', 'manager', 1, '2026-12-01 06:00+00', '2026-12-02 06:00+00', null, 0, '2026-12-01 07:00+00', 1);

insert into invite_uses (invite_id, user_id, used_at) values
    ((select id from invites where code_hash = '\x05'), 2, '2026-12-01 06:30+00');

insert into audit (at, actor_id, subject_id, what, details) values
    ('2026-12-01 06:00+00', 1, null, 'invite_made', '{"what": "invite_made", "role": "measurer", "uses": 5}'),
    ('2026-12-01 07:00+00', 1, null, 'invite_revoked', '{"what": "invite_revoked", "role": "manager"}'),
    ('2026-12-01 06:30+00', 2, 2, 'joined', '{"what": "joined", "role": "measurer"}'),
    ('2026-12-01 08:00+00', 1, 2, 'role_given', '{"what": "role_given", "role": "manager"}'),
    ('2026-12-01 08:01+00', 1, 2, 'role_taken', '{"what": "role_taken", "role": "manager"}'),
    ('2026-12-01 08:02+00', 1, 3, 'linked', '{"what": "linked", "employee": "Mary Smith"}'),
    ('2026-12-01 08:03+00', 1, 4, 'disabled', '{"what": "disabled", "visits": 2, "to": 2}'),
    ('2026-12-01 08:04+00', null, 4, 'enabled', '{"what": "enabled"}'),
    ('2026-12-01 08:05+00', 1, 2, 'handed_over', '{"what": "handed_over", "visits": 1, "to": null}');
