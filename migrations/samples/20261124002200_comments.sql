insert into measurement_comments
    (measurement_id, author_id, at, text, latitude, longitude, chat_id, message_id, media_group_id)
values
    (1, 1, '2026-12-01 09:00+00', 'Домофон 12', null, null, 1001, 501, null),
    (1, 1, '2026-12-01 09:01+00', null, null, null, 1001, 502, '77'),
    (2, 1, '2026-12-01 09:02+00', null, 55.75, 37.62, 1001, 504, null);

insert into measurement_files
    (comment_id, chat_id, message_id, kind, file_id, file_unique_id, name, mime, size, sha256, copied_at, attempts,
     next_attempt_at, last_error)
values
    (2, 1001, 502, 'photo', 'AgAC', 'AQAD', null, null, 12345, decode(repeat('ab', 32), 'hex'), '2026-12-01 09:02+00', 1,
     null, null),
    (2, 1001, 503, 'document', 'BQAC', 'AgAD', 'замер.pdf', 'application/pdf', 99, null, null, 2,
     '2026-12-01 09:10+00', 'no answer in time');

insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 9, '2026-12-01 09:00+00', 'person', 1, 'commented', '{"what": "commented", "comment": 1, "role": "admin"}');
