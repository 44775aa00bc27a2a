-- /all of a period: which number was the first one in it.
create index measurements_by_creation on measurements (created_at);
