insert into zones (name, created_at, told_at) values
    ('Север', '2026-12-01 06:00+00', null),
    ('Юг', '2026-12-01 06:00+00', '2026-12-01 07:00+00');
insert into zone_names (normal, name, zone_id) values ('север', 'Север', 1), ('юг', 'Юг', 2), ('южное бутово', 'Южное Бутово', 2);
insert into zone_measurers (zone_id, user_id) values (1, 2);
insert into dealers (normal, name, measurer_id, created_at) values
    ('окна плюс', 'Окна Плюс', 2, '2026-12-01 06:00+00'),
    ('балконы', 'Балконы', null, '2026-12-01 06:00+00');
insert into unknown_names (kind, normal, name, measurement_id, seen_at) values
    ('zone', 'запад', 'Запад', 1, '2026-12-01 07:00+00');
insert into turns (user_id, at) values (2, '2026-12-01 07:00+00');

update proposals set number = 2, measurer_id = 2, basis = 1, details =
    '{"measurer": 2, "rule": "zone", "name": "Север", "busy": 1, "last": null, "next": [[3, 0]], "passed": [[4, "away"]], "before": 3}'
    where measurement_id = 1;
update users set away_until = '2026-12-02 00:00+00' where id = 3;
update measurements set dealer = 'Окна Плюс' where id = 1;
insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 9, '2026-12-01 08:01+00', 'system', null, 'proposed', '{"what": "proposed", "to": 2, "rule": "zone", "name": "Север"}');
