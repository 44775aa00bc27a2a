-- Finding a measurement by what somebody remembers of it: part of a name or an address, the end of a phone, an order's
-- number.

create extension if not exists pg_trgm;

-- What is compared: lower case, «ё» as «е», and one space for all that is no letter and no digit. Listed character by
-- character and not by class, so that it is the same in every locale and in the program (`domain/find`).
create function folded(text text) returns text language sql immutable parallel safe as $$
    select regexp_replace(
        translate(lower(text), 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁё', 'абвгдежзийклмнопрстуфхцчшщъыьэюяее'),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u2116\u3000]+', ' ', 'g')
$$;

-- All that a measurement is found by, with a space around each word. An order's number stands there in one piece, too,
-- and a phone by its digits alone.
create function words_of(lead_name text, address text, client_name text, order_number text, phones jsonb)
returns text language sql immutable parallel safe as $$
    select ' ' || concat_ws(' ',
        folded(left(lead_name, 500)), folded(left(address, 1000)), folded(left(client_name, 500)),
        folded(left(order_number, 200)), replace(folded(left(order_number, 200)), ' ', ''),
        (select string_agg(regexp_replace(left(coalesce(phone ->> 'e164', phone ->> 'raw'), 100), '[^0-9]+', '', 'g'), ' ')
         from jsonb_array_elements(phones) as phone)) || ' '
$$;

-- A table of its own, because a step of a measurement writes its row anew, and with it all that an index on it holds.
create table measurement_words (
    measurement_id bigint primary key references measurements,
    words          text not null,
    -- Who sees it although he does not see all: 'm' with the measurer, 'r' with the responsible employee.
    whose          text[] not null
);

-- By a trigger, because replicas of the version before go on opening and changing measurements.
create function keep_words() returns trigger language plpgsql as $$
begin
    insert into measurement_words (measurement_id, words, whose)
    values (new.id,
            words_of(new.lead_name, new.address, new.client_name, new.order_number, new.phones),
            array_remove(array['m' || new.measurer_id, 'r' || new.responsible_amo_user_id], null))
    on conflict (measurement_id) do update set words = excluded.words, whose = excluded.whose;
    return null;
end
$$;

create trigger measurements_are_found after insert on measurements for each row execute function keep_words();
create trigger measurements_are_found_as_they_are
    after update of lead_name, address, client_name, order_number, phones, measurer_id, responsible_amo_user_id
    on measurements for each row
    when ((old.lead_name, old.address, old.client_name, old.order_number, old.phones, old.measurer_id,
           old.responsible_amo_user_id)
          is distinct from
          (new.lead_name, new.address, new.client_name, new.order_number, new.phones, new.measurer_id,
           new.responsible_amo_user_id))
    execute function keep_words();

insert into measurement_words (measurement_id, words, whose)
select id, words_of(lead_name, address, client_name, order_number, phones),
       array_remove(array['m' || measurer_id, 'r' || responsible_amo_user_id], null)
from measurements;

create index measurement_words_found on measurement_words using gin (words gin_trgm_ops, whose);

-- What was looked for last in a chat, because words do not fit into the button of the next page.
create table searches (
    chat_id bigint primary key references chats,
    -- New with every search, so that an older one's buttons are known.
    number  bigint generated always as identity,
    -- Somebody's name or phone: erased after two days.
    words   text not null,
    at      timestamptz not null
);
