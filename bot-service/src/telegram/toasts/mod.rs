//! What a press is answered with: a toast for what happened, an alert for what did not.

use super::screens::times::moment;
use super::screens::{Context, limits, name_line};
use super::words::say;
use crate::actions::{LastChange, Refused};
use crate::domain::history::What;
use crate::domain::measurement::StatusKind;
use crate::domain::permissions::Refusal;
use crate::domain::user::Name;
use crate::format;

/// Telegram's limit, in characters.
const LIMIT: usize = 200;

/// The answer to one press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// Plain text, at most 200 characters.
    pub text: String,
    /// Shown until it is dismissed, instead of passing by.
    pub is_alert: bool,
}

impl Toast {
    fn passing(text: &str) -> Self {
        Self { text: format::cut(text, LIMIT), is_alert: false }
    }

    fn alert(text: &str) -> Self {
        Self { text: format::cut(text, LIMIT), is_alert: true }
    }
}

pub fn assigned(measurer: &Name, context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-assigned", name = full(measurer, context)))
}

pub fn started(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-started"))
}

pub fn completed(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-completed"))
}

pub fn cancelled(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-cancelled"))
}

pub fn restored(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-restored"))
}

pub fn disabled(name: &Name, context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-disabled", name = full(name, context)))
}

pub fn enabled(name: &Name, context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-enabled", name = full(name, context)))
}

/// The list of employees has been asked for and comes later.
pub fn refreshing(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-refreshing"))
}

/// The work goes on, its result comes as a message.
pub fn slow(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "slow"))
}

/// Data that is no press of ours.
pub fn outdated(context: &Context<'_>) -> Toast {
    Toast::alert(&say!(context.words, "alert-outdated"))
}

pub fn refused(refused: &Refused, context: &Context<'_>) -> Toast {
    let words = context.words;
    let text = match refused {
        Refused::AlreadyDone => return Toast::passing(&say!(words, "toast-already-done")),
        Refused::Denied(refusal) => denied(*refusal, context),
        Refused::Stale { last } => stale(last, context),
        Refused::MeasurerUnavailable => say!(words, "alert-measurer-unavailable"),
        Refused::AnotherIsOpen(id) => say!(words, "alert-another-is-open", id = id.to_string()),
        Refused::Unknown => say!(words, "alert-unknown"),
        Refused::EmployeeTaken(name) => say!(words, "alert-employee-taken", name = full(name, context)),
        Refused::Protected => say!(words, "alert-protected"),
    };
    Toast::alert(&text)
}

fn denied(refusal: Refusal, context: &Context<'_>) -> String {
    match refusal {
        Refusal::AssignedByAdmin => say!(context.words, "alert-assigned-by-admin"),
        Refusal::AdminOnly => say!(context.words, "alert-admin-only"),
        Refusal::MeasurerOnly => say!(context.words, "alert-measurer-only"),
        Refusal::ManagerOnly => say!(context.words, "alert-manager-only"),
        Refusal::NotYours => say!(context.words, "alert-not-yours"),
        Refusal::NoAccess => say!(context.words, "alert-no-access"),
        Refusal::WrongState => say!(context.words, "alert-wrong-state"),
        Refusal::AlreadyTheMeasurer => say!(context.words, "alert-already-the-measurer"),
    }
}

/// Who did what meanwhile.
fn stale(last: &LastChange, context: &Context<'_>) -> String {
    let words = context.words;
    let author = last.author.as_ref().map(|name| full(name, context));
    let when = moment(last.line.at, context);
    let now = |status| say!(words, "alert-changed", status = words.status(status));
    match &last.line.what {
        What::Assigned { .. } | What::Reassigned { .. } => {
            match (author, last.to.as_ref().map(|name| full(name, context))) {
                (Some(by), Some(to)) => say!(words, "alert-assigned", by = by, to = to, when = when),
                (None, Some(to)) => say!(words, "alert-assigned-to", to = to, when = when),
                (_, None) => now(StatusKind::Assigned),
            }
        }
        What::Completed => match author {
            Some(by) => say!(words, "alert-completed", by = by, when = when),
            None => now(StatusKind::Completed),
        },
        What::Cancelled { because } => match because.map(|end| words.deal_end(end)).or(author) {
            Some(by) => say!(words, "alert-cancelled", by = by, when = when),
            None => now(StatusKind::Cancelled),
        },
        What::Started => now(StatusKind::InProgress),
        What::Opened | What::Restored | What::Returned { .. } => now(StatusKind::Pending),
        What::FactsChanged { .. } | What::ResponsibleChanged { .. } => say!(words, "alert-facts-changed"),
    }
}

fn full(name: &Name, context: &Context<'_>) -> String {
    name_line(&name.full(), limits::TOAST, context.words)
}

#[cfg(test)]
mod tests;
