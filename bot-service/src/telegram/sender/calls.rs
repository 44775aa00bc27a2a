//! `sendMessage`, `editMessageText` and `setMyCommands`.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use teloxide::Bot;

use super::failure::{self, Failure, Trouble};
use crate::domain::ids::ChatId;
use crate::telegram::roles::Command;
use crate::telegram::screens::{Button, Keyboard, Row, Screen, Target};

/// How long an answer may take. Telegram answers in a tenth of a second; a proxy may need longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends a new message and returns its id. A message to reply to that is gone does not hinder it.
pub async fn send(bot: &Bot, chat: ChatId, screen: &Screen, reply_to: Option<i32>) -> Result<i32, Failure> {
    let mut body = content(chat, screen);
    replying(&mut body, reply_to);
    let result = call(bot, "sendMessage", &body).await?;
    let id = result["message_id"].as_i64().and_then(|id| i32::try_from(id).ok());
    id.ok_or_else(|| Failure::new(Trouble::Uncertain, "an answer without the id of the message"))
}

/// A message to reply to that is gone does not hinder it.
pub(super) fn replying(body: &mut Value, reply_to: Option<i32>) {
    if let Some(message_id) = reply_to {
        body["reply_parameters"] = json!({ "message_id": message_id, "allow_sending_without_reply": true });
    }
}

/// Gives a message another text and keyboard.
pub async fn edit(bot: &Bot, chat: ChatId, message_id: i32, screen: &Screen) -> Result<(), Failure> {
    let mut body = content(chat, screen);
    body["message_id"] = message_id.into();
    match call(bot, "editMessageText", &body).await {
        Err(failure) if failure.trouble == Trouble::Moot => Ok(()),
        result => result.map(drop),
    }
}

/// Sets the commands menu of one private chat.
pub async fn set_commands(bot: &Bot, chat: ChatId, commands: &[Command]) -> Result<(), Failure> {
    let commands: Vec<_> = commands
        .iter()
        .map(|(name, description)| json!({ "command": name, "description": description }))
        .collect();
    let scope = json!({ "type": "chat", "chat_id": chat });
    call(bot, "setMyCommands", &json!({ "commands": commands, "scope": scope })).await.map(drop)
}

fn content(chat: ChatId, screen: &Screen) -> Value {
    let mut body = json!({
        "chat_id": chat,
        "text": screen.text,
        "parse_mode": "HTML",
        "link_preview_options": { "is_disabled": true },
    });
    if !screen.rows.is_empty() {
        body["reply_markup"] = keyboard_of(&screen.rows);
    }
    match &screen.keyboard {
        Keyboard::Kept => {}
        Keyboard::AskContact { share, decline } => {
            let rows = json!([[{ "text": share, "request_contact": true }], [{ "text": decline }]]);
            body["reply_markup"] =
                json!({ "keyboard": rows, "resize_keyboard": true, "one_time_keyboard": true });
        }
        Keyboard::Removed => body["reply_markup"] = json!({ "remove_keyboard": true }),
    }
    body
}

pub(super) fn keyboard_of(rows: &[Row]) -> Value {
    let row = |row: &Row| row.iter().map(button).collect::<Vec<_>>();
    json!({ "inline_keyboard": rows.iter().map(row).collect::<Vec<_>>() })
}

fn button(button: &Button) -> Value {
    match &button.target {
        Target::Press(data) => json!({ "text": button.label, "callback_data": data }),
        Target::Url(url) => json!({ "text": button.label, "url": url }),
    }
}

#[derive(Deserialize)]
struct Answer<T> {
    ok: bool,
    result: Option<T>,
    #[serde(default)]
    error_code: u16,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Deserialize, Default)]
struct Parameters {
    retry_after: Option<u32>,
}

pub(super) async fn call(bot: &Bot, method: &str, body: &Value) -> Result<Value, Failure> {
    call_within(bot, method, body, PATIENCE).await
}

pub(super) async fn call_within<T: DeserializeOwned>(
    bot: &Bot,
    method: &str,
    body: &Value,
    limit: Duration,
) -> Result<T, Failure> {
    exchange(bot.client().post(address(bot, method)?).timeout(limit).json(body)).await
}

/// The answer to a request that is ready to go.
pub(super) async fn exchange<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, Failure> {
    let response = request.send().await.map_err(|error| failure::of_network(&error))?;
    let status = response.status();
    let bytes = response.bytes().await.map_err(|error| failure::of_network(&error))?;
    match serde_json::from_slice::<Answer<T>>(&bytes) {
        Ok(Answer { ok: true, result: Some(result), .. }) => Ok(result),
        Ok(answer) if !answer.ok => {
            let Answer { error_code, description, parameters, .. } = answer;
            Err(failure::of_refusal(error_code, &description, parameters.retry_after))
        }
        Ok(_) | Err(_) => Err(failure::of_strange_answer(status.as_u16())),
    }
}

/// `<api>/bot<token>/<method>`: never logged.
///
/// # Errors
///
/// If the configured address can carry no path.
pub fn address(bot: &Bot, method: &str) -> Result<reqwest::Url, Failure> {
    let mut url = bot.api_url();
    match url.path_segments_mut() {
        Ok(mut segments) => segments.pop_if_empty().extend([&format!("bot{}", bot.token()), method]),
        Err(()) => return Err(Failure::new(Trouble::Fatal, "the address of the Bot API has no path")),
    };
    Ok(url)
}
