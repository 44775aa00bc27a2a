-- /all of a zone. Which zones a measurement lies in is told by the program, which knows how names are compared
-- (domain/proposal/place.rs); the leader writes it down here.

create table measurement_zones (
    -- No reference: a zone that is gone or merged leaves its rows behind until the leader has looked at them again.
    zone_id        bigint not null,
    measurement_id bigint not null references measurements,
    -- Those of the measurement: lists are read status by status, from an index alone.
    status         text not null,
    measurer_id    bigint,
    primary key (zone_id, status, measurement_id)
);

create index measurement_zones_by_measurement on measurement_zones (measurement_id);
create index measurement_zones_by_measurer on measurement_zones (zone_id, measurer_id, status, measurement_id)
    where measurer_id is not null;

-- Measurements whose place is new or has changed. Those that were here before are found by the leader's walk.
create table zones_due (
    measurement_id bigint primary key references measurements
);

-- By triggers, because replicas of the version before go on opening and changing measurements.
create function place_is_new() returns trigger language plpgsql as $$
begin
    insert into zones_due (measurement_id) values (new.id) on conflict do nothing;
    return null;
end
$$;

create trigger measurements_are_placed after insert on measurements for each row execute function place_is_new();
create trigger measurements_are_placed_anew after update of zone, address on measurements for each row
    when ((old.zone, old.address) is distinct from (new.zone, new.address))
    execute function place_is_new();

create function keep_zones() returns trigger language plpgsql as $$
begin
    update measurement_zones set status = new.status, measurer_id = new.measurer_id where measurement_id = new.id;
    return null;
end
$$;

create trigger measurements_stay_in_their_zones after update of status, measurer_id on measurements for each row
    when ((old.status, old.measurer_id) is distinct from (new.status, new.measurer_id))
    execute function keep_zones();
