-- Deals that stood in a trigger stage before the first look at it. They open nothing by themselves; an admin is asked
-- about them, and his answer, or another admin's, takes them away. A table of their own and no column of `leads`:
-- a press never locks a deal.

create table recorded_deals (
    lead_id     bigint primary key,
    -- AmoCRM's time of the deal's last change when it was recorded.
    updated_at  timestamptz not null,
    -- Which recording: the buttons under its message name it.
    recorded_at timestamptz not null
);

create index recorded_deals_by_recording on recorded_deals (recorded_at);
