insert into measurements (lead_id, origin, status, responsible_amo_user_id, lead_name, address, client_name, phones,
                          order_number, created_at, waiting_since) values
    (507, 'amocrm', 'pending', 9001, 'Окна «Ёлочка»', 'Химки, ул. Ленина, д. 5', 'Иванов Пётр',
     '[{"raw": "8 916 123-45-67", "e164": "+79161234567"}, {"raw": "звонить мужу", "e164": null}]', 'А-15/2026',
     '2026-12-01 06:00+00', '2026-12-01 06:00+00'),
    (508, 'amocrm', 'pending', null, '', null, null, '[]', null, '2026-12-01 06:00+00', '2026-12-01 06:00+00');

insert into searches (chat_id, words, at) values (1002, 'иванов', '2026-12-01 07:00+00');
