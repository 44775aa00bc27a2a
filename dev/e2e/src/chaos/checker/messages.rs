//! Who must hear of something has heard of it: in the outbox, and in his chat.

use std::collections::{BTreeMap, BTreeSet};

use simulator::telegram::{Call, Outcome};

use super::books::{Books, Line, Notice};
use super::{Done, Findings};

const DIGEST: &str = "🆕 Новых замеров: ";

pub fn check(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    ends(books, findings);
    let by_cause: BTreeMap<(i64, i64, &str), &Notice> = books
        .notices
        .iter()
        .filter_map(|notice| Some(((notice.user_id?, notice.history_id?, notice.kind.as_str()), notice)))
        .collect();
    for line in &books.history {
        for (user, kind) in must_hear(line, books) {
            if !by_cause.contains_key(&(user, line.id, kind)) {
                findings
                    .lost
                    .push(format!("{kind} of №{} for {user} was never written", line.measurement_id));
            }
        }
    }
    in_chats(books, done, findings);
    new_ones(books, done, findings);
    visits(books, done, findings);
}

/// Nothing waits, nothing was given up.
fn ends(books: &Books, findings: &mut Findings) {
    for notice in &books.notices {
        if !["sent", "superseded"].contains(&notice.state.as_str()) {
            findings.lost.push(format!(
                "outbox {}, {} for {}: {}",
                notice.id, notice.kind, notice.chat_id, notice.state
            ));
        }
    }
}

/// The messages without which somebody does not know what he has to do.
fn must_hear(line: &Line, books: &Books) -> Vec<(i64, &'static str)> {
    let admins = |kind| {
        books.users.iter().filter(|user| user.is_admin).map(|user| (user.id, kind)).collect::<Vec<_>>()
    };
    match line.what.as_str() {
        // Who asked for it has its card.
        "opened" => {
            let told = admins("new_measurement").into_iter();
            told.filter(|(user, _)| Some(*user) != line.actor_id).collect()
        }
        "assigned" => line.to_id.map(|to| (to, "assigned_to_you")).into_iter().collect(),
        "reassigned" => {
            let told = [
                line.to_id.map(|to| (to, "assigned_to_you")),
                line.from_id.map(|from| (from, "taken_off_you")),
            ];
            told.into_iter().flatten().collect()
        }
        "cancelled" if line.is_of_amocrm => admins("cancelled_in_amocrm"),
        _ => vec![],
    }
}

/// What counts as sent is there to be read.
fn in_chats(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    let delivered: BTreeMap<i64, i32> =
        books.delivered.iter().map(|delivered| (delivered.outbox, delivered.message)).collect();
    for notice in &books.notices {
        if notice.state != "sent" || notice.is_edit || notice.kind == "commands" {
            continue;
        }
        let message =
            delivered.get(&notice.id).and_then(|id| done.telegram.message(notice.chat_id, i64::from(*id)));
        if !message.is_some_and(|message| message.is_from_bot()) {
            findings.lost.push(format!(
                "{} ({}) counts as sent to {}, but is not there",
                notice.kind, notice.id, notice.chat_id
            ));
        }
    }
}

/// Every admin knows of every new measurement that still waits, by its card or by the message for many.
fn new_ones(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    // As they were sent: the button below turns such a message into a list.
    let mut sent = done.telegram.calls_of("sendMessage");
    sent.retain(|call| matches!(call.outcome, Outcome::Done | Outcome::Lost));
    for admin in books.users.iter().filter(|user| user.is_admin) {
        let messages = done.telegram.bot_messages(admin.chat_id);
        let digests: usize =
            sent.iter().filter(|call| call.chat_id() == Some(admin.chat_id)).filter_map(of_many).sum();
        let shown: BTreeSet<i64> = messages.iter().filter_map(|message| number(&message.text)).collect();
        // Who restores a measurement has its card before his eyes, and nobody else is told of it.
        let is_restored =
            |id| books.history.iter().any(|line| line.measurement_id == id && line.what == "restored");
        let waiting = books.measurements.iter().filter(|one| one.status == "pending" && !is_restored(one.id));
        let unknown = waiting.filter(|one| !shown.contains(&one.id)).count();
        if unknown > digests {
            findings.lost.push(format!(
                "{unknown} new measurements are not in the chat {}, and messages for many tell of {digests}",
                admin.chat_id
            ));
        }
    }
}

/// How many measurements a message for many tells of.
fn of_many(call: &Call) -> Option<usize> {
    let number = call.text()?.split_once(DIGEST)?.1;
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number[..end].parse().ok()
}

/// Every measurer has the card of every visit that is his.
fn visits(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    for measurement in &books.measurements {
        if !["assigned", "in_progress"].contains(&measurement.status.as_str()) {
            continue;
        }
        let chat = measurement.measurer_id.and_then(|measurer| books.chat_of(measurer));
        let is_there = chat.is_some_and(|chat| {
            let messages = done.telegram.bot_messages(chat);
            messages.iter().any(|message| {
                number(&message.text) == Some(measurement.id) && message.text.contains(&measurement.lead_name)
            })
        });
        if !is_there {
            findings.lost.push(format!("№{} is not in the chat {chat:?} of its measurer", measurement.id));
        }
    }
}

/// The first number of a measurement in a text.
pub fn number(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once('№')?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}
