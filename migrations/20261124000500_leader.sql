-- One replica leads. The row's lock is the fence: who commits as leader holds the epoch he took.

create table leases (
    name       text primary key,
    holder     uuid,
    epoch      bigint not null default 0,
    expires_at timestamptz not null default '-infinity'
);

insert into leases (name) values ('leader');

-- Single values of the system: pauses that a new leader must respect, marks of what was told already.
create table settings (
    name       text primary key,
    value      jsonb not null,
    changed_at timestamptz not null
);
