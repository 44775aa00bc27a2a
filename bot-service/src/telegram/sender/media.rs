//! Files in messages: one with its keyboard, or several as an album, which has none. By Telegram's own ids, or uploaded
//! from copies.

use std::time::Duration;

use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde_json::{Map, Value, json};
use teloxide::Bot;

use super::calls::{address, call, exchange, keyboard_of, replying};
use super::failure::{Failure, Trouble};
use crate::domain::comment::FileKind;
use crate::domain::ids::ChatId;
use crate::telegram::screens::Row;

/// How long an album of large files may take on its way up.
const PATIENCE: Duration = Duration::from_mins(3);
/// How many messages an album is at most.
pub const ALBUM: usize = 10;
/// Telegram takes 50 MB in one message; some of it is for what is not a file. In bytes.
pub const UPLOADED_UP_TO: i64 = 49 * 1024 * 1024;

/// A file as it goes into a message.
pub struct Item {
    pub kind: FileKind,
    /// Telegram HTML, at most 1024 characters as shown.
    pub caption: Option<String>,
    pub content: Content,
}

pub enum Content {
    /// A `file_id`.
    Known(String),
    /// Read while it is sent: an album of large files is larger than what this process may hold.
    Copy { name: String, size: u64, body: Body },
}

/// Sends one file or an album and returns the id of its first message. A message to reply to that is gone does not
/// hinder it.
pub async fn media(
    bot: &Bot,
    chat: ChatId,
    items: Vec<Item>,
    rows: &[Row],
    reply_to: Option<i32>,
) -> Result<i32, Failure> {
    let mut body = json!({ "chat_id": chat });
    replying(&mut body, reply_to);
    let mut uploads = Vec::new();
    let is_album = items.len() > 1;
    let (method, sent) = if is_album {
        let media: Vec<Value> = items.into_iter().map(|item| of_album(item, &mut uploads)).collect();
        body["media"] = media.into();
        ("sendMediaGroup", send(bot, "sendMediaGroup", body, uploads).await?)
    } else {
        let Some(item) = items.into_iter().next() else {
            return Err(Failure::new(Trouble::Moot, "there is no file to send"));
        };
        if !rows.is_empty() {
            body["reply_markup"] = keyboard_of(rows);
        }
        let method = method(item.kind);
        if let Some(caption) = caption(&item) {
            body["caption"] = caption.into();
            body["parse_mode"] = "HTML".into();
        }
        let field = item.kind.as_str();
        body[field] = source(item, &mut uploads);
        (method, send(bot, method, body, uploads).await?)
    };
    let first = if is_album { &sent[0] } else { &sent };
    let id = first["message_id"].as_i64().and_then(|id| i32::try_from(id).ok());
    id.ok_or_else(|| {
        Failure::new(Trouble::Uncertain, format!("an answer to {method} without the id of the message"))
    })
}

async fn send(bot: &Bot, method: &str, body: Value, uploads: Vec<Upload>) -> Result<Value, Failure> {
    if uploads.is_empty() {
        return call(bot, method, &body).await;
    }
    let Value::Object(fields) = body else {
        return Err(Failure::new(Trouble::Fatal, "a call without fields"));
    };
    let request = bot.client().post(address(bot, method)?).timeout(PATIENCE).multipart(form(fields, uploads));
    exchange(request).await
}

/// What goes along in a part of its own.
struct Upload {
    part: String,
    name: String,
    size: u64,
    body: Body,
}

fn form(fields: Map<String, Value>, uploads: Vec<Upload>) -> Form {
    let mut form = Form::new();
    for (name, value) in fields {
        let text = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        form = form.text(name, text);
    }
    for Upload { part, name, size, body } in uploads {
        form = form.part(part, Part::stream_with_length(body, size).file_name(name));
    }
    form
}

/// The id, or the name of the part that holds the copy.
fn source(item: Item, uploads: &mut Vec<Upload>) -> Value {
    match item.content {
        Content::Known(file_id) => file_id.into(),
        Content::Copy { name, size, body } => {
            let part = format!("file{}", uploads.len());
            let source = format!("attach://{part}");
            uploads.push(Upload { part, name, size, body });
            source.into()
        }
    }
}

fn of_album(item: Item, uploads: &mut Vec<Upload>) -> Value {
    let mut object = json!({ "type": item.kind.as_str() });
    if let Some(caption) = caption(&item) {
        object["caption"] = caption.into();
        object["parse_mode"] = "HTML".into();
    }
    object["media"] = source(item, uploads);
    object
}

fn caption(item: &Item) -> Option<String> {
    item.caption.clone().filter(|_| item.kind.has_caption())
}

fn method(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Photo => "sendPhoto",
        FileKind::Video => "sendVideo",
        FileKind::Animation => "sendAnimation",
        FileKind::VideoNote => "sendVideoNote",
        FileKind::Voice => "sendVoice",
        FileKind::Audio => "sendAudio",
        FileKind::Document => "sendDocument",
    }
}
