//! A short message about one event, sent as a reply to the card that it changed.

use super::times::moment;
use super::{Context, Screen, name_html, which};
use crate::actions::views::NoticeView;
use crate::domain::facts::Field;
use crate::domain::history::What;
use crate::domain::notices::NoticeKind;
use crate::domain::user::Name;
use crate::telegram::words::say;

pub fn render(view: &NoticeView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let which = which(view.measurement_id, &view.lead_name, words);
    Screen::text(match view.kind {
        NoticeKind::NewMeasurement => say!(words, "notice-new", which = which),
        NoticeKind::BackInQueue => back_in_queue(view, which, context),
        NoticeKind::AssignedToYou => say!(words, "notice-assigned-to-you", which = which),
        NoticeKind::TakenOffYou => say!(words, "notice-taken-off-you", which = which),
        NoticeKind::MeasurerFound => {
            let head = say!(words, "notice-measurer-found", which = which);
            let name = view.to.as_ref().map(|name| say!(words, "card-measurer", name = full(name, context)));
            lines(head, [name, None])
        }
        NoticeKind::MeasurerChanged => measurer_changed(view, which, context),
        NoticeKind::StatusChanged | NoticeKind::CancelledInAmoCrm => status(view, which, context),
        NoticeKind::FactsChanged => facts(view, context),
        NoticeKind::NowYours => {
            let head = say!(words, "notice-now-yours", which = which);
            lines(head, [Some(words.status(view.status)), None])
        }
    })
}

fn measurer_changed(view: &NoticeView, which: String, context: &Context<'_>) -> String {
    let words = context.words;
    let before =
        view.from.as_ref().map(|name| say!(words, "notice-measurer-before", name = full(name, context)));
    let after = view.to.as_ref().map(|name| say!(words, "notice-measurer-after", name = full(name, context)));
    lines(say!(words, "notice-measurer-changed", which = which), [before, after])
}

fn back_in_queue(view: &NoticeView, which: String, context: &Context<'_>) -> String {
    let words = context.words;
    let lost = view.from.as_ref().map(|name| say!(words, "notice-lost-measurer", name = full(name, context)));
    lines(say!(words, "notice-back-in-queue", which = which), [lost, None])
}

fn status(view: &NoticeView, which: String, context: &Context<'_>) -> String {
    let words = context.words;
    let author = view.author.as_ref().map(|name| full(name, context));
    let by = match &view.what {
        What::Cancelled { because } => because.map(|end| words.deal_end(end)).or(author),
        What::Returned { .. } => return back_in_queue(view, which, context),
        _ => {
            let status = words.status(view.status);
            let when = moment(view.at, context);
            return match author {
                Some(who) => {
                    say!(words, "notice-status-by", which = which, status = status, who = who, when = when)
                }
                None => say!(words, "notice-status", which = which, status = status),
            };
        }
    };
    match by {
        Some(by) => say!(words, "notice-cancelled", which = which, by = by),
        None => say!(words, "notice-cancelled-by-nobody", which = which),
    }
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
