-- Measurements and everything that happened to them.

create table measurements (
    -- The number that people say: «№12».
    id                      bigint generated always as identity primary key,
    lead_id                 bigint not null,
    origin                  text not null check (origin in ('amocrm', 'person')),
    previous_id             bigint references measurements,
    status                  text not null
        check (status in ('pending', 'assigned', 'in_progress', 'completed', 'cancelled')),
    -- Counts transitions: a button carries the step it was drawn for.
    step                    integer not null default 0,
    -- Counts every change, of facts too.
    version                 integer not null default 0,
    responsible_amo_user_id bigint,
    measurer_id             bigint references users,

    -- The facts of the deal as they are now, or were when it was closed.
    lead_name               text not null,
    address                 text,
    client_name             text,
    phones                  jsonb not null default '[]',
    order_number            text,
    zone                    text,
    product                 text,
    comment                 text,
    -- The deal has moved on to this stage without us: shown as a warning.
    moved_on_to             text,
    -- Opened from a webhook's own data; AmoCRM has not been asked yet.
    is_provisional          boolean not null default false,

    created_at              timestamptz not null,
    assigned_at             timestamptz,
    assigned_by             bigint references users,
    started_at              timestamptz,
    completed_at            timestamptz,
    cancelled_at            timestamptz,
    -- Who cancelled: a person, or AmoCRM with the reason.
    cancelled_by            bigint references users,
    cancelled_because       text check (cancelled_because in ('deal_closed', 'deal_deleted')),

    constraint measurements_status_matches_columns check (
        case status
            when 'pending' then
                measurer_id is null and assigned_at is null and started_at is null
                and completed_at is null and cancelled_at is null
            when 'assigned' then
                measurer_id is not null and assigned_at is not null and assigned_by is not null
                and started_at is null and completed_at is null and cancelled_at is null
            when 'in_progress' then
                measurer_id is not null and assigned_at is not null and assigned_by is not null
                and started_at is not null and completed_at is null and cancelled_at is null
            when 'completed' then
                measurer_id is not null and assigned_at is not null and assigned_by is not null
                and completed_at is not null and cancelled_at is null
            when 'cancelled' then
                cancelled_at is not null and completed_at is null
                and ((cancelled_by is null) <> (cancelled_because is null))
        end
    )
);

-- Whatever is delivered how often: one open measurement of a deal.
create unique index measurements_one_open_per_lead on measurements (lead_id)
    where origin = 'amocrm' and status in ('pending', 'assigned', 'in_progress');

create index measurements_by_lead on measurements (lead_id, id desc);
-- /all by status, /pending (oldest first), and the counts in menus.
create index measurements_by_status on measurements (status, id);
-- /my and the load beside a measurer's name.
create index measurements_by_measurer on measurements (measurer_id, status, id) where measurer_id is not null;
-- /orders of a manager.
create index measurements_by_responsible on measurements (responsible_amo_user_id, id);

-- Append-only.
create table measurement_history (
    id             bigint generated always as identity primary key,
    measurement_id bigint not null references measurements,
    step           integer not null,
    at             timestamptz not null,
    actor          text not null check (actor in ('person', 'amocrm', 'system')),
    actor_id       bigint references users,
    what           text not null check (what in (
        'opened', 'assigned', 'reassigned', 'started', 'completed', 'cancelled', 'restored', 'returned',
        'facts_changed', 'responsible_changed'
    )),
    -- What a notice of this line must show, frozen: {"from": …, "to": …} by kind.
    details        jsonb not null default '{}',
    check ((actor = 'person') = (actor_id is not null))
);

create index measurement_history_by_measurement on measurement_history (measurement_id, id);
