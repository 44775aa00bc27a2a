//! What there is to see.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::telegram::{Author, Call, Command, Message, Simulator};

pub(super) async fn status(State(telegram): State<Simulator>) -> Json<Value> {
    Json(json!({
        "bot": telegram.bot_username(),
        "now": telegram.clock().now(),
        "is_polled": telegram.is_polled(),
        "pending_updates": telegram.pending_updates(),
        "unanswered_presses": telegram.unanswered_presses(),
        "flood_refusals": telegram.flood_refusals(),
        "faults": telegram.faults().len(),
    }))
}

pub(super) async fn people(State(telegram): State<Simulator>) -> Json<Value> {
    let people = telegram.people().into_iter().map(|(person, standing)| {
        let mut shown = json!(person);
        shown["standing"] = json!(standing);
        shown
    });
    Json(people.collect())
}

pub(super) async fn commands(
    State(telegram): State<Simulator>,
    Path(person): Path<i64>,
) -> Json<Vec<Command>> {
    Json(telegram.commands_shown_to(person))
}

pub(super) async fn chat(State(telegram): State<Simulator>, Path(chat): Path<i64>) -> Json<Value> {
    Json(telegram.chat(chat).iter().map(show).collect())
}

pub(super) async fn transcript(State(telegram): State<Simulator>, Path(chat): Path<i64>) -> String {
    telegram.transcript(chat)
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    method: Option<String>,
    #[serde(default = "a_screenful")]
    last: usize,
}

fn a_screenful() -> usize {
    50
}

pub(super) async fn calls(
    State(telegram): State<Simulator>,
    Query(wanted): Query<Wanted>,
) -> Json<Vec<Call>> {
    let mut calls = match &wanted.method {
        Some(method) => telegram.calls_of(method),
        None => telegram.calls(),
    };
    Json(calls.split_off(calls.len().saturating_sub(wanted.last)))
}

pub(super) fn show(message: &Message) -> Value {
    let from = match message.author {
        Author::Bot => json!("bot"),
        Author::Person(id) => json!(id),
    };
    json!({
        "id": message.id,
        "chat_id": message.chat_id,
        "from": from,
        "text": message.text,
        "source": message.source,
        "entities": message.entities,
        "rows": message.rows(),
        "labels": message.labels(),
        "reply_to": message.reply_to,
        "silent": message.silent,
        "sent_at": message.sent_at,
        "edited_at": message.edited_at,
        "edits": message.edits,
    })
}
