insert into conversations (chat_id, flow, expires_at) values
    (1001, '{"flow": "find_employee", "user": 3}', '2026-12-01 06:15+00');
