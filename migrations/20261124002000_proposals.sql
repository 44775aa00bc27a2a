-- Where people measure, whose dealers they serve, and whom the rules propose for what waits.

create table zones (
    id         bigint generated always as identity primary key,
    name       text not null check (name <> ''),
    created_at timestamptz not null,
    -- When it was told that nobody measures here; null: somebody does, or it has not shown yet.
    told_at    timestamptz
);

-- Every spelling of a zone, its own name among them.
create table zone_names (
    -- Without what makes no difference: see domain/proposal/names.rs.
    normal  text primary key check (normal <> ''),
    -- As somebody wrote it.
    name    text not null,
    zone_id bigint not null references zones on delete cascade
);

create index zone_names_by_zone on zone_names (zone_id);

create table zone_measurers (
    zone_id bigint not null references zones on delete cascade,
    user_id bigint not null references users,
    primary key (zone_id, user_id)
);

create index zone_measurers_by_user on zone_measurers (user_id);

-- A dealer, and the measurer whom his customers get.
create table dealers (
    id          bigint generated always as identity primary key,
    -- As the matching sees it.
    normal      text not null unique check (normal <> ''),
    name        text not null,
    measurer_id bigint references users,
    created_at  timestamptz not null
);

create index dealers_by_measurer on dealers (measurer_id) where measurer_id is not null;

-- Names in deals that mean nothing here: told once.
create table unknown_names (
    id             bigint generated always as identity primary key,
    kind           text not null check (kind in ('zone', 'dealer')),
    normal         text not null check (normal <> ''),
    name           text not null,
    -- Where it was seen first.
    measurement_id bigint not null references measurements,
    seen_at        timestamptz not null,
    unique (kind, normal)
);

-- When somebody got work, or was proposed for it, last.
create table turns (
    user_id bigint primary key references users,
    at      timestamptz not null
);

-- One for each measurement that waits for a measurer.
create table proposals (
    measurement_id bigint primary key references measurements,
    -- Counts the proposals for this wait: a button carries it.
    number         integer not null default 1 check (number > 0),
    -- Null: no rule finds anybody.
    measurer_id    bigint references users,
    -- Why he, who is next, who was passed over, and who was proposed before.
    details        jsonb not null default '{}',
    made_at        timestamptz not null,
    -- The version of what the rules look at. An older one than that of today is made anew.
    basis          bigint not null,
    -- How often the office was reminded in this wait.
    reminded       integer not null default 0
);

create index proposals_by_measurer on proposals (measurer_id) where measurer_id is not null;

-- The version of what the rules look at: people, zones, dealers, settings. Whoever changes one of them raises it.
create table proposal_basis (
    is_only boolean primary key default true check (is_only),
    version bigint not null
);

insert into proposal_basis (version) values (1);
insert into proposals (measurement_id, made_at, basis)
select id, waiting_since, 0 from measurements where status = 'pending';

alter table users
    -- A day off: proposed for nothing until then.
    add column away_until timestamptz;

alter table measurements
    add column dealer text;

-- A rule may assign by itself: then nobody has. Looked at by the next migration, so that the table is not locked while
-- all rows are read.
alter table measurements drop constraint measurements_status_matches_columns;
alter table measurements add constraint measurements_status_matches_columns check (
    case status
        when 'pending' then
            measurer_id is null and assigned_at is null and started_at is null
            and completed_at is null and cancelled_at is null
        when 'assigned' then
            measurer_id is not null and assigned_at is not null
            and started_at is null and completed_at is null and cancelled_at is null
        when 'in_progress' then
            measurer_id is not null and assigned_at is not null
            and started_at is not null and completed_at is null and cancelled_at is null
        when 'completed' then
            measurer_id is not null and assigned_at is not null
            and completed_at is not null and cancelled_at is null
        when 'cancelled' then
            cancelled_at is not null and completed_at is null
            and ((cancelled_by is null) <> (cancelled_because is null))
    end
) not valid;

alter table measurement_history drop constraint measurement_history_what_check;
alter table measurement_history add constraint measurement_history_what_check check (what in (
    'opened', 'assigned', 'reassigned', 'started', 'completed', 'cancelled', 'restored', 'returned', 'declined',
    'proposed', 'facts_changed', 'responsible_changed'
)) not valid;

alter table audit drop constraint audit_what_check;
alter table audit add constraint audit_what_check check (what in (
    'invite_made', 'invite_revoked', 'joined', 'role_given', 'role_taken', 'linked', 'disabled', 'enabled',
    'handed_over', 'zone_made', 'zone_renamed', 'zone_merged', 'zone_deleted', 'zone_given', 'zone_taken',
    'zone_spelled', 'dealer_given', 'dealer_renamed', 'dealer_taken', 'away', 'setting_changed'
));
