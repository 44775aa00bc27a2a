//! A live card shows the state that the database holds, and nobody reads of a client whose visit is not his.

use std::collections::BTreeMap;

use super::books::{Books, Card, Measurement};
use super::messages::number;
use super::{Done, Findings};
use crate::chaos::buttons;
use crate::chaos::cast;
use crate::chaos::plan::people::Role;

pub fn check(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    let measurements: BTreeMap<i64, &Measurement> =
        books.measurements.iter().map(|one| (one.id, one)).collect();
    for card in &books.cards {
        if let Some(measurement) = measurements.get(&card.measurement_id) {
            one(card, measurement, (books.user_of(card.chat_id), done), findings);
        }
    }
    privacy(books, done, findings);
}

fn one(
    card: &Card,
    measurement: &Measurement,
    (user, done): (Option<i64>, &Done<'_>),
    findings: &mut Findings,
) {
    let (chat, id) = (card.chat_id, i64::from(card.message_id));
    let mut wrong = |what: String| {
        findings.wrong.push(format!(
            "the card of №{} in {chat}: {what}; {card:?}{}",
            measurement.id,
            calls(card, done)
        ));
    };
    if !card.is_up_to_date {
        wrong("is not drawn as it should be".to_owned());
    }
    let Some(message) = done.telegram.message(chat, id) else {
        return wrong(format!("message {id} is not there"));
    };
    let found = buttons::in_messages(std::slice::from_ref(&message));
    if !card.is_live {
        // Its message may be another screen by now.
        if found.iter().any(|button| buttons::drawn_for(&button.data).is_some()) {
            wrong("has ended and still has buttons".to_owned());
        }
        return;
    }
    if number(&message.text) != Some(measurement.id) {
        wrong(format!("shows «{}»", message.text.lines().next().unwrap_or_default()));
    }
    let is_foreign = cast::with(Role::Measurer).contains(&chat) && measurement.measurer_id != user;
    if is_foreign {
        if message.text.contains(status(measurement)) {
            wrong(format!("is not his and shows «{}»", message.text));
        }
        return;
    }
    if !message.text.contains(status(measurement)) {
        wrong(format!("is {} and shows «{}»", measurement.status, message.text));
    }
    for button in found {
        if let Some((_, step)) =
            buttons::drawn_for(&button.data).filter(|drawn| *drawn != (measurement.id, measurement.step))
        {
            wrong(format!("has a button of step {step}, and is at {}", measurement.step));
        }
    }
}

/// Every change of the message, for a person who looks for what went wrong.
fn calls(card: &Card, done: &Done<'_>) -> String {
    let (id, text) = (serde_json::Value::from(card.message_id), card.message_id.to_string());
    let of_card = |call: &simulator::telegram::Call| {
        let is_of_message = call
            .params
            .get("message_id")
            .is_some_and(|found| *found == id || found.as_str() == Some(text.as_str()));
        call.chat_id() == Some(card.chat_id) && is_of_message
    };
    let calls = done.telegram.calls().into_iter().filter(of_card);
    let told = calls.map(|call| {
        let keyboard = call.params.contains_key("reply_markup");
        format!(
            "\n      {} {} {:?}, keyboard: {keyboard}",
            call.at.format("%H:%M:%S%.3f"),
            call.method,
            call.outcome
        )
    });
    told.collect()
}

fn status(measurement: &Measurement) -> &'static str {
    match measurement.status.as_str() {
        "pending" => "⏳ Ожидает назначения",
        "assigned" => "📋 Назначен",
        "in_progress" => "🔄 В процессе",
        "completed" => "✅ Выполнен",
        _ => "❌ Отменен",
    }
}

/// The phone of a deal stands in the chats of admins, its measurer, and nobody else's.
fn privacy(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    for chat in cast::with(Role::Measurer) {
        let user = books.user_of(*chat);
        let foreign: Vec<_> = books.measurements.iter().filter(|one| one.measurer_id != user).collect();
        for message in done.telegram.bot_messages(*chat) {
            let Some(id) = number(&message.text) else { continue };
            let Some(measurement) = foreign.iter().find(|one| one.id == id) else { continue };
            let is_told = measurement.address.as_ref().is_some_and(|address| message.text.contains(address))
                || message.text.contains("+7916");
            if is_told {
                findings.wrong.push(format!(
                    "{chat} reads of the client of №{id}, which is not his: «{}»",
                    message.text
                ));
            }
        }
    }
}
