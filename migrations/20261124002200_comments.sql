-- What people say about a measurement, and the files that come with it.
create table measurement_comments (
    id             bigint generated always as identity primary key,
    measurement_id bigint not null references measurements,
    author_id      bigint not null references users,
    at             timestamptz not null,
    -- What was written, or stood under the files; null where it was files or a place alone.
    text           text check (char_length(text) between 1 and 2000),
    latitude       double precision check (latitude between -90 and 90),
    longitude      double precision check (longitude between -180 and 180),
    -- The message that it came in; of an album, the part that was handled first.
    chat_id        bigint not null references chats,
    message_id     integer not null,
    -- Each part of an album comes as a message of its own, and all of them are one comment.
    media_group_id text,
    check ((latitude is null) = (longitude is null)),
    constraint measurement_comments_message unique (chat_id, message_id)
);

create unique index measurement_comments_album on measurement_comments (chat_id, media_group_id)
    where media_group_id is not null;
create index measurement_comments_by_measurement on measurement_comments (measurement_id, id);

create table measurement_files (
    id              bigint generated always as identity primary key,
    comment_id      bigint not null references measurement_comments,
    -- The message that it came in has no other file.
    chat_id         bigint not null references chats,
    message_id      integer not null,
    kind            text not null
        check (kind in ('photo', 'video', 'animation', 'video_note', 'voice', 'audio', 'document')),
    -- By these Telegram sends it again, as long as it keeps it, and knows it as the same.
    file_id         text not null,
    file_unique_id  text not null,
    name            text,
    mime            text,
    -- In bytes: as Telegram tells, and as it is once it is copied.
    size            bigint,
    -- The name of the copy in our own storage.
    sha256          bytea check (length(sha256) = 32),
    copied_at       timestamptz,
    attempts        integer not null default 0,
    -- null where it is copied, or was given up.
    next_attempt_at timestamptz,
    last_error      text,
    check ((sha256 is null) = (copied_at is null)),
    check (copied_at is null or next_attempt_at is null),
    constraint measurement_files_message unique (chat_id, message_id)
);

create index measurement_files_by_comment on measurement_files (comment_id, id);
create index measurement_files_not_copied on measurement_files (next_attempt_at) where copied_at is null;

-- Looked at by the next migration, so that the table is not locked while all rows are read.
alter table measurement_history drop constraint measurement_history_what_check;
alter table measurement_history add constraint measurement_history_what_check check (what in (
    'opened', 'assigned', 'reassigned', 'explained', 'started', 'completed', 'cancelled', 'restored', 'returned',
    'declined', 'problem_reported', 'problem_cleared', 'accepted', 'undone', 'proposed', 'commented', 'facts_changed',
    'responsible_changed'
)) not valid;

-- Whoever answers a notice comments on its measurement: a message that was sent leads back to its row.
create index outbox_attempts_by_message on outbox_attempts (message_id) where message_id is not null;
