//! Does Telegram know the bot, and do its updates come the way they are to.

mod updates;

use std::time::Duration;

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use shared::check::{Row, Trouble};
use teloxide::Bot;

use super::{place, trouble};
use crate::config::TelegramConfig;
use crate::telegram::{connection, sender};

pub const SUBJECT: &str = "Telegram";

/// Asks who the bot is, and where its updates go.
pub async fn tried(config: &TelegramConfig, limit: Duration) -> Vec<Row> {
    let Ok(bot) = connection::bot(config) else {
        return vec![Row::fails(SUBJECT, "TELEGRAM_PROXY cannot be used", "Correct it, or leave it empty.")];
    };
    match ask(&bot, "getMe", limit).await {
        Ok(me) => vec![named(&bot, &me), received(ask(&bot, "getWebhookInfo", limit).await, config)],
        Err(refusal) => vec![refusal.row(SUBJECT, config)],
    }
}

fn named(bot: &Bot, me: &Value) -> Row {
    let username = me["username"].as_str().unwrap_or_default();
    Row::works(SUBJECT, format!("the bot is @{username}, at {}", place(&bot.api_url())))
}

fn received(info: Result<Value, Refusal>, config: &TelegramConfig) -> Row {
    match info.map(serde_json::from_value) {
        Ok(Ok(info)) => updates::compared(&info, config),
        Ok(Err(_)) => Refusal::Strange(StatusCode::OK).row(updates::SUBJECT, config),
        Err(refusal) => refusal.row(updates::SUBJECT, config),
    }
}

/// Why Telegram told nothing.
enum Refusal {
    Network(Trouble),
    /// The Bot API's own word.
    Api(u16),
    /// Something else answered.
    Strange(StatusCode),
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    error_code: u16,
}

async fn ask(bot: &Bot, method: &str, limit: Duration) -> Result<Value, Refusal> {
    let Ok(address) = sender::address(bot, method) else { return Err(Refusal::Network(Trouble::Unknown)) };
    let request = bot.client().post(address).timeout(limit);
    let response = request.send().await.map_err(|error| Refusal::Network(trouble(&error, limit)))?;
    let status = response.status();
    let bytes = response.bytes().await.map_err(|error| Refusal::Network(trouble(&error, limit)))?;
    match serde_json::from_slice::<Answer>(&bytes) {
        Ok(answer) if answer.ok => Ok(answer.result),
        Ok(answer) => Err(Refusal::Api(answer.error_code)),
        Err(_) => Err(Refusal::Strange(status)),
    }
}

impl Refusal {
    fn row(&self, subject: &'static str, config: &TelegramConfig) -> Row {
        let place = config.api_url.as_ref().map_or_else(|| "api.telegram.org".to_owned(), place);
        let (found, advice) = match self {
            Self::Network(trouble) if config.proxy.is_some() => {
                (format!("{place}, through TELEGRAM_PROXY, {trouble}"), trouble.advice("TELEGRAM_PROXY"))
            }
            Self::Network(trouble) if config.api_url.is_some() => {
                (format!("{place} {trouble}"), trouble.advice("TELEGRAM_API_URL"))
            }
            Self::Network(trouble) => {
                let advice =
                    "Where Telegram cannot be reached directly, set TELEGRAM_PROXY or TELEGRAM_API_URL.";
                (format!("{place} {trouble}"), advice.to_owned())
            }
            Self::Api(401 | 404) => {
                let advice = "Copy BOT_TOKEN from @BotFather once more: /mybots → the bot → API Token.";
                (format!("{place} does not know the token"), advice.to_owned())
            }
            Self::Api(429) => {
                (format!("{place} was asked too often"), "Wait a minute and check again.".to_owned())
            }
            Self::Api(code) => (format!("{place} refused with {code}"), "Check again later.".to_owned()),
            Self::Strange(status) => {
                let advice = "Is it the Bot API that answers at TELEGRAM_API_URL, or through TELEGRAM_PROXY?";
                (
                    format!("{place} answered {} and nothing of the Bot API", status.as_u16()),
                    advice.to_owned(),
                )
            }
        };
        Row::fails(subject, found, advice)
    }
}
#[cfg(test)]
mod tests;
