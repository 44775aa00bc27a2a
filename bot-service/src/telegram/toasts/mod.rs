//! What a press is answered with: a toast for what happened, an alert for what did not.

use super::screens::times::moment;
use super::screens::{Context, limits, name_line};
use super::words::say;
use crate::actions::views::DecisionView;
use crate::actions::{LastChange, Refused};
use crate::domain::failures::Decided;
use crate::domain::history::What;
use crate::domain::ids::MeasurementId;
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

pub fn accepted(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-accepted"))
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

pub fn problem_reported(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-problem-reported"))
}

pub fn problem_cleared(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-problem-cleared"))
}

pub fn undone(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-undone"))
}

/// Another visit of the same deal.
pub fn opened(id: MeasurementId, context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-opened", id = id.to_string()))
}

/// Why another measurer goes is in the history.
pub fn explained(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-explained"))
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

pub fn declined(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-declined"))
}

pub fn roles_changed(name: &Name, context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-roles-changed", name = full(name, context)))
}

pub fn handed_over(visits: i64, context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-handed-over", count = visits))
}

/// The list of employees has been asked for and comes later.
pub fn refreshing(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-refreshing"))
}

/// A deal that failed is due again.
pub fn deal_is_read_again(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-deal-again"))
}

pub fn message_is_understood(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-understood"))
}

pub fn message_is_sent_again(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-sent-again"))
}

pub fn skipped(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-skipped"))
}

pub fn done(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "toast-done"))
}

/// The work goes on, its result comes as a message.
pub fn slow(context: &Context<'_>) -> Toast {
    Toast::passing(&say!(context.words, "slow"))
}

/// A page of a search after which there was another one, or whose words are forgotten.
pub fn search_is_over(context: &Context<'_>) -> Toast {
    Toast::alert(&say!(context.words, "alert-search-over"))
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
        Refused::ProposalChanged(Some(name)) => {
            say!(words, "alert-proposal-changed", name = full(name, context))
        }
        Refused::ProposalChanged(None) => say!(words, "alert-proposal-gone"),
        Refused::NameTaken(name) => {
            say!(words, "alert-name-taken", name = name_line(name, limits::TOAST, words))
        }
        Refused::DealerTaken(name) => {
            say!(words, "alert-dealer-taken", name = name_line(name, limits::TOAST, words))
        }
        Refused::NoName => say!(words, "alert-no-name"),
        Refused::AnotherIsOpen(id) => say!(words, "alert-another-is-open", id = id.to_string()),
        Refused::Unknown => say!(words, "alert-unknown"),
        Refused::EmployeeTaken(name) => say!(words, "alert-employee-taken", name = full(name, context)),
        Refused::Protected => say!(words, "alert-protected"),
        Refused::LastRole => say!(words, "alert-last-role"),
        Refused::HasVisits(count) => {
            let count = *count;
            say!(words, "alert-has-visits", count = count)
        }
        Refused::Decided(decision) => decided(decision, context),
        Refused::NotStuck => return Toast::passing(&say!(words, "alert-not-stuck")),
        Refused::MovedOn => say!(words, "alert-moved-on"),
        Refused::StillUnreadable(why) => say!(words, "alert-still-unreadable", why = words.parked(*why)),
        Refused::IsSending => return Toast::passing(&say!(words, "alert-is-sending")),
        Refused::StageIsUsed => say!(words, "alert-stage-is-used"),
        Refused::LastStage => say!(words, "alert-last-stage"),
        Refused::NowhereToSend => say!(words, "alert-nowhere-to-send"),
    };
    Toast::alert(&text)
}

fn denied(refusal: Refusal, context: &Context<'_>) -> String {
    match refusal {
        Refusal::AssignedByAdmin => say!(context.words, "alert-assigned-by-admin"),
        Refusal::AdminOnly => say!(context.words, "alert-admin-only"),
        Refusal::AdminsByAdmin => say!(context.words, "alert-admins-by-admin"),
        Refusal::SettingsByAdmin => say!(context.words, "alert-settings-by-admin"),
        Refusal::MeasurerOnly => say!(context.words, "alert-measurer-only"),
        Refusal::ManagerOnly => say!(context.words, "alert-manager-only"),
        Refusal::NotYours => say!(context.words, "alert-not-yours"),
        Refusal::NoAccess => say!(context.words, "alert-no-access"),
        Refusal::WrongState => say!(context.words, "alert-wrong-state"),
        Refusal::NotYourMove => say!(context.words, "alert-not-your-move"),
        Refusal::TooLate => say!(context.words, "alert-too-late"),
        Refusal::AlreadyTheMeasurer => say!(context.words, "alert-already-the-measurer"),
    }
}

/// Who decided meanwhile.
fn decided(decision: &DecisionView, context: &Context<'_>) -> String {
    let (by, when) = (full(&decision.name, context), moment(decision.at, context));
    match decision.decided {
        Decided::Repeated => say!(context.words, "alert-repeated", by = by, when = when),
        Decided::Skipped => say!(context.words, "alert-skipped", by = by, when = when),
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
        What::Cancelled { because, .. } => match because.map(|end| words.deal_end(end)).or(author) {
            Some(by) => say!(words, "alert-cancelled", by = by, when = when),
            None => now(StatusKind::Cancelled),
        },
        What::Accepted => now(StatusKind::Assigned),
        What::Undone { status, .. } => now(*status),
        What::Started => now(StatusKind::InProgress),
        What::Opened | What::Restored { .. } | What::Returned { .. } | What::Declined { .. } => {
            now(StatusKind::Pending)
        }
        What::ProblemReported { reason, .. } => {
            say!(words, "alert-problem", why = words.problem(*reason))
        }
        What::ProblemCleared
        | What::Proposed { .. }
        | What::Explained { .. }
        | What::Commented { .. }
        | What::FactsChanged { .. }
        | What::ResponsibleChanged { .. } => say!(words, "alert-facts-changed"),
    }
}

fn full(name: &Name, context: &Context<'_>) -> String {
    name_line(&name.full(), limits::TOAST, context.words)
}

#[cfg(test)]
mod tests;
