-- A measurer says that he cannot go. Who declined a measurement is asked of its history.
alter table measurement_history drop constraint measurement_history_what_check;
alter table measurement_history add constraint measurement_history_what_check check (what in (
    'opened', 'assigned', 'reassigned', 'started', 'completed', 'cancelled', 'restored', 'returned', 'declined',
    'facts_changed', 'responsible_changed'
));
