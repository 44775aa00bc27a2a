insert into turns (user_id, at) values (3, '2026-12-01 07:30+00');
