-- How long a deal has been failing in the same way says when to stop asking. The number of tries does not: every
-- new hook makes one at once, and a burst of hooks used up the patience of minutes within a second.

alter table lead_nudges drop column attempts;
alter table lead_nudges add column failing_since timestamptz;

-- The restoration is kept beside the deletion: whichever of the two arrives last, the later one counts. And only a
-- restoration brings a deleted deal back; any other hook of it may be an old one on its way.

alter table lead_nudges add column restored_at timestamptz;
