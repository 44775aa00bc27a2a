//! The lines of a card, in the order that people are used to. Each look has its own selection.

use crate::actions::views::{CardView, ManagerView};
use crate::domain::measurement::Status;
use crate::domain::permissions::Look;
use crate::domain::phone::Phone;
use crate::format;
use crate::telegram::screens::times::{capitalised, when};
use crate::telegram::screens::{Context, limits, name_html};
use crate::telegram::words::{Words, say};

/// One line of a card.
#[derive(Debug, Clone, Copy)]
enum Line {
    Deal,
    Order,
    Address,
    Zone,
    Dealer,
    Client,
    Phones,
    Product,
    Comment,
    Manager,
    Created,
    Measurer,
    Assigned,
    Accepted,
}

const EVERYTHING: &[Line] = &[
    Line::Deal,
    Line::Order,
    Line::Address,
    Line::Zone,
    Line::Dealer,
    Line::Client,
    Line::Phones,
    Line::Product,
    Line::Comment,
    Line::Manager,
    Line::Created,
    Line::Measurer,
    Line::Assigned,
    Line::Accepted,
];
const MEASURER: &[Line] =
    &[Line::Deal, Line::Address, Line::Client, Line::Phones, Line::Product, Line::Comment, Line::Manager];
const MANAGER: &[Line] = &[Line::Deal, Line::Order, Line::Address, Line::Client, Line::Measurer];

pub(super) fn lines(view: &CardView, look: Look, context: &Context<'_>) -> Vec<String> {
    let lines = match look {
        Look::Admin | Look::Observer => EVERYTHING,
        Look::Measurer => MEASURER,
        Look::Manager => MANAGER,
    };
    lines.iter().filter_map(|line| render(*line, view, context)).collect()
}

/// `None` for a fact that is not there and that nobody misses.
fn render(line: Line, view: &CardView, context: &Context<'_>) -> Option<String> {
    let words = context.words;
    let facts = &view.measurement.facts;
    let short = |text: &Option<String>, limit| shown(text.as_deref(), limit);
    match line {
        Line::Deal => {
            shown(Some(&facts.lead_name), limits::DEAL).map(|name| say!(words, "card-deal", name = name))
        }
        Line::Order => {
            short(&facts.order_number, limits::SHORT).map(|number| say!(words, "card-order", number = number))
        }
        Line::Address => Some(address(facts.address.as_deref(), words)),
        Line::Zone => short(&facts.zone, limits::SHORT).map(|zone| say!(words, "card-zone", zone = zone)),
        Line::Dealer => {
            short(&facts.dealer, limits::SHORT).map(|name| say!(words, "card-dealer", name = name))
        }
        Line::Client => Some(match short(&facts.client_name, limits::NAME) {
            Some(name) => say!(words, "card-client", name = name),
            None => say!(words, "card-no-client"),
        }),
        Line::Phones => Some(phones(&facts.phones, words)),
        Line::Product => short(&facts.product, limits::PRODUCT)
            .map(|product| say!(words, "card-product", product = product)),
        Line::Comment => facts.comment.as_deref().and_then(|comment| {
            let comment = format::html_lines(comment, limits::COMMENT);
            (!comment.is_empty()).then(|| say!(words, "card-comment", comment = comment))
        }),
        Line::Manager => view.manager.as_ref().map(|manager| self::manager(manager, words)),
        Line::Created => {
            let when = capitalised(&when(view.measurement.created_at, context));
            Some(say!(words, "card-created", when = when))
        }
        Line::Measurer => {
            let name = view.measurer.as_ref().map(|name| name_html(&name.full(), words));
            name.map(|name| say!(words, "card-measurer", name = name))
        }
        Line::Assigned => assigned(view, context),
        Line::Accepted => accepted(view, context),
    }
}

fn shown(text: Option<&str>, limit: usize) -> Option<String> {
    text.map(|text| format::html(text, limit)).filter(|text| !text.is_empty())
}

fn address(address: Option<&str>, words: &Words) -> String {
    match address.zip(shown(address, limits::ADDRESS)) {
        Some((raw, shown)) => {
            let map = format!("<a href=\"{}\">{}</a>", format::map_url(raw), say!(words, "card-map"));
            say!(words, "card-address", address = shown, map = map)
        }
        None => say!(words, "card-no-address"),
    }
}

fn phones(phones: &[Phone], words: &Words) -> String {
    let shown = phones.iter().take(limits::PHONES).map(format::phone);
    let shown: Vec<_> = shown.filter(|phone| !phone.is_empty()).collect();
    if shown.is_empty() {
        say!(words, "card-no-phone")
    } else {
        say!(words, "card-phones", phones = shown.join(", "))
    }
}

fn manager(manager: &ManagerView, words: &Words) -> String {
    let name = name_html(&manager.name, words);
    if manager.is_in_bot {
        say!(words, "card-manager", name = name)
    } else {
        say!(words, "card-manager-outside", name = name)
    }
}

/// Who gave the work to the measurer.
fn assigned(view: &CardView, context: &Context<'_>) -> Option<String> {
    let assignment = view.measurement.status().assignment()?;
    let Some(by) = &view.assigned_by else {
        let when = when(assignment.at, context);
        return assignment.by.is_none().then(|| say!(context.words, "card-assigned-by-rule", when = when));
    };
    let by = name_html(&by.full(), context.words);
    Some(say!(context.words, "card-assigned", by = by, when = when(assignment.at, context)))
}

/// Whether the measurer has said that he goes; once he has started there is no question.
fn accepted(view: &CardView, context: &Context<'_>) -> Option<String> {
    let Status::Assigned(assignment) = view.measurement.status() else { return None };
    Some(match assignment.accepted_at {
        Some(at) => say!(context.words, "card-accepted", when = when(at, context)),
        // Who has a problem there has seen it.
        None if view.measurement.problem().is_some() => return None,
        None => say!(context.words, "card-not-accepted"),
    })
}
