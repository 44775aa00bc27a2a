-- AmoCRM's answers may lag behind its hooks. An answer older than the newest hook is no news, so the hook's own
-- time is kept. `payload_at` is not that time: for hooks without one it is the second they were received in.

alter table lead_nudges add column changed_at timestamptz;
