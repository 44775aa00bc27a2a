//! Deals that cannot be read or taken in.

use super::{Callback, Context, Row, Screen, back_row, bold, limits, menu_row};
use super::{choices, pages, press, waited, when};
use crate::actions::views::{COUNT_CAP, DealCursor, Page, StuckDeal};
use crate::domain::failures::EventKind;
use crate::format;
use crate::telegram::callback::FailurePress;
use crate::telegram::words::{Words, say};

pub fn deals(page: &Page<StuckDeal, DealCursor>, context: &Context<'_>) -> Screen {
    let words = context.words;
    let total = format::count(page.total, COUNT_CAP);
    let mut lines = vec![bold(&say!(words, "stuck-title", total = total))];
    lines.extend(page.rows.iter().map(|deal| entry(deal, context)));
    if page.total == 0 {
        lines = vec![say!(words, "stuck-none")];
    } else if page.rows.is_empty() {
        lines.push(say!(words, "list-ended"));
    }
    let opener = |deal: &StuckDeal| {
        let label = name(deal, limits::BUTTON, words);
        vec![press(label, FailurePress::Deal(deal.lead_id))]
    };
    let mut rows: Vec<Row> = page.rows.iter().map(opener).collect();
    rows.extend(pages(page, DealCursor::First, FailurePress::Deals, words));
    rows.push(overview_row(words));
    Screen::with(lines.join("\n"), rows)
}

/// `link` is where AmoCRM shows it.
pub fn deal(deal: &StuckDeal, link: Option<&str>, context: &Context<'_>) -> Screen {
    let words = context.words;
    let title = bold(&format::escape(&name(deal, limits::DEAL, words)));
    // Telegram makes no link of an address inside of a network.
    let title = match link.filter(|link| link.starts_with("https://")) {
        Some(link) => {
            let open = say!(words, "deal-open");
            format!("{title} · <a href=\"{}\">{open}</a>", format::escape(link))
        }
        None => title,
    };
    let mut lines = vec![
        title,
        say!(words, "stuck-event", event = event(deal.event, words)),
        say!(words, "stuck-for", span = waited(deal.since, context)),
        say!(words, "stuck-why", why = words.stuck(deal.why)),
    ];
    if deal.is_taken_from_hook {
        lines.push(say!(words, "stuck-from-hook"));
    }
    if deal.next_attempt_at > context.now {
        lines.push(say!(words, "stuck-next", when = when(deal.next_attempt_at, context)));
    }
    let (repeat, skip) = (FailurePress::RepeatDeal(deal.lead_id), FailurePress::AskSkipDeal(deal.lead_id));
    let back = Callback::Failure(FailurePress::Deals(DealCursor::First));
    Screen::with(lines.join("\n"), vec![choices(repeat, skip, words), back_row(back, words)])
}

/// The question before a deal's events are forgotten.
pub fn ask_skip(deal: &StuckDeal, context: &Context<'_>) -> Screen {
    let words = context.words;
    let name = format::escape(&name(deal, limits::DEAL, words));
    let mut lines = vec![say!(words, "ask-skip-deal", name = name)];
    lines.push(match (deal.event, deal.is_taken_from_hook) {
        (_, true) => say!(words, "ask-skip-from-hook"),
        (EventKind::Entry, false) => say!(words, "ask-skip-entry"),
        (EventKind::Deletion, false) => say!(words, "ask-skip-deletion"),
        (EventKind::Change | EventKind::Look, false) => say!(words, "ask-skip-change"),
    });
    let yes = FailurePress::SkipDeal { lead: deal.lead_id, seq: deal.seq };
    let back = press(say!(words, "button-back"), FailurePress::Deal(deal.lead_id));
    Screen::with(lines.join("\n"), vec![vec![press(say!(words, "button-skip-yes"), yes)], vec![back]])
}

fn entry(deal: &StuckDeal, context: &Context<'_>) -> String {
    let name = format::escape(&name(deal, limits::ROW, context.words));
    format!("{name}\n   {} · {}", context.words.stuck(deal.why), waited(deal.since, context))
}

/// Its name as plain text, or its number where it has none.
fn name(deal: &StuckDeal, limit: usize, words: &Words) -> String {
    let name = format::line(deal.name.as_deref().unwrap_or_default(), limit);
    if name.is_empty() { say!(words, "deal-number", id = deal.lead_id.0.to_string()) } else { name }
}

fn event(event: EventKind, words: &Words) -> String {
    match event {
        EventKind::Entry => say!(words, "event-entry"),
        EventKind::Deletion => say!(words, "event-deletion"),
        EventKind::Change => say!(words, "event-change"),
        EventKind::Look => say!(words, "event-look"),
    }
}

fn overview_row(words: &Words) -> Row {
    let mut row = vec![press(say!(words, "button-failures"), FailurePress::Overview)];
    row.extend(menu_row(words));
    row
}
