//! The buttons of a card: what its reader can do, on the face that the card wears.

use crate::actions::views::{COUNT_CAP, Candidate, CardView, Face, ProposalView};
use crate::domain::measurement::{
    CancelReason, Canceller, DeclineReason, ProblemReason, ReassignReason, Status,
};
use crate::domain::permissions::Action;
use crate::format;
use crate::telegram::callback::{Callback, CardPress};
use crate::telegram::screens::{Button, Context, Row, comment, limits, name_line};
use crate::telegram::words::{Words, say};

pub(super) fn rows(view: &CardView, context: &Context<'_>) -> Vec<Row> {
    let words = context.words;
    if !view.is_live {
        return vec![];
    }
    match face(view) {
        Face::Main => main(view, context),
        Face::Measurers(page) => {
            let mut rows = candidates(view, words);
            rows.push(pages(view, page, words));
            rows
        }
        Face::Decline => {
            let reasons = DeclineReason::ALL.map(|one| (words.decline(one), CardPress::Decline(one)));
            choice(view, reasons, say!(words, "button-back"))
        }
        Face::Problem => {
            let reasons = ProblemReason::ALL.map(|one| (words.problem(one), CardPress::ReportProblem(one)));
            choice(view, reasons, say!(words, "button-back"))
        }
        Face::Cancel => {
            let reasons = CancelReason::ALL.map(|one| (words.cancel(one), CardPress::Cancel(one)));
            choice(view, reasons, say!(words, "button-cancel-no"))
        }
        Face::FollowUp => vec![vec![
            press(view, say!(words, "button-follow-up-yes"), CardPress::FollowUp),
            press(view, say!(words, "button-follow-up-no"), CardPress::Keep),
        ]],
        Face::Restore => vec![vec![
            press(view, say!(words, "button-restore-yes"), CardPress::Restore),
            press(view, say!(words, "button-restore-no"), CardPress::Keep),
        ]],
        Face::Reassigned => {
            let reasons = ReassignReason::ALL.map(|one| (words.reassign(one), CardPress::Explain(one)));
            choice(view, reasons, say!(words, "button-skip-reason"))
        }
    }
}

/// One a row, and the way back.
fn choice<const N: usize>(view: &CardView, offered: [(String, CardPress); N], back: String) -> Vec<Row> {
    let offered = offered.into_iter().chain([(back, CardPress::Keep)]);
    offered.map(|(label, what)| vec![press(view, label, what)]).collect()
}

/// The face that the reader's rights and the state still allow.
pub(super) fn face(view: &CardView) -> Face {
    match view.face {
        Face::Cancel if can(view, Action::Cancel) => Face::Cancel,
        Face::Restore if can(view, Action::Restore) => Face::Restore,
        Face::Decline if can(view, Action::Decline) => Face::Decline,
        Face::FollowUp if can(view, Action::FollowUp) => Face::FollowUp,
        Face::Problem if can(view, Action::ReportProblem) => Face::Problem,
        Face::Reassigned if can(view, Action::Reassign) => Face::Reassigned,
        Face::Measurers(page) if can_choose(view) => Face::Measurers(page),
        _ => Face::Main,
    }
}

/// Whether the card should offer measurers and has none.
pub(super) fn lacks_measurers(view: &CardView) -> bool {
    let is_offering = match face(view) {
        Face::Main => can(view, Action::Assign),
        Face::Measurers(page) => page == 0,
        Face::Cancel | Face::Restore | Face::Decline | Face::Problem | Face::FollowUp | Face::Reassigned => {
            false
        }
    };
    is_offering && view.proposal.is_none() && others(view).next().is_none()
}

/// Who measures it already is not offered.
fn others(view: &CardView) -> impl Iterator<Item = &Candidate> {
    let current = view.measurement.measurer();
    view.candidates.iter().filter(move |candidate| Some(candidate.id) != current)
}

fn main(view: &CardView, context: &Context<'_>) -> Vec<Row> {
    let words = context.words;
    let mut rows = vec![];
    if can(view, Action::Assign) {
        rows.extend(view.proposal.iter().map(|proposal| vec![confirm(view, proposal, words)]));
        rows.extend(candidates(view, words));
        if view.has_more_candidates {
            let (label, page) = match view.proposal {
                Some(_) => (say!(words, "button-other"), 0),
                None => (say!(words, "button-more"), 1),
            };
            rows.push(vec![press(view, label, CardPress::Measurers(page))]);
        }
    }
    let buttons = view.actions.iter().filter_map(|action| match action {
        Action::View
        | Action::Assign
        | Action::ReportProblem
        | Action::FollowUp
        | Action::Undo
        | Action::History
        | Action::Comment => None,
        Action::ClearProblem => Some((say!(words, "button-clear-problem"), CardPress::ClearProblem)),
        Action::Reassign => Some((say!(words, "button-reassign"), CardPress::Reassign)),
        Action::Accept => Some((say!(words, "button-accept"), CardPress::Accept)),
        Action::Start => Some((say!(words, "button-start"), CardPress::Start)),
        Action::Complete => Some((say!(words, "button-complete"), CardPress::Complete)),
        Action::Decline => Some((say!(words, "button-decline"), CardPress::AskDecline)),
        Action::Cancel => Some((say!(words, "button-cancel"), CardPress::AskCancel)),
        Action::Restore => Some((say!(words, "button-restore"), restore(view))),
    });
    rows.extend(buttons.map(|(label, what)| vec![press(view, label, what)]));
    if can(view, Action::ReportProblem) {
        // Beside «cannot go», so that a measurer's rows stay few.
        let problem = press(view, say!(words, "button-problem"), CardPress::AskProblem);
        match rows.last_mut().filter(|_| can(view, Action::Decline)) {
            Some(row) => row.push(problem),
            None => rows.push(vec![problem]),
        }
    }
    if can(view, Action::Comment) {
        let mut row =
            vec![Button::press(say!(words, "button-comment"), Callback::Comment(view.measurement.id))];
        if view.files.all > 0 {
            row.push(comment::files(view.measurement.id, view.files.all, words));
        }
        rows.push(row);
    }
    rows.extend(undo(view, context));
    let rare: Row = follow_up(view, words).into_iter().chain(history(view, words)).collect();
    if !rare.is_empty() {
        rows.push(rare);
    }
    rows
}

/// «✅ Подтвердить: Иван П. · 2»
fn confirm(view: &CardView, proposal: &ProposalView, words: &Words) -> Button {
    let name = name_line(&proposal.name.short(), limits::BUTTON, words);
    let label = say!(words, "button-confirm", name = name, count = format::count(proposal.busy, COUNT_CAP));
    press(view, label, CardPress::Confirm(proposal.number))
}

/// Its author may take the last step back, for as long as the card is drawn in time.
pub(super) fn undo(view: &CardView, context: &Context<'_>) -> Option<Row> {
    let last = view.measurement.undoable().filter(|_| view.is_live && can(view, Action::Undo))?;
    let is_in_time = context.now <= last.until();
    is_in_time.then(|| vec![press(view, say!(context.words, "button-undo"), CardPress::Undo)])
}

/// After a visit that is done by one press, beside an open one by two.
fn follow_up(view: &CardView, words: &Words) -> Option<Button> {
    let (label, what) = if view.measurement.is_open() {
        (say!(words, "button-another-visit"), CardPress::AskFollowUp)
    } else {
        (say!(words, "button-follow-up"), CardPress::FollowUp)
    };
    can(view, Action::FollowUp).then(|| press(view, label, what))
}

fn history(view: &CardView, words: &Words) -> Option<Button> {
    let history = Callback::History { id: view.measurement.id, before: None };
    can(view, Action::History).then(|| Button::press(say!(words, "button-history"), history))
}

/// What AmoCRM ended comes back by one press: nobody here decided that. What a person ended is asked about once more.
fn restore(view: &CardView) -> CardPress {
    match view.measurement.status() {
        Status::Cancelled { by: Canceller::AmoCrm(_), .. } => CardPress::Restore,
        _ => CardPress::AskRestore,
    }
}

/// One a row.
fn candidates(view: &CardView, words: &Words) -> Vec<Row> {
    if lacks_measurers(view) {
        return vec![vec![Button::press(say!(words, "button-invite"), Callback::Invite)]];
    }
    others(view)
        .map(|candidate| {
            let name = name_line(&candidate.name.short(), limits::BUTTON, words);
            let count = format::count(candidate.open, COUNT_CAP);
            let label = if candidate.has_declined {
                say!(words, "candidate-declined", name = name, count = count)
            } else if candidate.is_away {
                say!(words, "candidate-away", name = name, count = count)
            } else {
                say!(words, "candidate", name = name, count = count)
            };
            vec![press(view, label, CardPress::AssignTo(candidate.id))]
        })
        .collect()
}

/// The first page of a measurement without a measurer is the card itself.
fn pages(view: &CardView, page: u32, words: &Words) -> Row {
    let back = match page {
        0 => CardPress::Keep,
        1 if can(view, Action::Assign) && view.proposal.is_none() => CardPress::Keep,
        page => CardPress::Measurers(page - 1),
    };
    let mut row = vec![press(view, say!(words, "button-back"), back)];
    if view.has_more_candidates {
        row.push(press(view, say!(words, "button-more"), CardPress::Measurers(page.saturating_add(1))));
    }
    row
}

fn can(view: &CardView, action: Action) -> bool {
    view.actions.contains(&action)
}

fn can_choose(view: &CardView) -> bool {
    can(view, Action::Assign) || can(view, Action::Reassign)
}

fn press(view: &CardView, label: String, press: CardPress) -> Button {
    let measurement = &view.measurement;
    let callback = Callback::Card { id: measurement.id, step: measurement.step(), press };
    Button::press(label, callback)
}
