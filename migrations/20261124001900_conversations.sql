-- What a person is about to write, where a button asked for words. One question a chat; any command or press ends it.
create table conversations (
    chat_id    bigint primary key references chats,
    -- The question, as JSON of its kind.
    flow       jsonb not null,
    expires_at timestamptz not null
);
