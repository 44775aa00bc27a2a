insert into turns (user_id, at) values (1, '2026-12-01 09:30+00');
