//! Zones: the list, one of them, who measures there, and names of deals that are none yet.

use super::{Button, Context, Row, Screen, back_row, bold, limits, menu_row, name_html, name_line, pages};
use crate::actions::views::{UnknownNameView, ZoneMeasurersView, ZoneView, ZonesView};
use crate::domain::ids::ZoneId;
use crate::domain::user::Name;
use crate::format;
use crate::telegram::callback::{Callback, ZonePress};
use crate::telegram::words::{Words, say};

pub fn list(view: &ZonesView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines = vec![bold(&say!(words, "zones-title"))];
    let is_empty = view.rows.is_empty() && view.page == 0;
    lines.push(if is_empty { say!(words, "zones-none") } else { say!(words, "zones-choose") });
    if !view.unknown.0.is_empty() {
        let names: Vec<_> =
            view.unknown.0.iter().map(|(_, name)| format::html(name, limits::SHORT)).collect();
        lines.push(say!(words, "zones-unknown", names = names.join(", ")));
    }
    let mut rows: Vec<Row> = view
        .rows
        .iter()
        .map(|row| {
            let name = name_line(&row.name, limits::BUTTON, words);
            let label = match row.measurers {
                0 => say!(words, "zone-empty", name = name),
                count => say!(words, "candidate", name = name, count = count.to_string()),
            };
            vec![press(label, ZonePress::Open(row.id))]
        })
        .collect();
    rows.extend(pages(view.page, view.has_next, |page| Callback::Zone(ZonePress::List(page)), words));
    for (id, name) in &view.unknown.0 {
        let name = name_line(name, limits::BUTTON, words);
        rows.push(vec![press(say!(words, "button-unknown", name = name), ZonePress::Unknown(*id))]);
    }
    if view.unknown.0.len() > 1 {
        rows.push(vec![press(say!(words, "button-import"), ZonePress::Import)]);
    }
    rows.push(vec![press(say!(words, "button-new-zone"), ZonePress::Create)]);
    rows.push(menu_row(words));
    Screen::with(lines.join("\n"), rows)
}

pub fn zone(view: &ZoneView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines = vec![bold(&title(&view.name, words))];
    lines.push(if view.measurers.is_empty() {
        say!(words, "zone-nobody")
    } else {
        let full = |name: &Name| name_html(&name.full(), words);
        say!(words, "zone-measurers", names = view.measurers.iter().map(full).collect::<Vec<_>>().join(", "))
    });
    if !view.spellings.is_empty() {
        let names: Vec<_> = view.spellings.iter().map(|name| format::html(name, limits::SHORT)).collect();
        lines.push(say!(words, "zone-spellings", names = names.join(", ")));
    }
    let rows = vec![
        vec![press(say!(words, "button-zone-measurers"), ZonePress::Measurers(view.id, 0))],
        vec![
            press(say!(words, "button-rename"), ZonePress::Rename(view.id)),
            press(say!(words, "button-spell"), ZonePress::Spell(view.id)),
        ],
        vec![
            press(say!(words, "button-merge"), ZonePress::ChooseMerge(view.id)),
            press(say!(words, "button-delete"), ZonePress::AskDelete(view.id)),
        ],
        back_row(Callback::Zone(ZonePress::List(0)), words),
    ];
    Screen::with(lines.join("\n"), rows)
}

/// A press gives the zone to a measurer, or takes it.
pub fn measurers(view: &ZoneMeasurersView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let text = format!("{}\n{}", bold(&title(&view.name, words)), say!(words, "zone-who"));
    let mut rows: Vec<Row> = view
        .rows
        .iter()
        .map(|(user, name, is_there)| {
            let name = name_line(&name.full(), limits::BUTTON, words);
            vec![if *is_there {
                press(say!(words, "role-has", role = name), ZonePress::Take(view.id, *user, view.page))
            } else {
                press(name, ZonePress::Give(view.id, *user, view.page))
            }]
        })
        .collect();
    let turn = |page| Callback::Zone(ZonePress::Measurers(view.id, page));
    rows.extend(pages(view.page, view.has_next, turn, words));
    if view.rows.is_empty() && view.page == 0 {
        rows.push(vec![Button::press(say!(words, "button-invite"), Callback::Invite)]);
    }
    rows.push(back_row(Callback::Zone(ZonePress::Open(view.id)), words));
    Screen::with(text, rows)
}

/// «С какой зоной объединить?»
pub fn choose_merge(view: &ZoneView, others: &[(ZoneId, String)], context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut rows: Vec<Row> = others
        .iter()
        .map(|(id, name)| vec![press(name_line(name, limits::BUTTON, words), ZonePress::Merge(view.id, *id))])
        .collect();
    rows.push(back_row(Callback::Zone(ZonePress::Open(view.id)), words));
    Screen::with(say!(words, "zone-merge", name = format::html(&view.name, limits::SHORT)), rows)
}

pub fn ask_delete(view: &ZoneView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let rows = vec![vec![
        press(say!(words, "button-delete-yes"), ZonePress::Delete(view.id)),
        press(say!(words, "button-back"), ZonePress::Open(view.id)),
    ]];
    Screen::with(say!(words, "zone-delete", name = format::html(&view.name, limits::SHORT)), rows)
}

/// A name of a deal: a new zone, or a spelling of one.
pub fn unknown(view: &UnknownNameView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let name = format::html(&view.name, limits::SHORT);
    let label = say!(words, "button-adopt-zone", name = name_line(&view.name, limits::BUTTON, words));
    let mut rows = vec![vec![press(label, ZonePress::Adopt(view.id))]];
    rows.extend(view.zones.iter().map(|(zone, name)| {
        let name = name_line(name, limits::BUTTON, words);
        vec![press(say!(words, "button-same-zone", name = name), ZonePress::SpellUnknown(view.id, *zone))]
    }));
    rows.push(vec![press(say!(words, "button-dismiss"), ZonePress::Dismiss(view.id))]);
    rows.push(back_row(Callback::Zone(ZonePress::List(0)), words));
    Screen::with(say!(words, "zone-unknown", name = name), rows)
}

/// What to write, and the way back.
pub fn ask(question: Question, context: &Context<'_>) -> Screen {
    let words = context.words;
    let (text, back) = match question {
        Question::NewName => (say!(words, "zone-ask-name"), ZonePress::List(0)),
        Question::OtherName(zone) => (say!(words, "zone-ask-rename"), ZonePress::Open(zone)),
        Question::Spelling(zone) => (say!(words, "zone-ask-spelling"), ZonePress::Open(zone)),
    };
    Screen::with(text, vec![back_row(Callback::Zone(back), words)])
}

/// What a person is asked to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    NewName,
    OtherName(ZoneId),
    Spelling(ZoneId),
}

fn title(name: &str, words: &Words) -> String {
    say!(words, "zone-title", name = format::html(name, limits::SHORT))
}

fn press(label: String, press: ZonePress) -> Button {
    Button::press(label, Callback::Zone(press))
}

#[cfg(test)]
mod tests;
