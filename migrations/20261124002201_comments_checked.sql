-- In a transaction of its own: the lock that adds a check would be held while all rows are read.
alter table measurement_history validate constraint measurement_history_what_check;
