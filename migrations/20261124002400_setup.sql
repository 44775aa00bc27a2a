-- Stages, fields and the time zone are chosen in the bot: a new kind of line in the audit.
alter table audit drop constraint audit_what_check;
alter table audit add constraint audit_what_check check (what in (
    'invite_made', 'invite_revoked', 'joined', 'role_given', 'role_taken', 'linked', 'disabled', 'enabled',
    'handed_over', 'zone_made', 'zone_renamed', 'zone_merged', 'zone_deleted', 'zone_given', 'zone_taken',
    'zone_spelled', 'dealer_given', 'dealer_renamed', 'dealer_merged', 'dealer_taken', 'away', 'setting_changed',
    'setup_changed'
));
