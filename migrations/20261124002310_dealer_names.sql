-- A dealer may be written in several ways: those of dealers that became part of him.
create table dealer_names (
    -- Without what makes no difference, as in `dealers`, where his own name stands.
    normal    text primary key check (normal <> ''),
    -- As somebody wrote it.
    name      text not null,
    dealer_id bigint not null references dealers on delete cascade
);

create index dealer_names_by_dealer on dealer_names (dealer_id);

alter table audit drop constraint audit_what_check;
alter table audit add constraint audit_what_check check (what in (
    'invite_made', 'invite_revoked', 'joined', 'role_given', 'role_taken', 'linked', 'disabled', 'enabled',
    'handed_over', 'zone_made', 'zone_renamed', 'zone_merged', 'zone_deleted', 'zone_given', 'zone_taken',
    'zone_spelled', 'dealer_given', 'dealer_renamed', 'dealer_merged', 'dealer_taken', 'away', 'setting_changed'
));
