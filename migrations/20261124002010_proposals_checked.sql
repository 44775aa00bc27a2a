-- In a transaction of its own: the lock that adds a check would be held while all rows are read.
alter table measurements validate constraint measurements_status_matches_columns;
