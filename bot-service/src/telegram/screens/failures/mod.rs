//! What is stuck: in numbers, page by page, and one by one with what can be done about it.

use super::times::{moment, waited, when};
use super::{Button, Context, Row, Screen, back_row, bold, limits, menu_row, name_html};
use crate::actions::views::{About, COUNT_CAP, DealCursor, DecisionView, FailuresView, MessageCursor, Page};
use crate::domain::failures::Decided;
use crate::format;
use crate::telegram::callback::{Callback, FailurePress};
use crate::telegram::words::{Words, say};

mod deals;
mod messages;

pub use deals::{ask_skip as ask_skip_deal, deal, deals};
pub use messages::{ask_skip as ask_skip_message, message, messages};

pub fn overview(view: &FailuresView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines = vec![bold(&say!(words, "failures-title"))];
    let count = |count| format::count(count, COUNT_CAP);
    if view.deals > 0 {
        lines.push(say!(words, "failures-deals", count = count(view.deals)));
    }
    if view.messages > 0 {
        lines.push(say!(words, "failures-messages", count = count(view.messages)));
    }
    if view.unsent > 0 {
        lines.push(say!(words, "failures-unsent", count = count(view.unsent)));
    }
    if view.given_up > 0 {
        lines.push(say!(words, "failures-given-up", count = count(view.given_up)));
    }
    if lines.len() == 1 {
        lines.push(say!(words, "failures-none"));
    }
    let mut rows = vec![];
    let counted = |label: String, total| say!(words, "menu-count", label = label, count = count(total));
    if view.deals > 0 {
        let label = counted(say!(words, "button-stuck-deals"), view.deals);
        rows.push(vec![press(label, FailurePress::Deals(DealCursor::First))]);
    }
    if view.messages > 0 {
        let label = counted(say!(words, "button-parked"), view.messages);
        rows.push(vec![press(label, FailurePress::Messages(MessageCursor::First))]);
    }
    rows.push(vec![press(say!(words, "button-decisions"), FailurePress::Decisions)]);
    rows.push(menu_row(words));
    Screen::with(lines.join("\n"), rows)
}

/// Who decided what, the newest first.
pub fn decisions(decisions: &[DecisionView], context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines = vec![bold(&say!(words, "decisions-title"))];
    lines.extend(decisions.iter().map(|decision| line(decision, context)));
    if decisions.is_empty() {
        lines.push(say!(words, "decisions-none"));
    }
    let back = back_row(Callback::Failure(FailurePress::Overview), words);
    Screen::with(lines.join("\n"), vec![back])
}

fn line(decision: &DecisionView, context: &Context<'_>) -> String {
    let words = context.words;
    let what = match decision.decided {
        Decided::Repeated => say!(words, "decided-repeated"),
        Decided::Skipped => say!(words, "decided-skipped"),
    };
    let (about, why) = match decision.about {
        About::Deal(lead, why) => (say!(words, "deal-number", id = lead.0.to_string()), words.stuck(why)),
        About::Message(id, why) => (say!(words, "message-number", id = id.to_string()), words.parked(why)),
    };
    let name = name_html(&decision.name.full(), words);
    format!("{what} · {about} · {name}, {}\n   {why}", moment(decision.at, context))
}

fn press(label: String, press: FailurePress) -> Button {
    Button::press(label, Callback::Failure(press))
}

/// «‹ Назад» and «Дальше ›»; a page whose rows are gone meanwhile leads back to the beginning.
fn pages<Item, Cursor: Copy>(
    page: &Page<Item, Cursor>,
    first: Cursor,
    turn: impl Fn(Cursor) -> FailurePress,
    words: &Words,
) -> Option<Row> {
    let lost = (page.rows.is_empty() && page.total > 0).then_some(first);
    let back = page.previous.or(lost).map(|cursor| press(say!(words, "button-back"), turn(cursor)));
    let next = page.next.map(|cursor| press(say!(words, "button-next"), turn(cursor)));
    let row: Row = back.into_iter().chain(next).collect();
    (!row.is_empty()).then_some(row)
}

/// «🔁 Повторить» and «⏭ Пропустить».
fn choices(repeat: FailurePress, skip: FailurePress, words: &Words) -> Row {
    vec![press(say!(words, "button-repeat"), repeat), press(say!(words, "button-skip"), skip)]
}

#[cfg(test)]
mod tests;
