//! Long lists read page by page. A page is found by the time of the last element and not by its number: a list
//! that changes while it is read shifts, and numbers would skip what shifts.

use std::collections::HashMap;

use shared::ids::Stage;

use super::super::gateway::{CallError, Gateway};
use crate::amocrm::client::{EventsOf, LeadsOf, Portion};
use crate::amocrm::model::{Event, ListedLead};

/// A list longer than this is not ours to read in one go.
const MOST_PAGES: usize = 1_000;

/// The journal since a moment, each line once, in no order.
pub async fn events(gateway: &Gateway, from: i64) -> Result<Vec<Event>, CallError> {
    let mut events = HashMap::new();
    let mut next = Some(EventsOf { from, to: None, page: 1 });
    for _ in 0..MOST_PAGES {
        let Some(of) = next else { return Ok(events.into_values().collect()) };
        let portion = gateway.events(of).await?;
        next = after_events(of, &portion);
        let asked = portion.elements.into_iter().filter(|event| event.created_at >= from);
        events.extend(asked.map(|event| (event.id.clone(), event)));
    }
    tracing::warn!(pages = MOST_PAGES, "AmoCRM's journal does not end; its older part is left out");
    Ok(events.into_values().collect())
}

/// Newest first, as AmoCRM lists them; should it ever turn the order round, pages are found by number.
fn after_events(of: EventsOf, portion: &Portion<Event>) -> Option<EventsOf> {
    let by_number = EventsOf { page: of.page + 1, ..of };
    let times = || portion.elements.iter().map(|event| event.created_at);
    let (Some(first), Some(last)) = (times().next(), times().next_back()) else {
        return portion.has_more.then_some(by_number);
    };
    let is_newest_first = first >= last;
    // Filters can be off in an account: then everything comes back, and what is older ends it.
    let is_past = is_newest_first && last < of.from;
    if !portion.has_more || is_past {
        return None;
    }
    let is_filtered = of.to.is_none_or(|to| first <= to);
    let is_further = of.to.is_none_or(|to| last < to);
    let by_time = EventsOf { to: Some(last), page: 1, ..of };
    Some(if is_newest_first && is_filtered && is_further { by_time } else { by_number })
}

/// Deals in the order of their changes.
pub struct Walk<'a> {
    next: Option<LeadsOf<'a>>,
    /// AmoCRM listed what was not asked for: the rest is of no use.
    pub is_astray: bool,
    pages: usize,
}

impl<'a> Walk<'a> {
    pub fn of(from: i64, stages: &'a [Stage]) -> Self {
        Self { next: Some(LeadsOf { from, stages, page: 1 }), is_astray: false, pages: 0 }
    }

    /// The next deals. Some may be listed once more.
    pub async fn next(&mut self, gateway: &Gateway) -> Result<Option<Vec<ListedLead>>, CallError> {
        let Some(of) = self.next.take() else { return Ok(None) };
        let portion = gateway.changed_leads(of).await?;
        self.pages += 1;
        let is_asked = |lead: &ListedLead| lead.updated_at >= of.from && is_in(lead.stage(), of.stages);
        self.is_astray = !portion.elements.iter().all(is_asked);
        if self.is_astray || self.pages == MOST_PAGES {
            tracing::warn!(
                pages = self.pages,
                astray = self.is_astray,
                "AmoCRM's list of deals is left unread"
            );
        } else {
            self.next = after_leads(of, &portion);
        }
        Ok(Some(portion.elements.into_iter().filter(is_asked).collect()))
    }
}

fn is_in(stage: Stage, stages: &[Stage]) -> bool {
    stages.is_empty() || stages.contains(&stage)
}

fn after_leads<'a>(of: LeadsOf<'a>, portion: &Portion<ListedLead>) -> Option<LeadsOf<'a>> {
    let newest = portion.elements.iter().map(|lead| lead.updated_at).max();
    portion.has_more.then(|| match newest {
        Some(newest) if newest > of.from => LeadsOf { from: newest, page: 1, ..of },
        // A whole page within one second, or none of it readable.
        _ => LeadsOf { page: of.page + 1, ..of },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn journal(times: &[i64]) -> Portion<Event> {
        let event = |at: &i64| {
            let event: Value = json!({ "id": at.to_string(), "type": "x", "entity_id": 1, "created_at": at });
            serde_json::from_value(event).unwrap()
        };
        Portion { elements: times.iter().map(event).collect(), has_more: true }
    }

    fn next(of: EventsOf, times: &[i64]) -> Option<(Option<i64>, u32)> {
        after_events(of, &journal(times)).map(|of| (of.to, of.page))
    }

    #[test]
    fn the_journal_is_read_back_to_where_it_was_read_before() {
        let first = EventsOf { from: 10, to: None, page: 1 };
        assert_eq!(next(first, &[30, 20]), Some((Some(20), 1)));
        let second = EventsOf { to: Some(20), ..first };
        assert_eq!(next(second, &[20, 15]), Some((Some(15), 1)));
        assert_eq!(next(second, &[20, 20]), Some((Some(20), 2)), "a whole page within one second");
        assert_eq!(next(EventsOf { page: 2, ..second }, &[20, 15]), Some((Some(15), 1)));
        assert_eq!(next(second, &[]), Some((Some(20), 2)), "a page that cannot be read");
        assert_eq!(next(first, &[30, 9]), None, "the filter is off");
        assert_eq!(next(second, &[30, 15]), Some((Some(20), 2)), "the filter is off");
        assert_eq!(next(first, &[10, 30]), Some((None, 2)), "the other order");
        assert_eq!(after_events(first, &Portion { has_more: false, ..journal(&[30]) }), None);
    }

    #[test]
    fn deals_are_read_on_from_the_last_change() {
        let portion = |times: &[i64]| {
            let lead = |at: &i64| ListedLead {
                id: shared::ids::LeadId(*at),
                status_id: shared::ids::StatusId(1),
                pipeline_id: shared::ids::PipelineId(1),
                responsible_user_id: None,
                updated_at: *at,
            };
            Portion { elements: times.iter().map(lead).collect(), has_more: true }
        };
        let first = LeadsOf { from: 10, stages: &[], page: 1 };
        let next = |of, times: &[i64]| after_leads(of, &portion(times)).map(|of| (of.from, of.page));
        assert_eq!(next(first, &[10, 20]), Some((20, 1)));
        assert_eq!(next(first, &[10, 10]), Some((10, 2)));
        assert_eq!(next(LeadsOf { page: 2, ..first }, &[10, 11]), Some((11, 1)));
        assert_eq!(next(first, &[]), Some((10, 2)));
    }
}
