-- One in each state, and each way to be cancelled.
insert into measurements
    (lead_id, origin, previous_id, status, step, version, responsible_amo_user_id, measurer_id, lead_name, address,
     client_name, phones, order_number, zone, product, comment, moved_on_to, is_provisional, created_at, assigned_at,
     assigned_by, started_at, completed_at, cancelled_at, cancelled_by, cancelled_because)
values
    (501, 'amocrm', null, 'pending', 0, 0, 9001, null, 'Окна', 'Ленина, 5', 'Иван Иванов',
     '[{"raw": "8 916 123-45-67", "e164": "+79161234567"}, {"raw": "жена", "e164": null}]', '77', 'Север', 'Окна',
     'Код 12', null, false, '2026-11-24 06:00+00', null, null, null, null, null, null, null),
    (503, 'amocrm', null, 'assigned', 1, 2, null, 2, 'Двери', null, null, '[]', null, null, null, null, 'Договор', true,
     '2026-11-24 06:00+00', '2026-11-24 06:05+00', 1, null, null, null, null, null),
    (504, 'amocrm', null, 'in_progress', 2, 2, null, 2, 'Балкон', null, null, '[]', null, null, null, null, null, false,
     '2026-11-24 06:00+00', '2026-11-24 06:05+00', 1, '2026-11-24 06:10+00', null, null, null, null),
    (505, 'amocrm', null, 'completed', 3, 3, 9001, 4, 'Лоджия', null, null, '[]', null, null, null, null, null, false,
     '2026-11-24 06:00+00', '2026-11-24 06:05+00', 1, '2026-11-24 06:10+00', '2026-11-24 07:00+00', null, null, null),
    (506, 'amocrm', null, 'cancelled', 1, 1, null, null, 'Кухня', null, null, '[]', null, null, null, null, null, false,
     '2026-11-24 06:00+00', null, null, null, null, '2026-11-24 07:00+00', 1, null),
    (506, 'person', 5, 'cancelled', 1, 1, null, null, 'Кухня', null, null, '[]', null, null, null, null, null, false,
     '2026-11-24 06:00+00', null, null, null, null, '2026-11-24 07:00+00', null, 'deal_closed'),
    (502, 'amocrm', null, 'cancelled', 1, 1, null, null, 'Шкаф', null, null, '[]', null, null, null, null, null, false,
     '2026-11-24 06:00+00', null, null, null, null, '2026-11-24 07:00+00', null, 'deal_deleted');

insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 0, '2026-11-24 06:00+00', 'amocrm', null, 'opened', '{"what": "opened"}'),
    (2, 1, '2026-11-24 06:05+00', 'person', 1, 'assigned', '{"what": "assigned", "to": 2}'),
    (2, 2, '2026-11-24 06:05+00', 'person', 1, 'reassigned', '{"what": "reassigned", "from": 4, "to": 2}'),
    (3, 2, '2026-11-24 06:10+00', 'person', 2, 'started', '{"what": "started"}'),
    (4, 3, '2026-11-24 07:00+00', 'person', 4, 'completed', '{"what": "completed"}'),
    (6, 1, '2026-11-24 07:00+00', 'amocrm', null, 'cancelled', '{"what": "cancelled", "because": "closed"}'),
    (1, 0, '2026-11-24 07:00+00', 'system', null, 'returned', '{"what": "returned", "from": 4}'),
    (1, 0, '2026-11-24 07:01+00', 'amocrm', null, 'responsible_changed',
     '{"what": "responsible_changed", "from": null, "to": 9001}');
