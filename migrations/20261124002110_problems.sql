-- What keeps a measurer from measuring: a mark beside the status, which goes with anything that answers it.
alter table measurements
    add column problem_reason text,
    -- In his own words, where he gave some.
    add column problem_text   text,
    add column problem_at     timestamptz;

-- Looked at by the next migration, so that the table is not locked while all rows are read.
alter table measurements add constraint measurements_problem_beside_work check (
    case
        when problem_reason is null then problem_text is null and problem_at is null
        else problem_reason in ('client_absent', 'not_ready', 'wrong_address', 'other')
             and problem_at is not null and status in ('assigned', 'in_progress')
    end
) not valid;
