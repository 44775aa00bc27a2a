-- Telegram counts edits per chat, also those of the leader before: a new one has to know of the last minute's.
-- Read once per change of leader, so there is no index.

alter table cards add column drawn_at timestamptz;
