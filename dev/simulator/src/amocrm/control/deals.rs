//! Deals and their clients.

use anyhow::Context as _;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Refusal;
use crate::amocrm::world::StageRef;
use crate::amocrm::{ContactEdit, ContactId, Deal, DealEdit, Lead, LeadId, Simulator};

#[derive(Deserialize)]
pub struct Move {
    stage: StageRef,
}

pub async fn list(State(simulator): State<Simulator>) -> Json<Vec<Value>> {
    Json(simulator.deals().iter().map(|lead| shown(&simulator, lead)).collect())
}

pub async fn one(State(simulator): State<Simulator>, Path(id): Path<LeadId>) -> Result<Json<Value>, Refusal> {
    let lead = simulator.deal(id).with_context(|| format!("there is no lead {id}"))?;
    Ok(Json(shown(&simulator, &lead)))
}

pub async fn create(
    State(simulator): State<Simulator>,
    Json(deal): Json<Deal>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let id = simulator.create_deal(deal)?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}

pub async fn edit(
    State(simulator): State<Simulator>,
    Path(id): Path<LeadId>,
    Json(edit): Json<DealEdit>,
) -> Result<Json<Value>, Refusal> {
    simulator.edit_deal(id, edit)?;
    Ok(Json(json!({ "id": id })))
}

pub async fn shift(
    State(simulator): State<Simulator>,
    Path(id): Path<LeadId>,
    Json(wanted): Json<Move>,
) -> Result<Json<Value>, Refusal> {
    simulator.move_deal(id, wanted.stage)?;
    Ok(Json(json!({ "id": id })))
}

pub async fn delete(
    State(simulator): State<Simulator>,
    Path(id): Path<LeadId>,
) -> Result<Json<Value>, Refusal> {
    simulator.delete_deal(id)?;
    Ok(Json(json!({ "id": id })))
}

pub async fn restore(
    State(simulator): State<Simulator>,
    Path(id): Path<LeadId>,
) -> Result<Json<Value>, Refusal> {
    simulator.restore_deal(id)?;
    Ok(Json(json!({ "id": id })))
}

pub async fn edit_client(
    State(simulator): State<Simulator>,
    Path(id): Path<LeadId>,
    Json(edit): Json<ContactEdit>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!({ "id": simulator.edit_client(id, edit)? })))
}

pub async fn edit_contact(
    State(simulator): State<Simulator>,
    Path(id): Path<ContactId>,
    Json(edit): Json<ContactEdit>,
) -> Result<Json<Value>, Refusal> {
    simulator.edit_contact(id, edit)?;
    Ok(Json(json!({ "id": id })))
}

/// A deal with the name of its stage, and its fields by name.
fn shown(simulator: &Simulator, lead: &Lead) -> Value {
    let directory = simulator.directory();
    let fields: serde_json::Map<_, _> = directory
        .lead_fields
        .iter()
        .filter_map(|field| Some((field.name.clone(), json!(lead.values.get(&field.id)?))))
        .collect();
    let mut shown = json!(lead);
    shown["stage"] = json!(directory.status(lead.stage).map(|status| &status.name));
    shown["fields"] = Value::Object(fields);
    shown["client"] = json!(simulator.main_contact(lead.id));
    if let Some(shown) = shown.as_object_mut() {
        shown.remove("values");
    }
    shown
}
