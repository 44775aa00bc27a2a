insert into amocrm_tokens
    (id, version, refresh_token, access_token, expires_at, received_at, refreshing_since, refused_at, seeds)
values
    (1, 3, 'refresh', 'access', '2026-11-25 07:00+00', '2026-11-24 07:00+00', null, null, array['seed']);
