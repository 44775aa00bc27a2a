//! Pressing inline buttons, as shown and as forged.

use anyhow::{Context as _, bail};

use super::{active, known, refused};
use crate::telegram::callbacks::CallbackId;
use crate::telegram::chat::Moment;
use crate::telegram::keyboard::ButtonAction;
use crate::telegram::state::State;
use crate::telegram::updates::{Kind, Lane};
use crate::telegram::{Simulator, wire};

impl Simulator {
    /// Presses the button with this label (or the only one that contains it).
    ///
    /// # Errors
    ///
    /// If the message is gone, has no such button, or the button is not one that tells the bot.
    pub fn press(&self, person: i64, message_id: i64, label: &str) -> anyhow::Result<CallbackId> {
        self.shared.change(|state| {
            let message = state.chats.get(&person).and_then(|chat| chat.messages.get(&message_id));
            let message = message.with_context(|| format!("no message {message_id} in chat {person}"))?;
            let button = message.button(label).with_context(|| {
                format!("no button [{label}] under message {message_id}, but {:?}", message.labels())
            })?;
            let ButtonAction::CallbackData(data) = &button.action else {
                bail!("[{}] does not call the bot: {:?}", button.text, button.action);
            };
            let (label, data) = (button.text.clone(), data.clone());
            press(state, person, person, message_id, Pressed { label, data })
        })
    }

    /// Presses a button of the newest message of the bot that has it.
    pub fn press_newest(&self, person: i64, label: &str) -> anyhow::Result<CallbackId> {
        let newest =
            self.bot_messages(person).into_iter().rev().find(|message| message.button(label).is_some());
        let newest = newest.with_context(|| {
            format!("no message with a button [{label}] in chat {person}:\n{}", self.transcript(person))
        })?;
        self.press(person, newest.id, label)
    }

    /// Presses a button as it was on the screen: a client sends what it shows, also when the message has been
    /// edited meanwhile.
    pub fn press_shown(
        &self,
        person: i64,
        message_id: i64,
        label: &str,
        data: &str,
    ) -> anyhow::Result<CallbackId> {
        let pressed = Pressed { label: label.to_owned(), data: data.to_owned() };
        self.shared.change(|state| press(state, person, person, message_id, pressed))
    }

    /// A press with data that no button holds: forged, or of a keyboard shown long ago.
    /// The message may be gone.
    pub fn press_data(&self, person: i64, message_id: i64, data: &str) -> anyhow::Result<CallbackId> {
        self.press_data_in(person, person, message_id, data)
    }

    /// The same in a group.
    pub fn press_data_in(
        &self,
        chat: i64,
        person: i64,
        message_id: i64,
        data: &str,
    ) -> anyhow::Result<CallbackId> {
        let pressed = Pressed { label: format!("data: {data}"), data: data.to_owned() };
        self.shared.change(|state| press(state, chat, person, message_id, pressed))
    }
}

struct Pressed {
    label: String,
    data: String,
}

fn press(
    state: &mut State,
    chat: i64,
    person: i64,
    message_id: i64,
    pressed: Pressed,
) -> anyhow::Result<CallbackId> {
    if chat == person {
        active(state, person)?;
    }
    let from = known(state, person)?;
    let message = state.chat(chat).map_err(refused)?.messages.get(&message_id);
    let message = match message {
        Some(message) => wire::message(state, message),
        None => wire::inaccessible(state, chat, message_id),
    };
    let id = state.callbacks.open(state.now);
    let content = serde_json::json!({
        "id": id,
        "from": from,
        "message": message,
        "chat_instance": format!("{}", chat.unsigned_abs() + 7_000_000_000),
        "data": pressed.data,
    });
    state.updates.push(Kind::CallbackQuery, Lane::Presses(person), content, state.now);
    let moment = Moment::Press { person, message_id, callback: id.clone(), label: pressed.label };
    state.chat_mut(chat).map_err(refused)?.timeline.push(moment);
    Ok(id)
}
