-- A press that waits behind another update of its chat is answered before its turn comes: once, whichever replica
-- looks first, and what comes of it is a message then. Only what is unhandled is asked for, so there is no index.

alter table telegram_updates add column answered_at timestamptz;
