//! `GET /events`: the journal, newest first.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::pages::{List, Total};
use super::{PREFIX, Params, View, url};
use crate::amocrm::shared::Shared;

const MAX_LIMIT: usize = 100;

pub async fn list(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    let world = shared.world();
    let filtered = !shared.faults().filters_ignored;
    let words = |key| params.words(key).filter(|_| filtered);
    let numbers = |key| params.numbers(key).filter(|_| filtered);
    let (kinds, entities) = (words("filter[type]"), words("filter[entity]"));
    let (ids, authors) = (numbers("filter[entity_id]"), numbers("filter[created_by]"));
    let at = params.range("filter[created_at]");

    let mut events: Vec<_> = world.journal.iter().rev().collect();
    events.retain(|event| {
        kinds.as_ref().is_none_or(|kinds| kinds.contains(&event.kind))
            && entities.as_ref().is_none_or(|names| names.iter().any(|name| name == event.entity))
            && ids.as_ref().is_none_or(|ids| ids.contains(&event.entity_id))
            && authors.as_ref().is_none_or(|authors| authors.contains(&event.stamp.by))
            && (!filtered || at.contains(&event.stamp.at))
    });
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params: &params };
    let list =
        List { url: url(&shared, "events"), name: "events", max_limit: MAX_LIMIT, total: Total::Untold };
    list.page(&params, &events, |event| view.event(event))
}
