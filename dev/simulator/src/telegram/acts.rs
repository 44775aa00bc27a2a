//! What people do: write, press, send things, block, take the bot into groups.

use anyhow::{Context as _, bail};

use super::callbacks::CallbackId;
use super::chat::{Chat, Draft, Group, Membership, Moment};
use super::keyboard::ButtonAction;
use super::message::{Author, Body, Contact, Message};
use super::people::{Person, Resident, Standing};
use super::refusal::Refusal;
use super::state::State;
use super::text::{Entity, EntityKind, Formatted, utf16_length};
use super::updates::Kind;
use super::{Simulator, wire};

impl Simulator {
    /// Creates an account that has not met the bot. Adding an id again renames its person.
    pub fn add_person(&self, person: Person) {
        self.shared.change(|state| {
            let id = person.id;
            let standing = state.people.get(&id).map_or(Standing::Stranger, |known| known.standing);
            state.people.insert(id, Resident { person, standing });
            state.chats.entry(id).or_insert_with(|| Chat::private(id));
        });
    }

    /// Opens the bot by `https://t.me/<bot>?start=<payload>` and presses START; unblocks it if need be.
    pub fn starts(&self, person: i64, payload: Option<&str>) -> anyhow::Result<Message> {
        let text = payload.map_or_else(|| "/start".to_owned(), |payload| format!("/start {payload}"));
        self.shared.change(|state| {
            unblock(state, person)?;
            say(state, person, &text)
        })
    }

    /// Writes to the bot. The first message of a stranger starts it.
    pub fn says(&self, person: i64, text: &str) -> anyhow::Result<Message> {
        self.shared.change(|state| say(state, person, text))
    }

    pub fn sends_photo(&self, person: i64, caption: &str) -> anyhow::Result<Message> {
        self.shared.change(|state| send(state, person, Body::Photo, written(caption)))
    }

    pub fn sends_sticker(&self, person: i64) -> anyhow::Result<Message> {
        self.shared.change(|state| send(state, person, Body::Sticker, Formatted::default()))
    }

    pub fn sends_voice(&self, person: i64) -> anyhow::Result<Message> {
        self.shared.change(|state| send(state, person, Body::Voice, Formatted::default()))
    }

    /// Sends a card: one's own (`user_id` = the person) or somebody else's.
    pub fn sends_contact(&self, person: i64, contact: Contact) -> anyhow::Result<Message> {
        self.shared.change(|state| send(state, person, Body::Contact(contact), Formatted::default()))
    }

    pub fn sends_location(&self, person: i64, latitude: f64, longitude: f64) -> anyhow::Result<Message> {
        let body = Body::Location { latitude, longitude };
        self.shared.change(|state| send(state, person, body, Formatted::default()))
    }

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

    /// Stops the bot; it is told by `my_chat_member`.
    pub fn block(&self, person: i64) -> anyhow::Result<()> {
        self.shared.change(|state| {
            active(state, person)?;
            set_standing(state, person, Standing::Blocked)?;
            let by = wire::author(state, Author::Person(person));
            state.membership_changed(person, &by, "member", "kicked");
            note(state, person, "blocked the bot")
        })
    }

    /// Does nothing if the bot is not blocked.
    pub fn unblock(&self, person: i64) -> anyhow::Result<()> {
        self.shared.change(|state| unblock(state, person))
    }

    /// Deletes the account; the bot is told nothing.
    pub fn deactivate(&self, person: i64) -> anyhow::Result<()> {
        self.shared.change(|state| set_standing(state, person, Standing::Deactivated))
    }

    /// Adds the bot to a group, which is created if it is new.
    pub fn add_bot_to_group(&self, group: Group, by: i64) -> anyhow::Result<()> {
        self.shared.change(|state| {
            let id = group.id;
            anyhow::ensure!(id < 0, "the id of a group is negative");
            let author = known(state, by)?;
            state.chats.entry(id).or_insert_with(|| Chat::group(group));
            let before = replace_membership(state, id, Membership::Member)?;
            state.membership_changed(id, &author, before, "member");
            let joined = Draft::new(Author::Person(by), Body::BotJoined, Formatted::default());
            state.deliver(id, joined).map_err(refused)?;
            Ok(())
        })
    }

    pub fn kick_bot_from_group(&self, group: i64, by: i64) -> anyhow::Result<()> {
        self.shared.change(|state| {
            let author = known(state, by)?;
            let before = replace_membership(state, group, Membership::Kicked)?;
            state.membership_changed(group, &author, before, "kicked");
            Ok(())
        })
    }

    /// From now on calls that name the old id are answered with the new one.
    pub fn upgrade_group(&self, group: i64, to: i64) -> anyhow::Result<()> {
        self.shared.change(|state| {
            let found = state.group_mut(group).with_context(|| format!("no group {group}"))?;
            found.migrated_to = Some(to);
            Ok(())
        })
    }

    /// Writes in a group. The bot, being in privacy mode, hears only commands and its own name.
    pub fn says_in_group(&self, group: i64, person: i64, text: &str) -> anyhow::Result<Message> {
        self.shared.change(|state| {
            known(state, person)?;
            let draft = Draft::new(Author::Person(person), Body::Text, written(text));
            let is_heard = text.starts_with('/') || text.contains(&format!("@{}", state.bot.username));
            let is_member = state.membership(group) == Some(Membership::Member);
            if is_heard && is_member { state.deliver(group, draft) } else { state.post(group, draft) }
                .map_err(refused)
        })
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
    state.updates.push(Kind::CallbackQuery, content, state.now);
    let moment = Moment::Press { person, callback: id.clone(), label: pressed.label };
    state.chat_mut(chat).map_err(refused)?.timeline.push(moment);
    Ok(id)
}

fn say(state: &mut State, person: i64, text: &str) -> anyhow::Result<Message> {
    anyhow::ensure!(!text.trim().is_empty(), "a client does not send an empty text");
    send(state, person, Body::Text, written(text))
}

fn send(state: &mut State, person: i64, body: Body, content: Formatted) -> anyhow::Result<Message> {
    match standing(state, person)? {
        Standing::Stranger => set_standing(state, person, Standing::Started)?,
        Standing::Started => {}
        standing => bail!("person {person} cannot write to the bot: {standing:?}"),
    }
    state.deliver(person, Draft::new(Author::Person(person), body, content)).map_err(refused)
}

/// A text as a client sends it: no markup, but commands are recognised.
fn written(text: &str) -> Formatted {
    let command = text.split_whitespace().next().filter(|word| word.starts_with('/') && word.len() > 1);
    let entity = |word: &str| Entity { kind: EntityKind::BotCommand, offset: 0, length: utf16_length(word) };
    let entities = command.into_iter().map(entity).collect();
    Formatted { text: text.to_owned(), entities, source: text.to_owned() }
}

fn unblock(state: &mut State, person: i64) -> anyhow::Result<()> {
    if standing(state, person)? != Standing::Blocked {
        return Ok(());
    }
    set_standing(state, person, Standing::Started)?;
    let by = wire::author(state, Author::Person(person));
    state.membership_changed(person, &by, "kicked", "member");
    note(state, person, "unblocked the bot")
}

fn note(state: &mut State, person: i64, what: &str) -> anyhow::Result<()> {
    let name = state.people.get(&person).map(|known| known.person.full_name()).unwrap_or_default();
    state.chat_mut(person).map_err(refused)?.note(&format!("{name} {what}"));
    Ok(())
}

fn known(state: &State, person: i64) -> anyhow::Result<serde_json::Value> {
    standing(state, person)?;
    Ok(wire::author(state, Author::Person(person)))
}

fn standing(state: &State, person: i64) -> anyhow::Result<Standing> {
    let resident = state.people.get(&person).with_context(|| format!("nobody has the id {person}"))?;
    Ok(resident.standing)
}

/// Only who has started the bot and not blocked it can press and block.
fn active(state: &State, person: i64) -> anyhow::Result<()> {
    let standing = standing(state, person)?;
    anyhow::ensure!(
        standing == Standing::Started,
        "person {person} has no open chat with the bot: {standing:?}"
    );
    Ok(())
}

fn set_standing(state: &mut State, person: i64, standing: Standing) -> anyhow::Result<()> {
    let resident = state.people.get_mut(&person).with_context(|| format!("nobody has the id {person}"))?;
    resident.standing = standing;
    Ok(())
}

/// Returns the status before, as the server names it.
fn replace_membership(state: &mut State, group: i64, to: Membership) -> anyhow::Result<&'static str> {
    let found = state.group_mut(group).with_context(|| format!("no group {group}"))?;
    let before = std::mem::replace(&mut found.bot, to);
    Ok(match before {
        Membership::Member => "member",
        Membership::Left => "left",
        Membership::Kicked => "kicked",
    })
}

fn refused(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!(refusal.description)
}
