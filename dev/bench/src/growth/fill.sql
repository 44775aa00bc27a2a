-- A company's years, made up: everybody here is invented. Runs in a session that has a table `size (n, now)`.
--
-- Two admins, thirty measurers, twenty managers; some two hundred measurements a day, numbers and statuses mixed. So
-- a larger database is an older one: what is kept for a while only (bodies of updates, texts of messages) is as much
-- as ever, and rows pile up. Open is 2 % of all and at least 300, which is what thirty measurers have in hand: were
-- it none at a thousand, pages would differ by what is on them.

create temp table made as
select g as id,
       10000000 + case when g % 20 = 0 then g - 1 else g end as lead_id,
       case when g % 20 = 0 then g - 1 end as previous_id,
       case when g % 20 <> 19 and hashint8extended(g, 1) & 65535 < open_of_65536 then
           case when chance < 30 then 'pending' when chance < 85 then 'assigned' else 'in_progress' end
           when chance < 85 then 'completed' else 'cancelled'
       end as status,
       chance,
       3 + (hashint8extended(g, 3) & 65535) % 30 as measurer,
       7001 + (hashint8extended(g, 4) & 65535) % 20 as responsible,
       now - interval '6 hours' - (n - g) * interval '7 minutes' as created_at
from size, generate_series(1, n) as g,
     lateral (select (hashint8extended(g, 2) & 65535) % 100 as chance,
                     (greatest(0.02, 300.0 / n) * 65536)::bigint as open_of_65536) as drawn;

alter table made add column has_measurer boolean, add column was_returned boolean;
update made set has_measurer = status <> 'pending' and (status <> 'cancelled' or chance % 2 = 0),
                was_returned = status = 'pending' and chance % 10 = 0;

insert into users (id, first_name, last_name, language, amo_user_id, created_at)
overriding system value
select u, 'Имя' || (u * 7) % 53, 'Фамилия' || u, 'ru', case when u > 32 then 7001 + u - 33 end, now
from size, generate_series(1, 52) as u;
insert into user_roles (user_id, role, granted_at)
select u, case when u <= 2 then 'admin' when u <= 32 then 'measurer' else 'manager' end, now
from size, generate_series(1, 52) as u;
insert into chats (chat_id, user_id, language, contacted_at, created_at)
select 1000 + u, u, 'ru', now, now from size, generate_series(1, 52) as u;
-- Strangers who tried the bot.
insert into chats (chat_id, language, contacted_at, created_at)
select 100000 + s, 'ru', now, now from size, generate_series(1, 200) as s;
insert into amo_users (amo_user_id, name, is_active, seen_at)
select 7000 + e, 'Сотрудник ' || e, true, now from size, generate_series(1, 40) as e;
insert into amo_stages (pipeline_id, status_id, pipeline_name, name, is_unsorted, sort, seen_at)
select 1, s, 'Воронка', 'Этап ' || s, false, s, now from size, unnest(array[10, 11, 12, 142, 143]) as s;

insert into leads (lead_id, pipeline_id, status_id, responsible_amo_user_id, contact_id, updated_at, entered_at,
                   created_at)
select lead_id, 1, case when status in ('completed', 'cancelled') then 142 else 11 end, responsible,
       50000000 + lead_id % 10000000 / 2, created_at + interval '5 hours', created_at, created_at
from made where previous_id is null;

insert into measurements (id, lead_id, origin, previous_id, status, step, version, responsible_amo_user_id,
                          measurer_id, lead_name, address, client_name, phones, order_number, zone, product, comment,
                          created_at, waiting_since, assigned_at, assigned_by, started_at, completed_at, cancelled_at,
                          cancelled_by, cancelled_because)
overriding system value
select id, lead_id, 'amocrm', previous_id, status,
       case status when 'pending' then case when was_returned then 2 else 0 end
                   when 'assigned' then 1 when 'in_progress' then 2 when 'completed' then 3 else 2 end,
       3, responsible, case when has_measurer then measurer end,
       'Окна в квартиру, заказ ' || id,
       'Москва, ул. Ленина, д. ' || id % 200 + 1 || ', кв. ' || id % 90 + 1, (array['Смирнов', 'Кузнецова', 'Попов', 'Васильева', 'Петров', 'Соколова', 'Михайлов', 'Новикова', 'Фёдоров',
              'Иванов'])[1 + (hashint8extended(id, 5) & 65535) % 10] || ' ' || (array['Анна', 'Иван', 'Ольга'])[1 + id % 3],
       jsonb_build_array(jsonb_build_object('raw', '8 916 ' || phone, 'e164', '+7916' || phone)),
       'А-' || lpad(id::text, 7, '0'), 'Север', 'Окно ПВХ двустворчатое, 3 шт.', 'Позвонить за час, домофон не работает', created_at,
       created_at + case when was_returned then interval '3 hours' else interval '0' end,
       case when has_measurer then created_at + interval '20 minutes' end,
       case when has_measurer then 1 + id % 2 end,
       case when status in ('in_progress', 'completed') then created_at + interval '3 hours' end,
       case when status = 'completed' then created_at + interval '5 hours' end,
       case when status = 'cancelled' then created_at + interval '5 hours' end,
       case when status = 'cancelled' and chance % 3 > 0 then 1 + id % 2 end,
       case when status = 'cancelled' and chance % 3 = 0 then 'deal_closed' end
from made, lateral (select lpad((id * 7919 % 10000000)::text, 7, '0') as phone) as dialled;

-- As the triggers do, which are off here.
insert into measurement_words (measurement_id, words, whose)
select id, words_of(lead_name, address, client_name, order_number, phones),
       array_remove(array['m' || measurer_id, 'r' || responsible_amo_user_id], null)
from measurements;

-- Eight zones, of names that occur in no deal here. Half of the newest are to be looked at.
insert into zones (id, name, created_at)
overriding system value
select z, 'Зона ' || z, now from size, generate_series(1, 8) as z;
insert into measurement_zones (zone_id, measurement_id, status, measurer_id)
select 1 + (hashint8extended(id, 6) & 65535) % 8, id, status, measurer_id from measurements;
insert into zones_due (measurement_id) select id from measurements, size where id > n - 20 and id % 2 = 0;

insert into measurement_history (id, measurement_id, step, at, actor, actor_id, what, details)
overriding system value
select 4 * m.id + line, m.id, line, created_at + line * interval '90 minutes',
       case when line = 0 or because is not null then 'amocrm' else 'person' end,
       case when line = 0 or because is not null then null when line = 1 then 1 + m.id % 2 else measurer end,
       what,
       jsonb_build_object('what', what) || case what
           when 'assigned' then jsonb_build_object('to', measurer)
           when 'returned' then jsonb_build_object('from', measurer)
           when 'cancelled' then jsonb_build_object('because', because)
           else '{}' end
from made m
cross join lateral (values
    (0, 'opened', true),
    (1, 'assigned', has_measurer or was_returned),
    (2, case when was_returned then 'returned' else 'started' end,
        was_returned or status in ('in_progress', 'completed')),
    (3, status, status in ('completed', 'cancelled'))) as lines (line, what, is_there)
cross join lateral (select case when what = 'cancelled' and chance % 3 = 0 then 'closed' end as because) as why
where is_there;

-- Each admin has a card of each, and so has its measurer. A few of the newest wait to be drawn anew.
insert into cards (id, chat_id, user_id, measurement_id, message_id, wanted_version, shown_version, next_attempt_at,
                   created_at, drawn_at)
overriding system value
select 3 * m.id + place, 1000 + person, person, m.id, 8 * m.id + 2 * place, 4,
       case when m.id > n - 20 and place = 0 then 3 else 4 end, created_at + interval '5 hours', created_at,
       created_at + interval '5 hours'
from made m cross join size
cross join lateral (values (0, 1, true), (1, 2, true), (2, measurer, has_measurer)) as c (place, person, is_there)
where is_there;

-- The newest wait for their turn, the others are sent. Texts are kept for ninety days.
insert into outbox (id, chat_id, user_id, lane, kind, measurement_id, history_id, created_at, next_attempt_at, state,
                    finished_at)
overriding system value
select 4 * m.id + place, 1000 + person, person, case when place = 2 then 'urgent' else 'notice' end, kind, m.id,
       4 * m.id + line, created_at, created_at,
       case when m.id > n - 20 and place < 2 then 'pending' else 'sent' end,
       case when m.id > n - 20 and place < 2 then null else created_at + interval '1 minute' end
from made m cross join size
cross join lateral (values
    (0, 1, 'new_measurement', 0, true),
    (1, 2, 'new_measurement', 0, true),
    (2, measurer, 'assigned_to_you', 1, has_measurer),
    (3, responsible - 7001 + 33, 'status_changed', 3, status in ('completed', 'cancelled')))
    as o (place, person, kind, line, is_there)
where is_there;
insert into outbox_attempts (id, outbox_id, at, text, message_id, outcome)
overriding system value
select id, id, finished_at,
       case when finished_at > now - interval '90 days' then 'Замер № ' || measurement_id || repeat(' текст', 40) end,
       2 * id % 2000000000, 'delivered'
from outbox cross join size where state = 'sent';

-- Four presses of each. A few of the newest are not handled yet, some in one chat.
insert into telegram_updates (bot_id, update_id, chat_id, body, received_at, next_attempt_at, handled_at)
select 42, 4 * id + press,
       case when id = n and press = 0 then 1001 when id > n - 10 and press = 0 then 1033 + n - id else 1000 + measurer end,
       case when created_at > now - interval '48 hours' then convert_to(repeat('{"update": 1}', 40), 'utf8') end,
       created_at, created_at, case when id > n - 10 and press = 0 or id = n then null else created_at end
from made cross join size cross join generate_series(0, 3) as press;

insert into lead_nudges (lead_id, entries, payload, payload_at, first_at, next_attempt_at)
select lead_id, '[]', jsonb_build_object('name', 'Окна'), now, now, now + (id % 2) * interval '1 hour'
from made cross join size where id > n - 100 and previous_id is null;

select setval(pg_get_serial_sequence(name, 'id'), 10 * n + 1000)
from size, unnest(array['users', 'zones', 'measurements', 'measurement_history', 'cards', 'outbox', 'outbox_attempts']) as name;
drop table made;
