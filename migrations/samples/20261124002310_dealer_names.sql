insert into dealer_names (normal, name, dealer_id) values ('окна и двери', 'Окна и двери', 1);
insert into audit (at, actor_id, what, details) values
    ('2026-12-02 06:00+00', 1, 'dealer_merged', '{"what": "dealer_merged", "from": "Окна и двери", "into": "Окна Плюс"}');
