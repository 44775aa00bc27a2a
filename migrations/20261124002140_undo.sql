-- The last move of a person, and what was true before it, so that he can take it back.
alter table measurements add column undoable jsonb;
