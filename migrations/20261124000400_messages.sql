-- What comes from Telegram and what goes to it.

-- Every update, stored before it is confirmed to Telegram. Bodies are bytes: JSON in PostgreSQL refuses NUL.
create table telegram_updates (
    bot_id          bigint not null,
    update_id       bigint not null,
    -- 0 where an update belongs to no chat.
    chat_id         bigint not null,
    -- Erased after two days.
    body            bytea,
    received_at     timestamptz not null,
    attempts        integer not null default 0,
    next_attempt_at timestamptz not null,
    handled_at      timestamptz,
    -- Given up after too many failures; kept for a person to look at.
    parked_at       timestamptz,
    last_error      text,
    primary key (bot_id, update_id)
);

create index telegram_updates_unhandled on telegram_updates (chat_id, update_id) where handled_at is null;
create index telegram_updates_by_age on telegram_updates (received_at) where body is not null;

-- A measurement shown in a chat as a message of its own. The sender redraws it while shown < wanted.
create table cards (
    id              bigint generated always as identity primary key,
    chat_id         bigint not null references chats,
    user_id         bigint not null references users,
    measurement_id  bigint not null references measurements,
    -- Known once Telegram has taken the message.
    message_id      integer,
    wanted_version  integer not null default 1,
    shown_version   integer not null default 0,
    -- Which keyboard the card wears: its actions, a page of measurers, or the question before a cancellation.
    face            text not null default 'main',
    -- The person pressed something on this card: it is redrawn at once.
    pressed_at      timestamptz,
    attempts        integer not null default 0,
    next_attempt_at timestamptz not null,
    last_error      text,
    created_at      timestamptz not null,
    -- Another card took its place, or its message is gone; it is drawn once more, without a keyboard.
    ended_at        timestamptz,
    constraint cards_message_is_one_card unique (chat_id, message_id)
);

create unique index cards_one_live on cards (chat_id, measurement_id) where ended_at is null;
create index cards_by_measurement on cards (measurement_id) where ended_at is null;
create index cards_to_redraw on cards (next_attempt_at)
    where shown_version < wanted_version and message_id is not null;

-- Every message to send. A row is a reply to what a person did in a chat (`payload` is the screen itself),
-- a card, or a notice: a pointer to the history line that caused it, drawn when its turn comes.
create table outbox (
    id              bigint generated always as identity primary key,
    chat_id         bigint not null references chats,
    user_id         bigint references users,
    lane            text not null check (lane in ('reply', 'urgent', 'notice')),
    kind            text not null,
    measurement_id  bigint references measurements,
    history_id      bigint references measurement_history,
    payload         jsonb not null default '{}',
    -- The message that a reply edits instead of sending a new one.
    edit_message_id integer,
    card_id         bigint references cards,
    created_at      timestamptz not null,
    attempts        integer not null default 0,
    next_attempt_at timestamptz not null,
    -- pending: its turn will come; the others are ends.
    state           text not null default 'pending'
        check (state in ('pending', 'sent', 'superseded', 'unreachable', 'failed')),
    finished_at     timestamptz,
    check ((state = 'pending') = (finished_at is null))
);

-- One per person, history line and kind.
create unique index outbox_one_notice on outbox (user_id, history_id, kind) where history_id is not null;
create index outbox_pending on outbox (chat_id, id) where state = 'pending';
create index outbox_pending_notices on outbox (measurement_id, user_id) where state = 'pending';

-- Each call to Telegram on behalf of an outbox row, with the text as it was sent.
create table outbox_attempts (
    id         bigint generated always as identity primary key,
    outbox_id  bigint not null references outbox,
    at         timestamptz not null,
    text       text,
    message_id integer,
    -- null while the call is under way, or if the process died in it.
    outcome    text,
    error      text
);

create index outbox_attempts_by_row on outbox_attempts (outbox_id);
create index outbox_attempts_by_age on outbox_attempts (at) where text is not null;
