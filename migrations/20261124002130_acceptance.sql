-- A measurer says that he goes. Of whom has not, the office hears once for each assignment.
alter table measurements
    add column accepted_at        timestamptz,
    add column unaccepted_told_at timestamptz;

-- What was given away before nobody could accept.
update measurements set unaccepted_told_at = assigned_at where status = 'assigned';

-- Looked at by the next migration, so that the table is not locked while all rows are read.
alter table measurements add constraint measurements_accepted_by_somebody
    check (accepted_at is null or measurer_id is not null) not valid;

create index measurements_unaccepted on measurements (assigned_at, id)
    where status = 'assigned' and accepted_at is null and unaccepted_told_at is null;
