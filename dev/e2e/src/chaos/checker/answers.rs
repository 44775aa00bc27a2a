//! A press is handled, always; and one that was answered as done is in the history.

use std::collections::BTreeMap;

use serde_json::Value;

use super::books::{Books, Line};
use super::{Done, Findings};
use crate::chaos::buttons;

/// What a person reads when it is done, and what the history has then.
const SUCCESSES: [(&str, &[&str]); 5] = [
    ("✅ Назначен", &["assigned", "reassigned"]),
    ("🔄 Замер начат", &["started"]),
    ("✅ Замер выполнен", &["completed"]),
    ("❌ Замер отменен", &["cancelled"]),
    ("↩️ Замер снова ждёт назначения", &["restored"]),
];

pub fn check(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    handled(books, done, findings);
    let lines: BTreeMap<(i64, i32), &Line> = books
        .history
        .iter()
        .filter(|line| super::history::is_transition(line))
        .map(|line| ((line.measurement_id, line.step), line))
        .collect();
    for press in &done.people.presses {
        let (Some(change), Some(toast)) = (buttons::change(&press.data), done.telegram.answer_to(&press.id))
        else {
            continue;
        };
        let promised = SUCCESSES.iter().find(|(text, _)| toast.text.starts_with(text) && !toast.is_alert);
        let Some((text, whats)) = promised else { continue };
        let line = lines.get(&(change.measurement, change.step + 1));
        let is_there = line.is_some_and(|line| {
            whats.contains(&line.what.as_str()) && line.actor_id == books.user_of(press.person)
        });
        if !is_there {
            findings.lost.push(format!(
                "{} pressed {} and read «{text}», but the history has {line:?}",
                press.person, press.data
            ));
        }
    }
}

/// Every press and every word came in, was worked through, and was not given up.
fn handled(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    let mut callbacks = BTreeMap::new();
    let mut messages = BTreeMap::new();
    for update in &books.updates {
        let Ok(body) = serde_json::from_slice::<Value>(&update.body) else { continue };
        if let Some(id) = body["callback_query"]["id"].as_str() {
            callbacks.insert(id.to_owned(), update);
        } else if let Some(id) = body["message"]["message_id"].as_i64() {
            messages.insert((update.chat_id, id), update);
        }
    }
    let presses = done.people.presses.iter();
    let presses =
        presses.map(|press| (format!("{} pressed {}", press.person, press.data), callbacks.get(&press.id.0)));
    let typed = done.people.typed.iter();
    let typed = typed.map(|(chat, id)| (format!("{chat} wrote message {id}"), messages.get(&(*chat, *id))));
    for (what, update) in presses.chain(typed) {
        match update {
            None => findings.lost.push(format!("{what}, and nobody stored it")),
            Some(update) if update.is_parked => findings.lost.push(format!("{what}, and it was given up")),
            Some(update) if !update.is_handled => {
                findings.lost.push(format!("{what}, and nobody handled it"));
            }
            Some(_) => {}
        }
    }
}
