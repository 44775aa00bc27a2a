//! What people do in their chats: write, send things, block the bot and come back.

mod groups;
mod press;
mod standing;

use anyhow::{Context as _, bail};
use standing::{active, known, refused, set_standing, standing};

use super::attachment::{Attachment, AttachmentKind};
use super::chat::{Chat, Draft, Note};
use super::message::{Author, Body, Contact, Message};
use super::people::{Person, Resident, Standing};
use super::photo::Photo;
use super::state::State;
use super::text::{Entity, EntityKind, Formatted, MAX_CAPTION, utf16_length};
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
        let text = match payload {
            None => "/start".to_owned(),
            Some(payload) if is_payload(payload) => format!("/start {payload}"),
            Some(payload) => bail!("Telegram passes up to 64 of A-Za-z0-9_-, not {payload:?}"),
        };
        self.shared.change(|state| {
            unblock(state, person)?;
            say(state, person, &text)
        })
    }

    /// Opens a link to the bot with a payload, as it stands in an invitation.
    pub fn follows(&self, person: i64, link: &str) -> anyhow::Result<Message> {
        let opening = format!("https://t.me/{}?start=", self.bot_username());
        let payload =
            link.strip_prefix(&opening).with_context(|| format!("{link} does not start the bot"))?;
        self.starts(person, Some(payload))
    }

    /// Writes to the bot. The first message of a stranger starts it.
    pub fn says(&self, person: i64, text: &str) -> anyhow::Result<Message> {
        self.shared.change(|state| say(state, person, text))
    }

    /// Answers a message with words.
    pub fn replies(&self, person: i64, to: i64, text: &str) -> anyhow::Result<Message> {
        anyhow::ensure!(!text.trim().is_empty(), "a client does not send an empty text");
        self.sends(person, Body::Text, text, Some(to))
    }

    /// Sends anything, perhaps as an answer; text is its caption where it has one.
    pub fn sends(
        &self,
        person: i64,
        body: Body,
        text: &str,
        reply_to: Option<i64>,
    ) -> anyhow::Result<Message> {
        let is_text = body == Body::Text;
        anyhow::ensure!(
            is_text || text.chars().count() <= MAX_CAPTION,
            "a caption has at most 1024 characters"
        );
        self.shared.change(|state| {
            answerable(state, person, reply_to)?;
            send(state, person, Draft { reply_to, ..Draft::new(Author::Person(person), body, written(text)) })
        })
    }

    /// Sends an album: a message of its own for each part, the text under the first.
    pub fn sends_album(
        &self,
        person: i64,
        bodies: Vec<Body>,
        text: &str,
        reply_to: Option<i64>,
    ) -> anyhow::Result<Vec<Message>> {
        anyhow::ensure!((2..=10).contains(&bodies.len()), "an album has 2 to 10 parts");
        anyhow::ensure!(text.chars().count() <= MAX_CAPTION, "a caption has at most 1024 characters");
        let album = Some(format!("{}", uuid::Uuid::new_v4().as_u128() % 1_000_000_000_000));
        self.shared.change(|state| {
            answerable(state, person, reply_to)?;
            let parts = bodies.into_iter().enumerate().map(|(place, body)| {
                let caption = written(if place == 0 { text } else { "" });
                let (album, author) = (album.clone(), Author::Person(person));
                send(state, person, Draft { reply_to, album, ..Draft::new(author, body, caption) })
            });
            parts.collect()
        })
    }

    /// Telegram loses all files that were sent so far.
    pub fn forgets_files(&self) {
        self.shared.change(|state| state.files.forget());
    }

    /// Telegram loses one, by its `file_id`.
    pub fn forgets_file(&self, file_id: &str) {
        self.shared.change(|state| state.files.forget_one(file_id));
    }

    /// A photo that nobody will look at.
    pub fn sends_photo(&self, person: i64, caption: &str) -> anyhow::Result<Message> {
        self.sends_picture(person, Photo::unseen(), caption)
    }

    pub fn sends_picture(&self, person: i64, photo: Photo, caption: &str) -> anyhow::Result<Message> {
        self.sends(person, Body::Photo(photo), caption, None)
    }

    pub fn sends_sticker(&self, person: i64) -> anyhow::Result<Message> {
        self.sends(person, Body::Sticker, "", None)
    }

    pub fn sends_voice(&self, person: i64) -> anyhow::Result<Message> {
        let voice = Attachment::new(AttachmentKind::Voice, b"OggS of three seconds");
        let voice = Attachment { mime: Some("audio/ogg".to_owned()), ..voice };
        self.sends(person, Body::File(voice), "", None)
    }

    /// Sends a card: one's own (`user_id` = the person) or somebody else's.
    pub fn sends_contact(&self, person: i64, contact: Contact) -> anyhow::Result<Message> {
        self.sends(person, Body::Contact(contact), "", None)
    }

    pub fn sends_location(&self, person: i64, latitude: f64, longitude: f64) -> anyhow::Result<Message> {
        self.sends(person, Body::Location { latitude, longitude }, "", None)
    }

    /// Stops the bot; it is told by `my_chat_member`.
    pub fn block(&self, person: i64) -> anyhow::Result<()> {
        self.shared.change(|state| {
            active(state, person)?;
            set_standing(state, person, Standing::Blocked)?;
            let by = wire::author(state, Author::Person(person));
            state.membership_changed(person, &by, "member", "kicked");
            note(state, person, Note::Blocked)
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
}

fn is_payload(payload: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (1..=64).contains(&payload.len()) && payload.chars().all(is_allowed)
}

fn say(state: &mut State, person: i64, text: &str) -> anyhow::Result<Message> {
    anyhow::ensure!(!text.trim().is_empty(), "a client does not send an empty text");
    send(state, person, Draft::new(Author::Person(person), Body::Text, written(text)))
}

/// A client answers what it sees.
fn answerable(state: &State, person: i64, message: Option<i64>) -> anyhow::Result<()> {
    let Some(id) = message else { return Ok(()) };
    let chat = state.chat(person).map_err(refused)?;
    anyhow::ensure!(chat.messages.contains_key(&id), "no message {id} to answer in chat {person}");
    Ok(())
}

fn send(state: &mut State, person: i64, draft: Draft) -> anyhow::Result<Message> {
    match standing(state, person)? {
        Standing::Stranger => set_standing(state, person, Standing::Started)?,
        Standing::Started => {}
        standing => bail!("person {person} cannot write to the bot: {standing:?}"),
    }
    state.deliver(person, draft).map_err(refused)
}

/// A text as a client sends it: no markup, but commands are recognised.
fn written(text: &str) -> Formatted {
    let first = text.split(char::is_whitespace).next();
    let command = first.filter(|word| word.starts_with('/') && word.len() > 1);
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
    note(state, person, Note::Unblocked)
}

fn note(state: &mut State, person: i64, what: Note) -> anyhow::Result<()> {
    state.chat_mut(person).map_err(refused)?.note(what);
    Ok(())
}
