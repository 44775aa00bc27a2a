//! One measurement for one person: what he may know of it, and the buttons that work for him right now.

use super::times::moment;
use super::{Context, Screen, bold, limits, name_html, which};
use crate::actions::views::{CardView, Face};
use crate::domain::measurement::{Canceller, Measurement, Status, StatusKind};
use crate::domain::notices::NoticeKind;
use crate::domain::permissions::Look;
use crate::format;
use crate::telegram::words::say;

mod facts;
mod keyboard;

pub fn render(view: &CardView, context: &Context<'_>) -> Screen {
    let Some(look) = view.look else { return stub(view, context) };
    let mut text = head(view, look, context);
    for line in warnings(&view.measurement, context).into_iter().chain(facts::lines(view, look, context)) {
        text.push('\n');
        text.push_str(&line);
    }
    if let Some(question) = question(view, context) {
        text.push_str("\n\n");
        text.push_str(&bold(&question));
    }
    Screen::with(text, keyboard::rows(view, context.words))
}

/// For who does not see it any more: number and name, no client, no phone, no address.
fn stub(view: &CardView, context: &Context<'_>) -> Screen {
    let which = which(view.measurement.id, &view.measurement.facts.lead_name, context.words);
    if view.headline == Some(NoticeKind::TakenOffYou) {
        return Screen::text(say!(context.words, "notice-taken-off-you", which = which));
    }
    Screen::text(format!("{}\n{}", bold(&which), say!(context.words, "card-hidden")))
}

/// The headline of the first drawing, and the title.
fn head(view: &CardView, look: Look, context: &Context<'_>) -> String {
    let title = bold(&title(view, look, context));
    match view.headline.and_then(|kind| headline(kind, context)) {
        Some(headline) => format!("{}\n{title}", bold(&headline)),
        None => title,
    }
}

/// Why the card came, as the line above its title. The title of a new one says it already.
fn headline(kind: NoticeKind, context: &Context<'_>) -> Option<String> {
    let words = context.words;
    Some(match kind {
        NoticeKind::NewMeasurement => return None,
        NoticeKind::BackInQueue => say!(words, "headline-back-in-queue"),
        NoticeKind::AssignedToYou => say!(words, "headline-assigned-to-you"),
        NoticeKind::TakenOffYou => say!(words, "headline-taken-off-you"),
        NoticeKind::MeasurerFound => say!(words, "headline-measurer-found"),
        NoticeKind::MeasurerChanged => say!(words, "headline-measurer-changed"),
        NoticeKind::StatusChanged => say!(words, "headline-status-changed"),
        NoticeKind::CancelledInAmoCrm => say!(words, "headline-cancelled-in-amocrm"),
        NoticeKind::FactsChanged => say!(words, "headline-facts-changed"),
        NoticeKind::NowYours => say!(words, "headline-now-yours"),
    })
}

fn title(view: &CardView, look: Look, context: &Context<'_>) -> String {
    let words = context.words;
    let kind = view.measurement.status().kind();
    let (id, status) = (view.measurement.id.to_string(), words.status(kind));
    match closed(view, context) {
        Some(how) => say!(words, "card-title-closed", id = id, status = status, how = how),
        None if look == Look::Admin && kind == StatusKind::Pending => {
            say!(words, "card-title-new", id = id, status = status)
        }
        None => say!(words, "card-title", id = id, status = status),
    }
}

/// By whom and when it was closed; `None` while it is open.
fn closed(view: &CardView, context: &Context<'_>) -> Option<String> {
    let name = |name: &Option<crate::domain::user::Name>| {
        name.as_ref().map(|name| name_html(&name.full(), context.words))
    };
    let (who, at) = match view.measurement.status() {
        Status::Pending | Status::Assigned(_) | Status::InProgress { .. } => return None,
        Status::Completed { at, .. } => (name(&view.measurer), *at),
        Status::Cancelled { at, by: Canceller::Person(_), .. } => (name(&view.cancelled_by), *at),
        Status::Cancelled { at, by: Canceller::AmoCrm(end), .. } => (Some(context.words.deal_end(*end)), *at),
    };
    let when = moment(at, context);
    Some(match who {
        Some(who) => say!(context.words, "who-and-when", who = who, when = when),
        None => when,
    })
}

fn warnings(measurement: &Measurement, context: &Context<'_>) -> Vec<String> {
    let words = context.words;
    let moved_on = measurement.moved_on_to.as_ref().filter(|_| measurement.is_open());
    let moved_on =
        moved_on.map(|stage| say!(words, "card-moved-on", stage = format::html(stage, limits::SHORT)));
    let provisional = measurement.is_provisional.then(|| say!(words, "card-provisional"));
    moved_on.into_iter().chain(provisional).collect()
}

/// What the keyboard asks, where it is not the card's own.
fn question(view: &CardView, context: &Context<'_>) -> Option<String> {
    let words = context.words;
    match keyboard::face(view) {
        _ if !view.is_live => None,
        Face::ConfirmCancel => Some(say!(words, "card-ask-cancel", id = view.measurement.id.to_string())),
        _ if keyboard::lacks_measurers(view) => Some(match view.measurement.measurer() {
            Some(_) => say!(words, "card-no-others"),
            None => say!(words, "card-no-measurers"),
        }),
        Face::Measurers(_) => Some(say!(words, "card-choose-measurer")),
        Face::Main => None,
    }
}

#[cfg(test)]
mod tests;
