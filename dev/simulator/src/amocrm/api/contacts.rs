//! `GET /contacts` and `GET /contacts/{id}`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::answers::{hal, nothing};
use super::pages::{List, Total};
use super::{PREFIX, Params, View, url};
use crate::amocrm::model::ContactId;
use crate::amocrm::shared::Shared;

const MAX_LIMIT: usize = 250;

pub async fn list(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    let world = shared.world();
    let filtered = !shared.faults().filters_ignored;
    let ids = params.numbers("filter[id]").filter(|_| filtered);
    let mut contacts: Vec<_> = world.contacts.values().collect();
    contacts.retain(|contact| {
        ids.as_ref().is_none_or(|ids| ids.contains(&contact.id))
            && (!filtered || params.range("filter[updated_at]").contains(&contact.updated_at))
    });
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params: &params };
    let list =
        List { url: url(&shared, "contacts"), name: "contacts", max_limit: MAX_LIMIT, total: Total::Untold };
    list.page(&params, &contacts, |contact| view.contact(contact))
}

pub async fn one(State(shared): State<Arc<Shared>>, Path(id): Path<ContactId>, params: Params) -> Response {
    let world = shared.world();
    let Some(contact) = world.contacts.get(&id) else { return nothing() };
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params: &params };
    hal(StatusCode::OK, &view.contact(contact))
}
