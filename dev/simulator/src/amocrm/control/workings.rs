//! Subscriptions, hooks, faults and counters.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Refusal;
use crate::amocrm::{
    CallCounts, Fault, Hook, HookBehaviour, HookId, Persistence, Release, Simulator, Webhook,
};

#[derive(Deserialize)]
pub struct Address {
    destination: String,
}

pub async fn directory(State(simulator): State<Simulator>) -> Json<Value> {
    let directory = simulator.directory();
    let fields = directory.lead_fields.iter().map(|field| {
        let options: Vec<_> = field.choices.iter().map(|choice| &choice.value).collect();
        json!({ "id": field.id, "name": field.name, "type": field.kind, "options": options })
    });
    let fields: Vec<_> = fields.collect();
    Json(json!({ "users": directory.users, "pipelines": directory.pipelines, "fields": fields }))
}

pub async fn webhooks(State(simulator): State<Simulator>) -> Json<Vec<Webhook>> {
    Json(simulator.webhooks())
}

pub async fn subscribe(State(simulator): State<Simulator>, Json(address): Json<Address>) -> StatusCode {
    simulator.subscribe(&address.destination);
    StatusCode::CREATED
}

pub async fn unsubscribe(State(simulator): State<Simulator>, Json(address): Json<Address>) -> StatusCode {
    simulator.unsubscribe(&address.destination);
    StatusCode::NO_CONTENT
}

pub async fn hooks(State(simulator): State<Simulator>) -> Json<Vec<Hook>> {
    Json(simulator.hooks_sent())
}

pub async fn redeliver(
    State(simulator): State<Simulator>,
    Path(id): Path<HookId>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!({ "id": simulator.redeliver(id)? })))
}

pub async fn behaviour(State(simulator): State<Simulator>) -> Json<HookBehaviour> {
    Json(simulator.hook_behaviour())
}

pub async fn set_behaviour(
    State(simulator): State<Simulator>,
    Json(behaviour): Json<HookBehaviour>,
) -> Json<HookBehaviour> {
    simulator.set_hook_behaviour(behaviour);
    Json(behaviour)
}

pub async fn persistence(State(simulator): State<Simulator>) -> Json<Persistence> {
    Json(simulator.hook_persistence())
}

pub async fn set_persistence(
    State(simulator): State<Simulator>,
    Json(persistence): Json<Persistence>,
) -> Json<Persistence> {
    simulator.set_hook_persistence(persistence);
    Json(persistence)
}

pub async fn release(State(simulator): State<Simulator>, Json(release): Json<Release>) -> Json<Value> {
    Json(json!({ "sent": simulator.release_hooks(&release) }))
}

pub async fn inject(
    State(simulator): State<Simulator>,
    Json(fault): Json<Fault>,
) -> Result<StatusCode, Refusal> {
    simulator.inject(fault)?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn heal(State(simulator): State<Simulator>) -> StatusCode {
    simulator.heal();
    StatusCode::NO_CONTENT
}

pub async fn calls(State(simulator): State<Simulator>) -> Json<CallCounts> {
    Json(simulator.call_counts())
}
