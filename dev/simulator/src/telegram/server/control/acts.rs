//! What people do.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Impossible;
use super::look::show;
use crate::telegram::{Contact, Group, Person, Simulator};

/// A bot that works answers presses well within this.
const PATIENCE: Duration = Duration::from_secs(5);

type Done = Result<Json<Value>, Impossible>;

pub(super) async fn add_person(State(telegram): State<Simulator>, Json(person): Json<Person>) -> Json<Value> {
    telegram.add_person(person.clone());
    Json(json!(person))
}

#[derive(Deserialize)]
pub(super) struct Start {
    payload: Option<String>,
}

pub(super) async fn start(
    State(telegram): State<Simulator>,
    Path(person): Path<i64>,
    Json(start): Json<Start>,
) -> Done {
    Ok(Json(show(&telegram.starts(person, start.payload.as_deref())?)))
}

#[derive(Deserialize)]
pub(super) struct Words {
    text: String,
    /// The message that is answered.
    reply_to: Option<i64>,
}

pub(super) async fn say(
    State(telegram): State<Simulator>,
    Path(person): Path<i64>,
    Json(words): Json<Words>,
) -> Done {
    let said = match words.reply_to {
        Some(to) => telegram.replies(person, to, &words.text),
        None => telegram.says(person, &words.text),
    };
    Ok(Json(show(&said?)))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Media {
    Photo {
        #[serde(default)]
        caption: String,
    },
    Sticker,
    Voice,
    Contact(Contact),
    Location {
        latitude: f64,
        longitude: f64,
    },
}

pub(super) async fn send(
    State(telegram): State<Simulator>,
    Path(person): Path<i64>,
    Json(media): Json<Media>,
) -> Done {
    let sent = match media {
        Media::Photo { caption } => telegram.sends_photo(person, &caption),
        Media::Sticker => telegram.sends_sticker(person),
        Media::Voice => telegram.sends_voice(person),
        Media::Contact(contact) => telegram.sends_contact(person, contact),
        Media::Location { latitude, longitude } => telegram.sends_location(person, latitude, longitude),
    };
    Ok(Json(show(&sent?)))
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Press {
    /// As it was on the screen, whatever the message has become meanwhile.
    Shown {
        message_id: i64,
        label: String,
        data: String,
    },
    Forged {
        message_id: i64,
        data: String,
    },
    OfMessage {
        message_id: i64,
        label: String,
    },
    Newest {
        label: String,
    },
}

/// Waits for the bot's answer; `answer` is null if it does not come.
pub(super) async fn press(
    State(telegram): State<Simulator>,
    Path(person): Path<i64>,
    Json(press): Json<Press>,
) -> Done {
    let pressed = match press {
        Press::Shown { message_id, label, data } => {
            telegram.press_shown(person, message_id, &label, &data)?
        }
        Press::Forged { message_id, data } => telegram.press_data(person, message_id, &data)?,
        Press::OfMessage { message_id, label } => telegram.press(person, message_id, &label)?,
        Press::Newest { label } => telegram.press_newest(person, &label)?,
    };
    let answer = telegram.answer_of(&pressed, PATIENCE).await.ok();
    Ok(Json(json!({ "callback_id": pressed, "answer": answer })))
}

pub(super) async fn block(State(telegram): State<Simulator>, Path(person): Path<i64>) -> Done {
    telegram.block(person)?;
    Ok(Json(Value::Null))
}

pub(super) async fn unblock(State(telegram): State<Simulator>, Path(person): Path<i64>) -> Done {
    telegram.unblock(person)?;
    Ok(Json(Value::Null))
}

pub(super) async fn deactivate(State(telegram): State<Simulator>, Path(person): Path<i64>) -> Done {
    telegram.deactivate(person)?;
    Ok(Json(Value::Null))
}

#[derive(Deserialize)]
pub(super) struct Adding {
    #[serde(flatten)]
    group: Group,
    by: i64,
}

pub(super) async fn add_to_group(State(telegram): State<Simulator>, Json(adding): Json<Adding>) -> Done {
    telegram.add_bot_to_group(adding.group, adding.by)?;
    Ok(Json(Value::Null))
}

#[derive(Deserialize)]
pub(super) struct GroupWords {
    person: i64,
    text: String,
}

pub(super) async fn say_in_group(
    State(telegram): State<Simulator>,
    Path(group): Path<i64>,
    Json(words): Json<GroupWords>,
) -> Done {
    Ok(Json(show(&telegram.says_in_group(group, words.person, &words.text)?)))
}
