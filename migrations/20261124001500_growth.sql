-- What grows with the number of measurements there ever were: found by `cargo xtask bench growth`, which asks that at a
-- million no step takes twice as long as at a thousand.

-- Since when a measurement waits, or waited last: when it was opened, or came back into the queue. It was looked for
-- in the history, for all that wait at once, to show six of them.
--
-- The default is for replicas of the version before, which still open measurements while this one starts.
alter table measurements add column waiting_since timestamptz not null default now();

update measurements m set waiting_since = coalesce(
    (select max(h.at) from measurement_history h
     where h.measurement_id = m.id and h.what in ('restored', 'returned')),
    m.created_at);

-- /pending.
create index measurements_waiting on measurements (waiting_since, id) where status = 'pending';

-- /my, and the load beside a measurer's name.
create index measurements_work on measurements (measurer_id, (status = 'assigned'), assigned_at, id)
    where status in ('assigned', 'in_progress');

-- /orders: a manager's few open ones were looked for among all that he ever had.
create index measurements_by_manager on measurements (responsible_amo_user_id, status, id)
    where responsible_amo_user_id is not null;
drop index measurements_by_responsible;

-- The rights of a person changed: of his cards, those with smaller numbers are to be drawn anew still. All at once they
-- were too many for one transaction, and an admin of some years could not be disabled.
alter table users add column cards_below bigint;
create index cards_by_user on cards (user_id, id);
-- What a new leader must know of the last minute.
create index cards_by_drawing on cards (drawn_at) where drawn_at is not null;
-- The next card of each chat, whatever waits in others, some of which nobody can write to any more.
create index cards_next_of_chat on cards (chat_id, pressed_at desc nulls last, next_attempt_at, id)
    where shown_version < wanted_version and message_id is not null;
drop index cards_to_redraw;

-- What was given up, for the metrics.
create index telegram_updates_parked on telegram_updates (parked_at) where parked_at is not null;
