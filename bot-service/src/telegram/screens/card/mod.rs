//! One measurement for one person: what he may know of it, and the buttons that work for him right now.

use super::times::moment;
use super::{Context, Screen, bold, comment, limits, name_html, which, why};
use crate::actions::views::{CardView, Face};
use crate::domain::measurement::{Canceller, Measurement, Origin, Status, StatusKind};
use crate::domain::notices::NoticeKind;
use crate::domain::permissions::Look;
use crate::format;
use crate::telegram::words::say;

mod facts;
mod keyboard;
mod proposal;

pub fn render(view: &CardView, context: &Context<'_>) -> Screen {
    let Some(look) = view.look else { return stub(view, context) };
    let mut text = head(view, look, context);
    let notes = why_cancelled(view, context).into_iter().chain(problem(view, context));
    let notes = notes.chain(follows(&view.measurement, context));
    let facts = facts::lines(view, look, context).into_iter().chain(proposal::lines(view, context));
    for line in notes.chain(warnings(&view.measurement, context)).chain(facts) {
        text.push('\n');
        text.push_str(&line);
    }
    if !view.comments.is_empty() {
        text.push('\n');
    }
    for said in &view.comments {
        text.push('\n');
        text.push_str(&comment::on_card(said, context));
    }
    if view.files.failed > 0 {
        let failed = view.files.failed;
        text.push('\n');
        text.push_str(&say!(context.words, "files-failed", count = failed));
    }
    if let Some(question) = question(view, context) {
        text.push_str("\n\n");
        text.push_str(&bold(&question));
    }
    Screen::with(text, keyboard::rows(view, context))
}

/// For who does not see it any more: number and name, no client, no phone, no address.
fn stub(view: &CardView, context: &Context<'_>) -> Screen {
    let which = which(view.measurement.id, &view.measurement.facts.lead_name, context.words);
    if view.headline == Some(NoticeKind::TakenOffYou) {
        return Screen::text(say!(context.words, "notice-taken-off-you", which = which));
    }
    let text = format!("{}\n{}", bold(&which), say!(context.words, "card-hidden"));
    // Who has just given it back may want it all the same.
    Screen::with(text, keyboard::undo(view, context).into_iter().collect())
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
        NoticeKind::NewMeasurement | NoticeKind::Commented => return None,
        NoticeKind::BackInQueue => say!(words, "headline-back-in-queue"),
        NoticeKind::AssignedToYou => say!(words, "headline-assigned-to-you"),
        NoticeKind::TakenOffYou => say!(words, "headline-taken-off-you"),
        NoticeKind::MeasurerFound => say!(words, "headline-measurer-found"),
        NoticeKind::MeasurerChanged => say!(words, "headline-measurer-changed"),
        NoticeKind::StatusChanged => say!(words, "headline-status-changed"),
        NoticeKind::CancelledInAmoCrm => say!(words, "headline-cancelled-in-amocrm"),
        NoticeKind::FactsChanged => say!(words, "headline-facts-changed"),
        NoticeKind::Problem => say!(words, "headline-problem"),
        NoticeKind::ProblemCleared => say!(words, "headline-problem-cleared"),
        NoticeKind::NowYours => say!(words, "headline-now-yours"),
    })
}

fn title(view: &CardView, look: Look, context: &Context<'_>) -> String {
    let words = context.words;
    let kind = view.measurement.status().kind();
    let (id, status) = (view.measurement.id.to_string(), words.status(kind));
    match closed(view, context) {
        Some(how) => say!(words, "card-title-closed", id = id, status = status, how = how),
        None if matches!(look, Look::Admin | Look::Observer) && kind == StatusKind::Pending => {
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

/// In the words of who cancelled, or of the button that he chose.
fn why_cancelled(view: &CardView, context: &Context<'_>) -> Option<String> {
    let (reason, text) = view.cancelled_because.as_ref()?;
    let why = why(text.as_deref(), || context.words.cancel(*reason));
    Some(say!(context.words, "because", why = why))
}

/// «⚠️ Проблема: клиента нет · Иван Петров, 15:10»
fn problem(view: &CardView, context: &Context<'_>) -> Option<String> {
    let (words, problem) = (context.words, view.measurement.problem()?);
    let why = why(problem.text.as_deref(), || words.problem(problem.reason));
    let who = view.measurer.as_ref().map(|name| name_html(&name.full(), words)).unwrap_or_default();
    Some(say!(words, "card-problem", why = why, who = who, when = moment(problem.at, context)))
}

/// A person asked for it after another one.
fn follows(measurement: &Measurement, context: &Context<'_>) -> Option<String> {
    let previous = measurement.previous_id.filter(|_| measurement.origin == Origin::Person)?;
    Some(say!(context.words, "card-follows", id = previous.to_string()))
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
        Face::Decline => Some(say!(words, "card-ask-decline")),
        Face::Cancel => Some(say!(words, "card-ask-cancel", id = view.measurement.id.to_string())),
        Face::FollowUp => Some(say!(words, "card-ask-follow-up", id = view.measurement.id.to_string())),
        Face::Problem => Some(say!(words, "card-ask-problem")),
        Face::Restore => Some(say!(words, "card-ask-restore", id = view.measurement.id.to_string())),
        Face::Reassigned => Some(say!(words, "card-ask-reassigned")),
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
