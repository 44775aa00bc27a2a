-- People, where they can be reached, and how they come in.

create table users (
    id          bigint generated always as identity primary key,
    first_name  text not null check (first_name <> ''),
    last_name   text,
    username    text,
    -- Fixed at first contact; what a person reads is in this language.
    language    text not null check (language in ('ru', 'en')),
    -- The manager's employee in AmoCRM; one employee is at most one person.
    amo_user_id bigint,
    created_at  timestamptz not null,
    -- A person who left keeps his row, so that history keeps his name.
    disabled_at timestamptz,
    constraint users_amo_user_is_one_person unique (amo_user_id)
);

create table user_roles (
    user_id    bigint not null references users,
    role       text not null check (role in ('admin', 'measurer', 'manager')),
    granted_at timestamptz not null,
    primary key (user_id, role)
);

-- The lists "all admins", "all measurers".
create index user_roles_by_role on user_roles (role, user_id);

-- A private chat with the bot. In Telegram its number is the person's own; a stranger's chat has no person.
create table chats (
    chat_id        bigint primary key,
    user_id        bigint references users,
    language       text not null check (language in ('ru', 'en')),
    -- When the person first wrote; none for somebody of ADMIN_IDS who never did.
    contacted_at   timestamptz,
    -- Set when Telegram says that the person cannot be written to; any word from him clears it.
    unreachable_at timestamptz,
    -- Nothing is sent here before this moment: Telegram asked to wait.
    paused_until   timestamptz,
    -- What the commands menu of this chat shows now, and what it should show.
    commands_shown text,
    created_at     timestamptz not null,
    constraint chats_one_per_person unique (user_id)
);

create table invites (
    -- SHA-256 of the code in the link: a leaked database invites nobody.
    code_hash  bytea primary key,
    role       text not null check (role in ('admin', 'measurer', 'manager')),
    created_by bigint not null references users,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_by    bigint references users,
    used_at    timestamptz,
    check ((used_by is null) = (used_at is null))
);
