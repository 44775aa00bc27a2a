//! Messages that nobody could read.

use super::{Callback, Context, Row, Screen, back_row, bold, menu_row};
use super::{choices, moment, pages, press, when};
use crate::actions::views::{COUNT_CAP, MessageCursor, Page, ParkedRow, ParkedView};
use crate::domain::failures::ParkedKind;
use crate::format;
use crate::telegram::callback::FailurePress;
use crate::telegram::words::{Words, say};

/// So much of a message is shown, in characters.
const TEXT: usize = 700;

pub fn messages(page: &Page<ParkedRow, MessageCursor>, context: &Context<'_>) -> Screen {
    let words = context.words;
    let total = format::count(page.total, COUNT_CAP);
    let mut lines = vec![bold(&say!(words, "parked-title", total = total))];
    lines.extend(page.rows.iter().map(|row| entry(row, context)));
    if page.total == 0 {
        lines = vec![say!(words, "parked-none")];
    } else if page.rows.is_empty() {
        lines.push(say!(words, "list-ended"));
    }
    let opener = |row: &ParkedRow| vec![press(headline(row, words), FailurePress::Message(row.id))];
    let mut rows: Vec<Row> = page.rows.iter().map(opener).collect();
    rows.extend(pages(page, MessageCursor::First, FailurePress::Messages, words));
    let mut last = vec![press(say!(words, "button-failures"), FailurePress::Overview)];
    last.extend(menu_row(words));
    rows.push(last);
    Screen::with(lines.join("\n"), rows)
}

pub fn message(view: &ParkedView, context: &Context<'_>) -> Screen {
    let (words, row) = (context.words, &view.row);
    let mut lines = vec![
        bold(&headline(row, words)),
        say!(words, "parked-when", when = when(row.received_at, context)),
        say!(words, "stuck-why", why = words.parked(row.why)),
    ];
    lines.extend(more(row, words));
    let text = format::html_lines(&view.text, TEXT);
    lines.push(say!(words, "parked-size", size = view.size.to_string()));
    lines.extend(Some(text).filter(|text| !text.is_empty()));
    let skip = FailurePress::AskSkipMessage(row.id);
    let choices = if row.is_sending {
        vec![press(say!(words, "button-refresh"), FailurePress::Message(row.id))]
    } else {
        choices(FailurePress::RepeatMessage(row.id), skip, words)
    };
    let back = Callback::Failure(FailurePress::Messages(MessageCursor::First));
    Screen::with(lines.join("\n"), vec![choices, back_row(back, words)])
}

/// The question before a message is forgotten.
pub fn ask_skip(view: &ParkedView, context: &Context<'_>) -> Screen {
    let (words, row) = (context.words, &view.row);
    let text = say!(words, "ask-skip-message", id = row.id.to_string());
    let yes = FailurePress::SkipMessage { id: row.id, arrivals: row.arrivals };
    let back = press(say!(words, "button-back"), FailurePress::Message(row.id));
    Screen::with(text, vec![vec![press(say!(words, "button-skip-yes"), yes)], vec![back]])
}

fn entry(row: &ParkedRow, context: &Context<'_>) -> String {
    let words = context.words;
    let mut details = vec![words.parked(row.why)];
    details.extend(more(row, words));
    let when = moment(row.received_at, context);
    format!("{} · {when}\n   {}", headline(row, words), details.join(" · "))
}

/// What has become of it since.
fn more(row: &ParkedRow, words: &Words) -> Vec<String> {
    let mut lines = Vec::new();
    if row.is_sending {
        lines.push(say!(words, "parked-sending"));
    } else if let Some(error) = row.last_error {
        lines.push(words.not_sent(error));
    }
    if row.arrivals > 1 && row.last_error.is_none() {
        lines.push(say!(words, "parked-times", count = i64::from(row.arrivals)));
    }
    lines
}

/// «№17 · вебхук AmoCRM»
fn headline(row: &ParkedRow, words: &Words) -> String {
    let kind = match row.kind {
        ParkedKind::Event => say!(words, "parked-event"),
        ParkedKind::Webhook => say!(words, "parked-webhook"),
    };
    say!(words, "number-and-name", id = row.id.to_string(), name = kind)
}
