insert into measurements
    (lead_id, origin, status, step, measurer_id, lead_name, created_at, waiting_since, assigned_at, assigned_by, undoable)
values
    (515, 'amocrm', 'assigned', 1, 2, 'Гараж', '2026-12-01 07:00+00', '2026-12-01 07:00+00', '2026-12-01 07:10+00', 1,
     '{"step": 1, "by": 1, "at": "2026-12-01T07:10:00Z", "what": {"what": "assigned", "to": 2}, "status": "pending",
       "problem": null}');
insert into measurement_history (measurement_id, step, at, actor, actor_id, what, details) values
    (1, 16, '2026-12-01 09:20+00', 'person', 1, 'undone',
     '{"what": "undone", "of": {"what": "completed"}, "from": 2, "to": 2, "status": "in_progress"}');
