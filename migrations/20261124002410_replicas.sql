-- What each replica of bot-service tells of itself every few seconds, so that any of them can say how all are.
create table replicas (
    replica_id uuid primary key,
    version text not null,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    is_leader boolean not null,
    broker text not null check (broker in ('connected', 'blocked', 'away')),
    -- How ingest-service answered it; null where nobody told it whom to ask.
    ingest text check (ingest in ('ready', 'not_ready', 'away')),
    -- When they answered it last, which they do to the leader.
    telegram_at timestamptz,
    amocrm_at timestamptz
);
