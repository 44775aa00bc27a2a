-- What a person has been told of a measurement is asked before each message about it: of ended cards and of rows
-- that were sent, too.

create index cards_by_person on cards (measurement_id, user_id);
create index outbox_by_person on outbox (measurement_id, user_id) where measurement_id is not null;

-- Covered by the one above.
drop index outbox_pending_notices;
