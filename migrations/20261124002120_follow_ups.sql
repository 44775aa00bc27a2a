-- People may ask for more visits of a deal: one that is open after each.
create unique index measurements_one_open_follow_up on measurements (previous_id)
    where origin = 'person' and status in ('pending', 'assigned', 'in_progress');

-- All that is open of a deal, and of one deal after the other for the comparison with AmoCRM.
create index measurements_open_by_lead on measurements (lead_id, id)
    where status in ('pending', 'assigned', 'in_progress');
