//! Messages as both sides see them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::attachment::Attachment;
use super::keyboard::{Button, ButtonAction, Markup};
use super::photo::Photo;
use super::text::Entity;

#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Unique and growing within its chat only.
    pub id: i64,
    pub chat_id: i64,
    pub author: Author,
    pub body: Body,
    /// What a person reads, without markup; the caption of media; empty for the rest.
    pub text: String,
    pub entities: Vec<Entity>,
    /// What was sent, before parsing.
    pub source: String,
    pub markup: Option<Markup>,
    pub reply_to: Option<i64>,
    /// What the parts of an album have in common.
    pub album: Option<String>,
    pub silent: bool,
    pub sent_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    /// How many edits changed it.
    pub edits: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    Bot,
    Person(i64),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Text,
    Photo(Photo),
    File(Attachment),
    Sticker,
    Contact(Contact),
    Location {
        latitude: f64,
        longitude: f64,
    },
    Venue {
        latitude: f64,
        longitude: f64,
        title: String,
        address: String,
    },
    /// The bot was added to the group.
    BotJoined,
    Pinned(i64),
}

/// A card with a phone; `user_id` is set when its owner is on Telegram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub phone_number: String,
    pub first_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
}

impl Body {
    /// Stands for what cannot be shown as text.
    fn placeholder(&self) -> Option<String> {
        Some(match self {
            Self::Text => return None,
            Self::Photo(_) => "(photo)".to_owned(),
            Self::Sticker => "(sticker)".to_owned(),
            Self::File(file) => match &file.name {
                Some(name) => format!("({} {name})", file.kind.field()),
                None => format!("({})", file.kind.field()),
            },
            Self::Contact(contact) => format!("(contact {} {})", contact.first_name, contact.phone_number),
            Self::Location { latitude, longitude } => format!("(location {latitude}, {longitude})"),
            Self::Venue { title, address, .. } => format!("(venue {title}, {address})"),
            Self::BotJoined => "(added the bot)".to_owned(),
            Self::Pinned(_) => "(pinned a message)".to_owned(),
        })
    }
}

impl Message {
    pub fn is_from_bot(&self) -> bool {
        self.author == Author::Bot
    }

    /// The inline keyboard; empty if there is none.
    pub fn rows(&self) -> &[Vec<Button>] {
        match &self.markup {
            Some(Markup::Inline(rows)) => rows,
            _ => &[],
        }
    }

    pub fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.rows().iter().flatten()
    }

    /// Labels row by row, of an inline or a reply keyboard.
    pub fn labels(&self) -> Vec<Vec<String>> {
        match &self.markup {
            Some(Markup::Inline(rows)) => {
                let labels = |row: &Vec<Button>| row.iter().map(|button| button.text.clone()).collect();
                rows.iter().map(labels).collect()
            }
            Some(Markup::Reply(rows)) => rows.clone(),
            Some(Markup::Remove | Markup::ForceReply) | None => vec![],
        }
    }

    /// Text, and the keyboard row by row in brackets, each line without an end of its own.
    pub(super) fn lines(&self) -> Vec<String> {
        let rows = self.labels().into_iter().map(|row| {
            let buttons: Vec<String> = row.iter().map(|label| format!("[{label}]")).collect();
            buttons.join(" ")
        });
        let text = self.body.placeholder().into_iter().chain(self.text.lines().map(str::to_owned));
        text.chain(rows).collect()
    }

    /// The message as a person sees it: its text, then `[buttons]` row by row.
    pub fn rendered(&self) -> String {
        self.lines().join("\n")
    }

    /// The inline button with this label, else the only one whose label contains it.
    pub fn button(&self, label: &str) -> Option<&Button> {
        self.buttons().find(|button| button.text == label).or_else(|| {
            let mut similar = self.buttons().filter(|button| button.text.contains(label));
            let first = similar.next();
            first.filter(|_| similar.next().is_none())
        })
    }

    /// The `callback_data` behind a label.
    pub fn data_of(&self, label: &str) -> Option<&str> {
        match &self.button(label)?.action {
            ButtonAction::CallbackData(data) => Some(data),
            _ => None,
        }
    }
}
