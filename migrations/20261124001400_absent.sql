-- Who could not be written to gets, when he is back, what still matters of what ended meanwhile: found by his chat, while
-- he waits for the answer to what he wrote.
create index outbox_unreachable on outbox (chat_id) where state = 'unreachable';
