//! Faults and time.

use axum::Json;
use axum::extract::State;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::telegram::{FaultRule, Simulator};

pub(super) async fn list(State(telegram): State<Simulator>) -> Json<Vec<FaultRule>> {
    Json(telegram.faults())
}

pub(super) async fn add(
    State(telegram): State<Simulator>,
    Json(rule): Json<FaultRule>,
) -> Json<Vec<FaultRule>> {
    telegram.fault(rule);
    Json(telegram.faults())
}

pub(super) async fn clear(State(telegram): State<Simulator>) -> Json<Value> {
    telegram.clear_faults();
    Json(Value::Null)
}

#[derive(Deserialize)]
pub(super) struct Repeats {
    count: u32,
}

pub(super) async fn deliver_twice(
    State(telegram): State<Simulator>,
    Json(repeats): Json<Repeats>,
) -> Json<Value> {
    telegram.deliver_twice(repeats.count);
    Json(Value::Null)
}

#[derive(Deserialize)]
pub(super) struct Advance {
    advance_seconds: u32,
}

pub(super) async fn advance_clock(
    State(telegram): State<Simulator>,
    Json(advance): Json<Advance>,
) -> Json<Value> {
    telegram.advance(TimeDelta::seconds(advance.advance_seconds.into()));
    Json(json!({ "now": telegram.clock().now() }))
}
