//! The account, its users, pipelines and custom fields.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::answers::{hal, nothing};
use super::pages::{List, Total};
use super::{PREFIX, Params, View, url};
use crate::amocrm::model::{Field, UserId};
use crate::amocrm::shared::Shared;

const MAX_USERS: usize = 250;
const MAX_FIELDS: usize = 50;

pub async fn account(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    let world = shared.world();
    let account = &world.directory.account;
    let mut body = json!({
        "id": account.id, "name": account.name, "subdomain": account.subdomain,
        "created_at": 1_575_539_157, "created_by": 0, "updated_at": 1_575_539_157, "updated_by": 0,
        "current_user_id": account.current_user, "country": "RU", "currency": "RUB",
        "currency_symbol": "₽", "customers_mode": "disabled", "is_unsorted_on": true,
        "is_loss_reason_enabled": true, "is_helpbot_enabled": false, "is_technical_account": false,
        "mobile_feature_version": 0, "contact_name_display_order": 1,
        "_links": { "self": { "href": url(&shared, "account") } }, "_embedded": {},
    });
    if params.with("is_api_filter_enabled") {
        body["is_api_filter_enabled"] = json!(!shared.faults().filters_ignored);
    }
    if params.with("datetime_settings") {
        body["_embedded"]["datetime_settings"] = json!({
            "date_pattern": "d.m.Y H:i", "short_date_pattern": "d.m.Y", "short_time_pattern": "H:i",
            "date_format": "DD.MM.YYYY", "time_format": "HH:mm:ss",
            "timezone": account.timezone, "timezone_offset": account.utc_offset.to_string(),
        });
    }
    if params.with("users_groups") {
        body["_embedded"]["users_groups"] = json!([{ "id": 0, "name": "Отдел продаж", "uuid": null }]);
    }
    hal(StatusCode::OK, &body)
}

pub async fn users(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    let world = shared.world();
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params: &params };
    let list = List { url: url(&shared, "users"), name: "users", max_limit: MAX_USERS, total: Total::Shown };
    list.page(&params, &world.directory.users, |user| view.user(user))
}

pub async fn user(State(shared): State<Arc<Shared>>, Path(id): Path<UserId>, params: Params) -> Response {
    let world = shared.world();
    let Some(user) = world.directory.user(id) else { return nothing() };
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params: &params };
    hal(StatusCode::OK, &view.user(user))
}

/// All at once: pipelines have no pages.
pub async fn pipelines(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    let world = shared.world();
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params: &params };
    let pipelines: Vec<_> =
        world.directory.pipelines.iter().enumerate().map(|one| view.pipeline(one)).collect();
    if pipelines.is_empty() {
        return nothing();
    }
    let body = json!({
        "_total_items": pipelines.len(), "_links": view.link("leads/pipelines"),
        "_embedded": { "pipelines": pipelines },
    });
    hal(StatusCode::OK, &body)
}

pub async fn lead_fields(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    let fields = shared.world().directory.lead_fields.clone();
    fields_page(&shared, &params, "leads/custom_fields", &fields)
}

pub async fn contact_fields(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    let fields = shared.world().directory.contact_fields.clone();
    fields_page(&shared, &params, "contacts/custom_fields", &fields)
}

fn fields_page(shared: &Shared, params: &Params, path: &str, fields: &[Field]) -> Response {
    let world = shared.world();
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params };
    let list =
        List { url: url(shared, path), name: "custom_fields", max_limit: MAX_FIELDS, total: Total::Shown };
    let numbered: Vec<_> = fields.iter().enumerate().collect();
    let entity = path.split('/').next().unwrap_or_default();
    list.page(params, &numbered, |one| view.field(entity, *one))
}
