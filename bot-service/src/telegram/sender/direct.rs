//! The calls that do not go through the outbox: they are answers to Telegram itself, or to one press.

use std::time::Duration;

use serde_json::value::RawValue;
use serde_json::{Value, json};
use teloxide::Bot;

use super::calls::{call, call_within};
use super::failure::Failure;
use crate::domain::ids::ChatId;
use crate::telegram::toasts::Toast;

/// An answer to a press is of use for seconds only.
pub(super) const SOON: Duration = Duration::from_secs(5);
/// On top of the time that Telegram itself waits for updates.
const POLL_MARGIN: Duration = Duration::from_secs(10);
/// Telegram remembers what was wanted last, whichever way it is asked.
pub(super) const WANTED: [&str; 3] = ["message", "callback_query", "my_chat_member"];

/// Answers a press, with a toast or without. Telegram takes one answer to each.
pub async fn answer(bot: &Bot, callback_id: &str, toast: Option<&Toast>) -> Result<(), Failure> {
    let mut body = json!({ "callback_query_id": callback_id });
    if let Some(toast) = toast {
        body["text"] = toast.text.as_str().into();
        body["show_alert"] = toast.is_alert.into();
    }
    call_within::<Value>(bot, "answerCallbackQuery", &body, SOON).await.map(drop)
}

pub async fn leave(bot: &Bot, chat: ChatId) -> Result<(), Failure> {
    call_within::<Value>(bot, "leaveChat", &json!({ "chat_id": chat }), SOON).await.map(drop)
}

/// The bot's own name, without `@`.
pub async fn username(bot: &Bot) -> Result<String, Failure> {
    let me = call(bot, "getMe", &json!({})).await?;
    Ok(me["username"].as_str().unwrap_or_default().to_owned())
}

/// Waits up to `wait` for updates from `offset` on, each byte for byte as it came: one that nobody here can
/// read must not hold up the others. Asking confirms everything before `offset`.
pub async fn updates(bot: &Bot, offset: Option<i64>, wait: Duration) -> Result<Vec<Box<RawValue>>, Failure> {
    let mut body = json!({
        "timeout": wait.as_secs(),
        "limit": 100,
        "allowed_updates": WANTED,
    });
    if let Some(offset) = offset {
        body["offset"] = offset.into();
    }
    call_within(bot, "getUpdates", &body, wait + POLL_MARGIN).await
}
