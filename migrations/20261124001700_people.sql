-- Invites for several people, the numbers by which people are matched with employees of AmoCRM, and who changed what
-- of people's access.

alter table invites
    add column id bigint generated always as identity,
    -- How many people it lets in; null: as many as come.
    add column max_uses integer default 1 check (max_uses > 0),
    add column uses integer not null default 0,
    add column revoked_at timestamptz,
    add column revoked_by bigint references users,
    add constraint invites_id_key unique (id),
    add check ((revoked_at is null) = (revoked_by is null));
alter table invites alter column max_uses drop default;

create table invite_uses (
    invite_id bigint not null references invites (id),
    user_id   bigint not null references users,
    used_at   timestamptz not null,
    primary key (invite_id, user_id)
);

insert into invite_uses (invite_id, user_id, used_at)
select id, used_by, used_at from invites where used_at is not null;
update invites set uses = 1 where used_at is not null;

alter table invites
    add check (uses <= max_uses),
    drop column used_by,
    drop column used_at;

alter table users
    -- In E.164, as the person gave it by Telegram's own button.
    add column phone text;

alter table amo_users
    add column email text,
    -- In E.164, where AmoCRM's free text is a number.
    add column phone text;

-- Append-only: what people and rules changed that is no step of a measurement.
create table audit (
    id         bigint generated always as identity primary key,
    at         timestamptz not null,
    -- Who did it; null: the service itself.
    actor_id   bigint references users,
    -- Whom it concerns, where it concerns a person.
    subject_id bigint references users,
    what       text not null check (what in (
        'invite_made', 'invite_revoked', 'joined', 'role_given', 'role_taken', 'linked', 'disabled', 'enabled',
        'handed_over'
    )),
    -- The values of this kind of change.
    details    jsonb not null default '{}'
);

create index audit_by_subject on audit (subject_id, id) where subject_id is not null;
