-- What is stuck, so that people can look at it and decide.

-- Messages that nobody could read, taken over from the broker's queues: there they could be neither listed nor
-- looked at without taking them away. The same bytes are one row, however often and under however many numbers they
-- come.
create table parked_messages (
    id           bigint generated always as identity primary key,
    -- 'event': bot.lead-events.dead; 'webhook': amocrm.unreadable.
    kind         text not null check (kind in ('event', 'webhook')),
    digest       bytea not null,
    -- Of the newest arrival: a message that comes again because its acknowledgement was lost is no arrival.
    message_id   text,
    content_type text,
    why          text not null,
    reason       text not null,
    -- Erased as soon as somebody has decided, and after a month.
    body         bytea,
    size         integer not null,
    arrivals     integer not null default 1,
    received_at  timestamptz not null,
    parked_at    timestamptz not null,
    state        text not null default 'parked' check (state in ('parked', 'sending', 'done', 'skipped', 'expired')),
    -- Admins have been told that it is there.
    told_at      timestamptz,
    -- What came of sending it again.
    last_error   text,
    unique (kind, digest),
    check (body is not null or state not in ('parked', 'sending'))
);

create index parked_messages_open on parked_messages (id) where state in ('parked', 'sending');

-- Since when a deal has failed to be read, for whatever reasons, and the latest of them. `failing_since` tells how
-- long it has failed in one and the same way, which is what the patience with AmoCRM goes by.
alter table lead_nudges add column stuck_since timestamptz;
alter table lead_nudges add column trouble text;
alter table lead_nudges add constraint lead_nudges_stuck_for_a_reason
    check ((stuck_since is null) = (trouble is null));

create index lead_nudges_stuck on lead_nudges (stuck_since, lead_id) where stuck_since is not null;

-- Who decided what about something that was stuck. Append-only; a deal's row may be long gone.
create table failure_decisions (
    id        bigint generated always as identity primary key,
    at        timestamptz not null,
    user_id   bigint not null references users,
    decision  text not null check (decision in ('repeated', 'skipped')),
    lead_id   bigint,
    parked_id bigint references parked_messages,
    -- Of the trouble at that moment.
    why       text not null,
    check ((lead_id is null) <> (parked_id is null))
);

create index failure_decisions_by_lead on failure_decisions (lead_id, id) where lead_id is not null;
create index failure_decisions_by_parked on failure_decisions (parked_id, id) where parked_id is not null;
