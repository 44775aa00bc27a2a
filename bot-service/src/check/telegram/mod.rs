//! Does Telegram know the bot, and is nothing in the way of polling.

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
const UPDATES: &str = "updates";

/// Asks who the bot is, and where its updates go.
pub async fn tried(config: &TelegramConfig, limit: Duration) -> Vec<Row> {
    let Ok(bot) = connection::bot(config) else {
        return vec![Row::fails(SUBJECT, "TELEGRAM_PROXY cannot be used", "Correct it, or leave it empty.")];
    };
    match ask(&bot, "getMe", limit).await {
        Ok(me) => vec![named(&bot, &me), polled(ask(&bot, "getWebhookInfo", limit).await, config)],
        Err(refusal) => vec![refusal.row(SUBJECT, config)],
    }
}

fn named(bot: &Bot, me: &Value) -> Row {
    let username = me["username"].as_str().unwrap_or_default();
    Row::works(SUBJECT, format!("the bot is @{username}, at {}", place(&bot.api_url())))
}

/// The host alone: a path may hold somebody's secret.
fn polled(info: Result<Value, Refusal>, config: &TelegramConfig) -> Row {
    let info = match info {
        Ok(info) => info,
        Err(refusal) => return refusal.row(UPDATES, config),
    };
    let url = info["url"].as_str().unwrap_or_default();
    if url.is_empty() {
        return Row::works(UPDATES, "no webhook is in the way of asking for them");
    }
    let place = url.parse().map_or_else(|_| "somewhere".to_owned(), |url| place(&url));
    Row::fails(
        UPDATES,
        format!("go to a webhook at {place}: another program uses this bot"),
        "Stop that program and call deleteWebhook, or make a bot of its own with @BotFather.",
    )
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
