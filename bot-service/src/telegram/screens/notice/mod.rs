//! A short message about one event, sent as a reply to the card that it changed.

use super::times::moment;
use super::{Button, Context, Screen, comment, name_html, which, why};
use crate::actions::views::{CommentView, NoticeView};
use crate::domain::facts::Field;
use crate::domain::history::What;
use crate::domain::notices::NoticeKind;
use crate::domain::user::Name;
use crate::telegram::callback::Callback;
use crate::telegram::words::say;

pub fn render(view: &NoticeView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let which = which(view.measurement_id, &view.lead_name, words);
    if let Some(said) = &view.comment {
        return commented(view, said, context);
    }
    Screen::text(match view.kind {
        NoticeKind::NewMeasurement => say!(words, "notice-new", which = which),
        NoticeKind::BackInQueue => back_in_queue(view, which, context),
        NoticeKind::AssignedToYou => say!(words, "notice-assigned-to-you", which = which),
        NoticeKind::TakenOffYou if matches!(view.what, What::Restored { .. }) => {
            reopened(view, which, context)
        }
        NoticeKind::TakenOffYou => say!(words, "notice-taken-off-you", which = which),
        NoticeKind::MeasurerFound => {
            let head = say!(words, "notice-measurer-found", which = which);
            let name = view.to.as_ref().map(|name| say!(words, "card-measurer", name = full(name, context)));
            lines(head, [name, None])
        }
        NoticeKind::MeasurerChanged => measurer_changed(view, which, context),
        NoticeKind::StatusChanged | NoticeKind::CancelledInAmoCrm | NoticeKind::Commented => {
            status(view, which, context)
        }
        NoticeKind::FactsChanged => facts(view, context),
        NoticeKind::Problem | NoticeKind::ProblemCleared => problem(view, which, context),
        NoticeKind::NowYours => {
            let head = say!(words, "notice-now-yours", which = which);
            lines(head, [Some(words.status(view.status)), None])
        }
    })
}

/// What was said, and the way to answer it.
fn commented(view: &NoticeView, said: &CommentView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let which = which(view.measurement_id, &view.lead_name, words);
    let head = say!(words, "notice-comment", who = comment::author(said, context), which = which);
    let text = std::iter::once(head).chain(comment::lines(said, context)).collect::<Vec<_>>().join("\n");
    let answer = Button::press(say!(words, "button-answer"), Callback::Comment(view.measurement_id));
    let card = Button::press(say!(words, "button-open-card"), Callback::Open(view.measurement_id));
    let files = (said.files > 0).then(|| vec![comment::files(view.measurement_id, said.files, words)]);
    Screen::with(text, std::iter::once(vec![answer, card]).chain(files).collect())
}

/// The same beside the files themselves, which need no count.
pub fn beside_files(view: &NoticeView, context: &Context<'_>) -> Screen {
    match &view.comment {
        Some(said) => commented(view, &CommentView { files: 0, ..said.clone() }, context),
        None => render(view, context),
    }
}

fn measurer_changed(view: &NoticeView, which: String, context: &Context<'_>) -> String {
    let words = context.words;
    let before =
        view.from.as_ref().map(|name| say!(words, "notice-measurer-before", name = full(name, context)));
    let after = view.to.as_ref().map(|name| say!(words, "notice-measurer-after", name = full(name, context)));
    lines(say!(words, "notice-measurer-changed", which = which), [before, after])
}

fn problem(view: &NoticeView, which: String, context: &Context<'_>) -> String {
    let (words, when) = (context.words, moment(view.at, context));
    let who = view.author.as_ref().map(|name| full(name, context)).unwrap_or_default();
    match &view.what {
        What::ProblemReported { reason, text } => {
            let why = why(text.as_deref(), || words.problem(*reason));
            say!(words, "notice-problem", which = which, why = why, who = who, when = when)
        }
        _ => say!(words, "notice-problem-cleared", which = which, who = who, when = when),
    }
}

/// To who had completed it.
fn reopened(view: &NoticeView, which: String, context: &Context<'_>) -> String {
    let by = view.author.as_ref().map(|name| full(name, context)).unwrap_or_default();
    say!(context.words, "notice-reopened", which = which, by = by)
}

fn back_in_queue(view: &NoticeView, which: String, context: &Context<'_>) -> String {
    let words = context.words;
    let lost = view.from.as_ref().map(|name| match &view.what {
        What::Declined { reason, text, .. } => {
            let why = why(text.as_deref(), || words.decline(*reason));
            say!(words, "notice-declined", name = full(name, context), why = why)
        }
        _ => say!(words, "notice-lost-measurer", name = full(name, context)),
    });
    lines(say!(words, "notice-back-in-queue", which = which), [lost, None])
}

fn status(view: &NoticeView, which: String, context: &Context<'_>) -> String {
    let words = context.words;
    let author = view.author.as_ref().map(|name| full(name, context));
    let by = match &view.what {
        What::Cancelled { because, .. } => because.map(|end| words.deal_end(end)).or(author),
        What::Returned { .. } | What::Declined { .. } => return back_in_queue(view, which, context),
        What::Undone { .. } => return undone(view, which, context),
        _ => {
            let status = words.status(view.status);
            let status = match (&view.what, &view.to) {
                (What::Assigned { .. } | What::Reassigned { .. }, Some(name)) => {
                    say!(words, "notice-status-of", status = status, name = full(name, context))
                }
                _ => status,
            };
            let when = moment(view.at, context);
            return match author {
                Some(who) => {
                    say!(words, "notice-status-by", which = which, status = status, who = who, when = when)
                }
                None => say!(words, "notice-status", which = which, status = status),
            };
        }
    };
    let head = match by {
        Some(by) => say!(words, "notice-cancelled", which = which, by = by),
        None => say!(words, "notice-cancelled-by-nobody", which = which),
    };
    let because = match &view.what {
        What::Cancelled { reason: Some(reason), text, .. } => {
            let why = why(text.as_deref(), || words.cancel(*reason));
            Some(say!(words, "because", why = why))
        }
        _ => None,
    };
    lines(head, [because])
}

fn undone(view: &NoticeView, which: String, context: &Context<'_>) -> String {
    let (words, when) = (context.words, moment(view.at, context));
    let who = view.author.as_ref().map(|name| full(name, context)).unwrap_or_default();
    let status = words.status(view.status);
    say!(words, "notice-undone", which = which, status = status, who = who, when = when)
}

fn facts(view: &NoticeView, context: &Context<'_>) -> String {
    let words = context.words;
    let what = match view.fields.as_slice() {
        [] => say!(words, "notice-facts-some"),
        [field] => words.changed(*field),
        fields => {
            let mut fields: Vec<Field> = fields.to_vec();
            fields.sort_unstable();
            fields.dedup();
            let fields: Vec<_> = fields.into_iter().map(|field| words.field(field)).collect();
            say!(words, "notice-facts-many", fields = fields.join(", "))
        }
    };
    say!(words, "notice-facts", id = view.measurement_id.to_string(), what = what)
}

fn full(name: &Name, context: &Context<'_>) -> String {
    name_html(&name.full(), context.words)
}

fn lines<const N: usize>(head: String, more: [Option<String>; N]) -> String {
    std::iter::once(head).chain(more.into_iter().flatten()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
