insert into parked_messages
    (kind, digest, message_id, content_type, why, reason, body, size, arrivals, received_at, parked_at, state, told_at,
     last_error)
values
    ('event', '\x01', 'm-1', 'application/json', 'not_an_event', 'not a lead event: Syntax at line 1, column 1', '\x7b',
     1, 1, '2026-11-30 06:00+00', '2026-11-30 06:00:01+00', 'parked', null, null),
    ('webhook', '\x01', null, 'text/xml', 'unknown', 'content_type', '\x3c', 1, 2, '2026-11-30 06:00+00',
     '2026-11-30 06:00:01+00', 'sending', '2026-11-30 06:01+00', 'connection refused'),
    ('webhook', '\x02', null, null, 'unknown', '', null, 1, 1, '2026-11-30 06:00+00', '2026-11-30 06:00:01+00', 'done',
     null, null),
    ('event', '\x03', null, null, 'newer', 'the message has version 9', null, 1, 1, '2026-11-30 06:00+00',
     '2026-11-30 06:00:01+00', 'skipped', null, null),
    ('event', '\x04', null, null, 'returned', '', null, 1, 1, '2026-10-30 06:00+00', '2026-10-30 06:00:01+00',
     'expired', null, null);

-- Not due for years.
insert into lead_nudges (lead_id, first_at, next_attempt_at, last_error, stuck_since, trouble) values
    (505, '2026-11-30 06:00+00', '2036-11-30 06:00+00', 'the deal is not in AmoCRM''s answer',
     '2026-11-30 06:00+00', 'behind');

insert into failure_decisions (at, user_id, decision, lead_id, parked_id, why) values
    ('2026-11-30 06:10+00', 1, 'repeated', 505, null, 'behind'),
    ('2026-11-30 06:11+00', 1, 'skipped', null, 4, 'newer');
