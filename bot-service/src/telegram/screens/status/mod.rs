//! /status: a line for each part, and what to do where one fails, for somebody who is no programmer.

use chrono::{DateTime, TimeDelta, Utc};

use super::times::{until, waited};
use super::{Button, Context, Screen, bold, limits, menu_row};
use crate::actions::views::{AmoCrmStatus, StatusView, TelegramStatus, Waiting};
use crate::domain::reception::ReceptionTrouble;
use crate::domain::status::{Broker, Ingest};
use crate::format;
use crate::telegram::callback::{Callback, FailurePress};
use crate::telegram::words::say;

/// Telegram answers a poll within half a minute, and AmoCRM is compared every ten.
const TELEGRAM_SILENT: TimeDelta = TimeDelta::minutes(3);
const AMOCRM_SILENT: TimeDelta = TimeDelta::minutes(20);
/// The subscription is looked at every ten minutes.
const WEBHOOK_UNSEEN: TimeDelta = TimeDelta::minutes(30);
const TOKEN_ENDS: TimeDelta = TimeDelta::days(14);
const MESSAGE_WAITS: TimeDelta = TimeDelta::minutes(2);

pub fn render(view: &StatusView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines = vec![bold(&say!(words, "status-title"))];
    lines.extend(ingest(view, context));
    lines.push(bots(view, context));
    lines.push(say!(words, "status-database"));
    lines.push(broker(view, context));
    lines.extend(amocrm(view.amocrm.as_ref(), context));
    lines.push(telegram(&view.telegram, context));
    lines.extend(waiting(&view.waiting, context));
    let rows = vec![
        vec![
            Button::press(say!(words, "button-refresh"), Callback::Status),
            Button::press(say!(words, "menu-failures"), Callback::Failure(FailurePress::Overview)),
        ],
        menu_row(words),
    ];
    Screen::with(lines.join("\n"), rows)
}

fn ingest(view: &StatusView, context: &Context<'_>) -> Option<String> {
    let words = context.words;
    Some(match view.ingest? {
        Ingest::Ready => say!(words, "status-ingest"),
        Ingest::NotReady => say!(words, "status-ingest-full"),
        Ingest::Away => say!(words, "status-ingest-away"),
    })
}

fn bots(view: &StatusView, context: &Context<'_>) -> String {
    let words = context.words;
    let mut versions: Vec<_> = view.replicas.iter().map(|replica| replica.version.as_str()).collect();
    versions.sort_unstable();
    versions.dedup();
    let (count, versions) = (view.replicas.len(), format::html(&versions.join(", "), limits::SHORT));
    if view.replicas.is_empty() {
        return say!(words, "status-bot-starts");
    }
    if view.replicas.iter().any(|replica| replica.is_leader) {
        say!(words, "status-bot", count = count, versions = versions)
    } else {
        say!(words, "status-bot-headless", versions = versions)
    }
}

fn broker(view: &StatusView, context: &Context<'_>) -> String {
    let words = context.words;
    let is = |state: Broker| view.replicas.iter().any(|replica| replica.broker == state);
    if is(Broker::Away) || view.replicas.is_empty() {
        say!(words, "status-broker-away")
    } else if is(Broker::Blocked) {
        say!(words, "status-broker-blocked")
    } else {
        say!(words, "status-broker")
    }
}

fn amocrm(status: Option<&AmoCrmStatus>, context: &Context<'_>) -> Vec<String> {
    let (words, now) = (context.words, context.now);
    let Some(status) = status else { return vec![say!(words, "status-amocrm-none")] };
    let mut lines = vec![match status.answered_at {
        Some(at) if now - at < AMOCRM_SILENT => say!(words, "status-amocrm", ago = ago(at, context)),
        Some(at) => say!(words, "status-amocrm-silent", ago = ago(at, context)),
        None => say!(words, "status-amocrm-unknown"),
    }];
    if let Some(at) = status.expires_at {
        let date = until(at, context);
        lines.push(if at - now > TOKEN_ENDS {
            say!(words, "status-token", date = date)
        } else {
            say!(words, "status-token-ends", date = date)
        });
    }
    if let Some(standing) = &status.webhook {
        let is_fresh = standing.looked_at.is_some_and(|at| now - at < WEBHOOK_UNSEEN);
        lines.push(match (standing.is_subscribed, is_fresh) {
            (true, true) => say!(words, "status-webhook"),
            (true, false) => say!(words, "status-webhook-unseen"),
            (false, _) => say!(words, "status-webhook-off"),
        });
    }
    if let Some(at) = status.compared_at {
        lines.push(say!(words, "status-compared", ago = ago(at, context)));
    }
    lines
}

fn telegram(status: &TelegramStatus, context: &Context<'_>) -> String {
    let words = context.words;
    let html = |text: &str| format::html(text, limits::REASON);
    match (&status.trouble, status.answered_at) {
        (Some(ReceptionTrouble::Foreign { host }), _) => {
            say!(words, "status-telegram-foreign", host = html(host))
        }
        (Some(ReceptionTrouble::Refused { reason } | ReceptionTrouble::Undelivered { reason }), _) => {
            say!(words, "status-telegram-trouble", reason = html(reason))
        }
        (None, Some(at)) if context.now - at >= TELEGRAM_SILENT => {
            say!(words, "status-telegram-silent", ago = ago(at, context))
        }
        (None, Some(at)) => say!(words, "status-telegram", ago = ago(at, context)),
        (None, None) => say!(words, "status-telegram-unknown"),
    }
}

fn waiting(waiting: &Waiting, context: &Context<'_>) -> Vec<String> {
    let words = context.words;
    let oldest = waiting.oldest_message_at.filter(|at| context.now - *at >= MESSAGE_WAITS);
    let messages = match oldest {
        Some(at) => {
            say!(words, "status-messages-late", count = waiting.messages, waits = waited(at, context))
        }
        None => say!(words, "status-messages", count = waiting.messages),
    };
    let deals = match waiting.stuck {
        0 => say!(words, "status-deals", count = waiting.deals),
        stuck => say!(words, "status-deals-stuck", count = stuck),
    };
    let mut lines = vec![messages, deals];
    if waiting.files_failed > 0 {
        lines.push(say!(words, "status-files", count = waiting.files_failed));
    }
    lines
}

/// «только что» or «5 мин назад».
fn ago(at: DateTime<Utc>, context: &Context<'_>) -> String {
    if context.now - at < TimeDelta::minutes(1) {
        return say!(context.words, "just-now");
    }
    say!(context.words, "ago", time = waited(at, context))
}

#[cfg(test)]
mod tests;
