insert into measurements (lead_id, origin, status, responsible_amo_user_id, lead_name, company, created_at,
                          waiting_since) values
    (590, 'amocrm', 'pending', null, 'Окна', 'ООО «Окна Плюс»', '2026-12-02 06:00+00', '2026-12-02 06:00+00');
