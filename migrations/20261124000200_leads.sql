-- What we know of AmoCRM: deals, nudges to read them again, and mirrors of small lists.

-- One row per deal that we have heard of. Its lock serialises all decisions on the deal.
create table leads (
    lead_id                 bigint primary key,
    pipeline_id             bigint,
    status_id               bigint,
    responsible_amo_user_id bigint,
    contact_id              bigint,
    -- AmoCRM's time of the newest state we have; an older answer is ignored.
    updated_at              timestamptz,
    -- Entries into trigger stages up to this moment are dealt with.
    entered_at              timestamptz,
    deleted                 boolean not null default false,
    created_at              timestamptz not null,
    check ((pipeline_id is null) = (status_id is null))
);

-- Deals of a contact, when the contact changes.
create index leads_by_contact on leads (contact_id) where contact_id is not null;

-- "Read this deal again." Many events of a deal collapse into its one row; seq counts them, so that what
-- arrives while the deal is being read is not lost when the row is settled.
create table lead_nudges (
    lead_id         bigint primary key,
    seq             bigint not null default 1,
    -- Reported entries into stages, merged: [{"stage": …, "from": …, "at": …}]
    entries         jsonb not null default '[]',
    -- The newest hook's own fields, for the time when AmoCRM cannot be asked.
    payload         jsonb not null default '{}',
    payload_at      timestamptz,
    deleted_at      timestamptz,
    first_at        timestamptz not null,
    attempts        integer not null default 0,
    next_attempt_at timestamptz not null,
    last_error      text,
    -- The state was taken from the hook; AmoCRM itself is still to be asked.
    from_hook_at    timestamptz
);

create index lead_nudges_due on lead_nudges (next_attempt_at);

create table amo_users (
    amo_user_id bigint primary key,
    name        text not null,
    is_active   boolean not null,
    seen_at     timestamptz not null
);

create table amo_stages (
    pipeline_id   bigint not null,
    status_id     bigint not null,
    pipeline_name text not null,
    name          text not null,
    -- «Неразобранное»: applications that nobody has accepted yet.
    is_unsorted   boolean not null,
    sort          integer not null,
    seen_at       timestamptz not null,
    primary key (pipeline_id, status_id)
);

create table amo_fields (
    field_id bigint primary key,
    name     text not null,
    code     text,
    kind     text not null,
    seen_at  timestamptz not null
);
