//! The buttons of a card: what its reader can do, on the face that the card wears.

use crate::actions::views::{Candidate, CardView, Face};
use crate::domain::permissions::Action;
use crate::telegram::callback::{Callback, CardPress};
use crate::telegram::screens::{Button, Row, limits, name_line};
use crate::telegram::words::{Words, say};

pub(super) fn rows(view: &CardView, words: &Words) -> Vec<Row> {
    if !view.is_live {
        return vec![];
    }
    match face(view) {
        Face::Main => main(view, words),
        Face::Measurers(page) => {
            let mut rows = candidates(view, words);
            rows.push(pages(view, page, words));
            rows
        }
        Face::ConfirmCancel => vec![vec![
            press(view, say!(words, "button-cancel-yes"), CardPress::Cancel),
            press(view, say!(words, "button-cancel-no"), CardPress::Keep),
        ]],
    }
}

/// The face that the reader's rights and the state still allow.
pub(super) fn face(view: &CardView) -> Face {
    match view.face {
        Face::ConfirmCancel if can(view, Action::Cancel) => Face::ConfirmCancel,
        Face::Measurers(page) if can_choose(view) => Face::Measurers(page),
        _ => Face::Main,
    }
}

/// Whether the card should offer measurers and has none.
pub(super) fn lacks_measurers(view: &CardView) -> bool {
    let is_offering = match face(view) {
        Face::Main => can(view, Action::Assign),
        Face::Measurers(page) => page == 0,
        Face::ConfirmCancel => false,
    };
    is_offering && others(view).next().is_none()
}

/// Who measures it already is not offered.
fn others(view: &CardView) -> impl Iterator<Item = &Candidate> {
    let current = view.measurement.measurer();
    view.candidates.iter().filter(move |candidate| Some(candidate.id) != current)
}

fn main(view: &CardView, words: &Words) -> Vec<Row> {
    let mut rows = vec![];
    if can(view, Action::Assign) {
        rows.extend(candidates(view, words));
        if view.has_more_candidates {
            rows.push(vec![press(view, say!(words, "button-more"), CardPress::Measurers(1))]);
        }
    }
    let buttons = view.actions.iter().filter_map(|action| match action {
        Action::View | Action::Assign => None,
        Action::Reassign => Some((say!(words, "button-reassign"), CardPress::Reassign)),
        Action::Start => Some((say!(words, "button-start"), CardPress::Start)),
        Action::Complete => Some((say!(words, "button-complete"), CardPress::Complete)),
        Action::Cancel => Some((say!(words, "button-cancel"), CardPress::AskCancel)),
        Action::Restore => Some((say!(words, "button-restore"), CardPress::Restore)),
    });
    rows.extend(buttons.map(|(label, what)| vec![press(view, label, what)]));
    rows
}

/// One a row.
fn candidates(view: &CardView, words: &Words) -> Vec<Row> {
    if lacks_measurers(view) {
        return vec![vec![Button::press(say!(words, "button-invite"), Callback::Invite)]];
    }
    others(view)
        .map(|candidate| {
            let name = name_line(&candidate.name.short(), limits::BUTTON, words);
            let label = say!(words, "candidate", name = name, count = candidate.open.to_string());
            vec![press(view, label, CardPress::AssignTo(candidate.id))]
        })
        .collect()
}

/// The first page of a measurement without a measurer is the card itself.
fn pages(view: &CardView, page: u32, words: &Words) -> Row {
    let back = match page {
        0 => CardPress::Keep,
        1 if can(view, Action::Assign) => CardPress::Keep,
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
