insert into audit (at, actor_id, what, details) values
    ('2026-12-01 10:00+00', 1, 'setup_changed',
     '{"what":"setup_changed","to":{"setting":"stage","role":"opens","stage":{"pipeline_id":1,"status_id":2},"is_on":true},"name":"Продажи → Замер"}'),
    ('2026-12-01 10:01+00', 1, 'setup_changed',
     '{"what":"setup_changed","to":{"setting":"field","fact":"address","choice":{"field":77}},"name":"Адрес"}'),
    ('2026-12-01 10:02+00', 1, 'setup_changed',
     '{"what":"setup_changed","to":{"setting":"timezone","to":"Asia/Almaty"},"name":"Asia/Almaty"}');
insert into settings (name, value, changed_at) values
    ('setup', '{"triggers":[{"pipeline_id":1,"status_id":2}],"fields":{"address":{"field":77},"zone":"nothing"},"timezone":"Asia/Almaty"}',
     '2026-12-01 10:02+00');
