//! Pure screens: data in, text and buttons out. Nothing here reads a clock or a database.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::callback::Callback;
use super::words::{Words, say};
use crate::domain::ids::MeasurementId;
use crate::format;

pub mod access;
pub mod alert;
pub mod card;
pub mod comment;
pub mod contact;
pub mod dealers;
pub mod dispatch;
pub mod failures;
pub mod files;
pub mod find;
pub mod history;
pub mod invite;
pub mod list;
pub mod many;
pub mod menu;
pub mod notice;
pub mod people;
pub mod setup;
pub mod sieve;
pub mod status;
pub mod texts;
pub mod times;
pub mod zones;

#[cfg(test)]
pub(in crate::telegram) mod testing;

/// How much of each outside value is shown, in characters. Together they stay below Telegram's 4096.
pub(in crate::telegram) mod limits {
    pub const DEAL: usize = 120;
    pub const PRODUCT: usize = 200;
    pub const COMMENT: usize = 600;
    pub const ADDRESS: usize = 1000;
    pub const NAME: usize = 80;
    /// Why somebody did something, in his own words.
    pub const REASON: usize = 300;
    /// A name of a stage, a zone, an order's number.
    pub const SHORT: usize = 80;
    /// An address or a deal where many stand in one message.
    pub const ROW: usize = 80;
    /// A comment where others stand beside it.
    pub const SAID: usize = 120;
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
    #[serde(default, skip_serializing_if = "Keyboard::is_kept")]
    pub keyboard: Keyboard,
}

/// What stands where the person types. A new message that changes it has no inline buttons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keyboard {
    #[default]
    Kept,
    /// One button shares the person's own number, the other declines, each with its label.
    AskContact { share: String, decline: String },
    /// The usual one comes back.
    Removed,
}

impl Keyboard {
    fn is_kept(&self) -> bool {
        *self == Self::Kept
    }
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
        Self { text: text.into(), rows: vec![], keyboard: Keyboard::Kept }
    }

    fn with(text: impl Into<String>, rows: Vec<Row>) -> Self {
        Self { text: text.into(), rows, keyboard: Keyboard::Kept }
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

/// A reason as HTML: somebody's own words, or those of the button.
fn why(text: Option<&str>, label: impl FnOnce() -> String) -> String {
    text.map_or_else(label, |text| format::html(text, limits::REASON))
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

/// «‹ Назад» and «Дальше ›» of a list that is paged by number; none where there is one page.
fn pages(page: u32, has_next: bool, turn: impl Fn(u32) -> Callback, words: &Words) -> Option<Row> {
    let back = page.checked_sub(1).map(|page| Button::press(say!(words, "button-back"), turn(page)));
    let next = page.checked_add(1).filter(|_| has_next);
    let next = next.map(|page| Button::press(say!(words, "button-next"), turn(page)));
    let row: Row = back.into_iter().chain(next).collect();
    (!row.is_empty()).then_some(row)
}

/// «« В начало» and «Дальше ›» of a list that is read from its newest end; none where there is one page.
fn onward<T>(
    start: Option<Callback>,
    next: Option<T>,
    turn: impl Fn(T) -> Callback,
    words: &Words,
) -> Option<Row> {
    let start = start.map(|start| Button::press(say!(words, "button-to-start"), start));
    let next = next.map(|next| Button::press(say!(words, "button-next"), turn(next)));
    let row: Row = start.into_iter().chain(next).collect();
    (!row.is_empty()).then_some(row)
}
