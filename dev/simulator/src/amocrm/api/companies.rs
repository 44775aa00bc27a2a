//! `GET /companies` and `GET /companies/{id}`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::answers::{hal, nothing};
use super::pages::{List, Total};
use super::{PREFIX, Params, View, url};
use crate::amocrm::model::CompanyId;
use crate::amocrm::shared::Shared;

const MAX_LIMIT: usize = 250;

pub async fn list(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    let world = shared.world();
    let filtered = !shared.faults().filters_ignored;
    let ids = params.numbers("filter[id]").filter(|_| filtered);
    let mut companies: Vec<_> = world.companies.values().collect();
    companies.retain(|company| {
        ids.as_ref().is_none_or(|ids| ids.contains(&company.id))
            && (!filtered || params.range("filter[updated_at]").contains(&company.updated_at))
    });
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params: &params };
    let list = List {
        url: url(&shared, "companies"),
        name: "companies",
        max_limit: MAX_LIMIT,
        total: Total::Untold,
    };
    list.page(&params, &companies, |company| view.company(company))
}

pub async fn one(State(shared): State<Arc<Shared>>, Path(id): Path<CompanyId>, params: Params) -> Response {
    let world = shared.world();
    let Some(company) = world.companies.get(&id) else { return nothing() };
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params: &params };
    hal(StatusCode::OK, &view.company(company))
}
