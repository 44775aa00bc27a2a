//! Pure screens: data in, text and buttons out. Nothing here reads a clock or a database.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::callback::Callback;
use super::words::{Words, say};
use crate::domain::ids::MeasurementId;
use crate::format;

pub mod alert;
pub mod card;
pub mod invite;
pub mod list;
pub mod many;
pub mod menu;
pub mod notice;
pub mod people;
pub mod texts;
pub mod times;

#[cfg(test)]
pub(in crate::telegram) mod testing;

/// How much of each outside value is shown, in characters. Together they stay below Telegram's 4096.
pub(in crate::telegram) mod limits {
    pub const DEAL: usize = 120;
    pub const PRODUCT: usize = 200;
    pub const COMMENT: usize = 600;
    pub const ADDRESS: usize = 1000;
    pub const NAME: usize = 80;
    /// A name of a stage, a zone, an order's number.
    pub const SHORT: usize = 80;
    /// An address or a deal where many stand in one message.
    pub const ROW: usize = 80;
    /// A name inside a toast, which has 200 characters in all.
    pub const TOAST: usize = 50;
    pub const BUTTON: usize = 40;
    pub const PHONES: usize = 5;
}

/// For whom, where and when a screen is drawn.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub words: &'a Words,
    pub timezone: Tz,
    pub now: DateTime<Utc>,
}

/// A message as a person sees it. Its JSON is stored in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// Telegram HTML; at most 4096 characters as shown.
    pub text: String,
    /// Inline buttons, row by row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
}

/// Buttons beside each other.
pub type Row = Vec<Button>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    pub label: String,
    pub target: Target,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Callback data, at most 64 bytes.
    Press(String),
    Url(String),
}

impl Screen {
    fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), rows: vec![] }
    }

    fn with(text: impl Into<String>, rows: Vec<Row>) -> Self {
        Self { text: text.into(), rows }
    }
}

impl Button {
    pub(in crate::telegram) fn press(label: impl Into<String>, callback: Callback) -> Self {
        Self { label: label.into(), target: Target::Press(callback.encode()) }
    }

    fn url(label: impl Into<String>, url: String) -> Self {
        Self { label: label.into(), target: Target::Url(url) }
    }
}

fn bold(escaped: &str) -> String {
    format!("<b>{escaped}</b>")
}

/// «№12 · Окна в детскую», escaped; the number alone where the deal has no name.
fn which(id: MeasurementId, lead_name: &str, words: &Words) -> String {
    numbered(id, &format::html(lead_name, limits::DEAL), words)
}

fn numbered(id: MeasurementId, name: &str, words: &Words) -> String {
    if name.is_empty() {
        say!(words, "number", id = id.to_string())
    } else {
        say!(words, "number-and-name", id = id.to_string(), name = name.to_owned())
    }
}

/// A person's or an employee's name, escaped.
fn name_html(name: &str, words: &Words) -> String {
    format::escape(&name_line(name, limits::NAME, words))
}

/// A name as plain text that is never empty: Telegram lets people call themselves by invisible characters.
pub(in crate::telegram) fn name_line(name: &str, limit: usize, words: &Words) -> String {
    let name = format::line(name, limit);
    if name.is_empty() { say!(words, "nameless") } else { name }
}

fn menu_row(words: &Words) -> Row {
    vec![Button::press(say!(words, "button-menu"), Callback::Menu)]
}

/// «‹ Назад» and «⌂ Меню» under every screen that is not a menu.
fn back_row(back: Callback, words: &Words) -> Row {
    let mut row = vec![Button::press(say!(words, "button-back"), back)];
    row.extend(menu_row(words));
    row
}
