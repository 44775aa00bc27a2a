//! What the journal says of each deal. Pure.

use std::collections::BTreeMap;

use shared::ids::{LeadId, Stage};

use crate::amocrm::model::Event;

/// One deal's lines, put together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Story {
    /// Stages the deal came into, each with AmoCRM's time.
    pub entries: Vec<(Stage, i64)>,
    /// It was added then, and never left its first stage since, which the journal does not name.
    pub added_at: Option<i64>,
    /// Whether it was deleted or restored at last, and when.
    pub is_deleted: Option<(bool, i64)>,
}

/// Lines of one second keep the order in which the journal numbered them.
pub fn of(mut events: Vec<Event>) -> BTreeMap<LeadId, Story> {
    events.sort_by(|one, other| (one.created_at, &one.id).cmp(&(other.created_at, &other.id)));
    let mut stories: BTreeMap<LeadId, Story> = BTreeMap::new();
    for event in &events {
        stories.entry(event.entity_id).or_default().add(event);
    }
    stories
}

impl Story {
    fn add(&mut self, event: &Event) {
        let at = event.created_at;
        match event.kind.as_str() {
            "lead_added" => match event.stage_after() {
                Some(stage) => self.entries.push((stage, at)),
                None => self.added_at = Some(at),
            },
            "lead_status_changed" => {
                let (before, after) = (event.stage_before(), event.stage_after());
                if let (Some(added_at), Some(first)) = (self.added_at.take(), before) {
                    self.entries.push((first, added_at));
                }
                self.entries.extend(after.filter(|_| before != after).map(|stage| (stage, at)));
            }
            "lead_deleted" => self.is_deleted = Some((true, at)),
            "lead_restored" => self.is_deleted = Some((false, at)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::ids::{PipelineId, StatusId};

    use super::*;

    fn stage(status: i64) -> Stage {
        Stage { pipeline_id: PipelineId(1), status_id: StatusId(status) }
    }

    fn value(status: i64) -> Value {
        json!([{ "lead_status": { "id": status, "pipeline_id": 1 } }])
    }

    fn event(id: &str, kind: &str, at: i64, before: Value, after: Value) -> Event {
        let (id, kind) = (id.to_owned(), kind.to_owned());
        Event { id, kind, entity_id: LeadId(7), created_at: at, value_before: before, value_after: after }
    }

    fn told(events: Vec<Event>) -> Story {
        of(events).remove(&LeadId(7)).unwrap()
    }

    #[test]
    fn a_deal_was_added_where_it_first_left_from() {
        let added = || event("1", "lead_added", 5, json!([]), json!([]));
        let moved = event("2", "lead_status_changed", 5, value(20), value(30));
        let story = told(vec![moved, added()]);
        assert_eq!(story.entries, [(stage(20), 5), (stage(30), 5)]);
        assert_eq!(story.added_at, None);
        assert_eq!(told(vec![added()]).added_at, Some(5));
        let explicit = event("1", "lead_added", 5, json!(null), value(20));
        assert_eq!(told(vec![explicit]).entries, [(stage(20), 5)]);
    }

    #[test]
    fn the_last_of_deletions_and_restorations_counts() {
        let line = |id, kind, at| event(id, kind, at, json!([]), json!([]));
        let story = told(vec![line("3", "lead_restored", 9), line("2", "lead_deleted", 9)]);
        assert_eq!(story.is_deleted, Some((false, 9)));
    }

    #[test]
    fn what_makes_no_sense_is_no_entry() {
        let odd = event("1", "lead_status_changed", 5, json!("x"), json!([{ "lead_status": { "id": "y" } }]));
        let same = event("2", "lead_status_changed", 6, value(20), value(20));
        assert_eq!(told(vec![odd, same]), Story::default());
    }
}
