-- The pair of tokens of an integration with OAuth. Every refresh spends the refresh token and brings a new pair,
-- so the pair is here before it is used, and whoever refreshes says so first: of two replicas one does.

create table amocrm_tokens (
    id               integer primary key check (id = 1),
    -- Counts pairs; a pair that was received is stored only over the one that it was received for.
    version          bigint not null default 1,
    refresh_token    text not null,
    access_token     text,
    expires_at       timestamptz,
    received_at      timestamptz,
    -- Somebody is refreshing, or has died while he was.
    refreshing_since timestamptz,
    -- AmoCRM has refused this refresh token since then.
    refused_at       timestamptz,
    -- Hashes of every refresh token that the settings have held: none of them begins anew.
    seeds            text[] not null
);
