//! The account by `curl`: everything a [`Simulator`] can do, as JSON over HTTP. `GET /control` lists it.

mod deals;
mod workings;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use serde_json::json;

use super::Simulator;

const HELP: &str = r#"AmoCRM simulator. Bodies are JSON; stages, users and fields go by name or id.

GET    /control/deals
GET    /control/deals/ID
POST   /control/deals                 {"name":"Окна","stage":"Замер","responsible":"Олег Петров",
                                       "contact":{"name":"Иван","phones":["+79160000000"]},
                                       "fields":{"Адрес":"Ленина, 5"}}
PATCH  /control/deals/ID              {"name":"…","price":1,"stage":"…","responsible":"…","fields":{"Адрес":""}}
POST   /control/deals/ID/move         {"stage":"Замер"}
DELETE /control/deals/ID
POST   /control/deals/ID/restore
PATCH  /control/deals/ID/client       {"phones":["+79160000001"],"name":"…"}
PATCH  /control/contacts/ID           the same
GET    /control/directory             users, stages and fields

GET    /control/webhooks
POST   /control/webhooks              {"destination":"http://…"}
DELETE /control/webhooks              {"destination":"http://…"}
GET    /control/hooks                 every hook sent, with its answer
POST   /control/hooks/ID/redeliver
GET    /control/hooks/behaviour
PUT    /control/hooks/behaviour       {"copies":3,"sending":"at_once|held|lost" or {"late":{"millis":900}},
                                      "grouping":"one_each|per_change",
                                       "kind":"crm|digital_pipeline|both","layout":"account_first|account_last",
                                       "text":"exact|html_escaped","modifier":"named|zero"}
PUT    /control/hooks/persistence     {"speed":60,"gives_up":false}: how much faster AmoCRM comes again
                                      than it does, and whether bad answers switch an address off
POST   /control/hooks/release         "in_order", "reversed", {"places":[1,0]} or "one_body"

POST   /control/faults                {"fault":"down","status":503}, {"fault":"latency","millis":500},
                                      {"fault":"next","count":3,"answer":{"kind":"html","status":502}},
                                      (kinds: json, html, empty, lost, broken_json, hang with "millis")
                                      {"fault":"forbidden","path":"/api/v4/users"}, {"fault":"blocked"},
                                      {"fault":"broken_lead","lead":ID}, {"fault":"stale_lead","lead":ID},
                                      {"fault":"hidden_lead","lead":ID},
                                      {"fault":"filters_ignored"}, {"fault":"stays_disabled"}
DELETE /control/faults                ends every fault and the block
GET    /control/calls                 how often the API was called
"#;

pub fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/", get(HELP))
        .route("/deals", get(deals::list).post(deals::create))
        .route("/deals/{id}", get(deals::one).patch(deals::edit).delete(deals::delete))
        .route("/deals/{id}/move", post(deals::shift))
        .route("/deals/{id}/restore", post(deals::restore))
        .route("/deals/{id}/client", patch(deals::edit_client))
        .route("/contacts/{id}", patch(deals::edit_contact))
        .route("/directory", get(workings::directory))
        .route("/webhooks", get(workings::webhooks).post(workings::subscribe).delete(workings::unsubscribe))
        .route("/hooks", get(workings::hooks))
        .route("/hooks/{id}/redeliver", post(workings::redeliver))
        .route("/hooks/behaviour", get(workings::behaviour).put(workings::set_behaviour))
        .route("/hooks/persistence", get(workings::persistence).put(workings::set_persistence))
        .route("/hooks/release", post(workings::release))
        .route("/faults", post(workings::inject).delete(workings::heal))
        .route("/calls", get(workings::calls))
        .with_state(simulator)
}

/// What was asked cannot be done: 400 with the reason.
pub struct Refusal(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "error": format!("{:#}", self.0) });
        (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
    }
}
