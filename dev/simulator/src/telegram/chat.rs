//! A chat: its messages and the order in which things happened in it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::callbacks::CallbackId;
use super::keyboard::Markup;
use super::message::{Author, Body, Message};
use super::text::Formatted;

#[derive(Debug)]
pub(super) struct Chat {
    pub id: i64,
    pub group: Option<GroupState>,
    pub messages: BTreeMap<i64, Message>,
    pub timeline: Vec<Moment>,
    pub pinned: Option<i64>,
    /// Messages up to this id were read.
    pub read_to: i64,
    last_message_id: i64,
}

/// A step of a chat's story, for transcripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Message(i64),
    Press { person: i64, message_id: i64, callback: CallbackId, label: String },
    Note(Note),
}

/// What happened in a chat that is neither a message nor a press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    Blocked,
    Unblocked,
    BotLeft,
}

#[derive(Clone, Debug)]
pub(super) struct GroupState {
    pub group: Group,
    pub bot: Membership,
    pub migrated_to: Option<i64>,
}

/// A group; its id is negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: i64,
    pub title: String,
    #[serde(default)]
    pub kind: GroupKind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    #[default]
    Group,
    Supergroup,
}

/// How the bot stands in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    Member,
    Left,
    Kicked,
}

/// A message before it has a place in a chat.
pub(super) struct Draft {
    pub author: Author,
    pub body: Body,
    pub content: Formatted,
    pub markup: Option<Markup>,
    pub reply_to: Option<i64>,
    pub silent: bool,
    pub album: Option<String>,
}

impl Draft {
    pub fn new(author: Author, body: Body, content: Formatted) -> Self {
        Self { author, body, content, markup: None, reply_to: None, silent: false, album: None }
    }
}

impl Chat {
    pub fn private(person: i64) -> Self {
        Self::empty(person, None)
    }

    pub fn group(group: Group) -> Self {
        let state = GroupState { group, bot: Membership::Left, migrated_to: None };
        Self::empty(state.group.id, Some(state))
    }

    fn empty(id: i64, group: Option<GroupState>) -> Self {
        Self {
            id,
            group,
            messages: BTreeMap::new(),
            timeline: vec![],
            pinned: None,
            read_to: 0,
            last_message_id: 0,
        }
    }

    pub fn post(&mut self, draft: Draft, now: DateTime<Utc>) -> Message {
        self.last_message_id += 1;
        let message = Message {
            id: self.last_message_id,
            chat_id: self.id,
            author: draft.author,
            body: draft.body,
            text: draft.content.text,
            entities: draft.content.entities,
            source: draft.content.source,
            markup: draft.markup,
            reply_to: draft.reply_to,
            album: draft.album,
            silent: draft.silent,
            sent_at: now,
            edited_at: None,
            edits: 0,
        };
        self.timeline.push(Moment::Message(message.id));
        self.messages.insert(message.id, message.clone());
        message
    }

    pub fn note(&mut self, what: Note) {
        self.timeline.push(Moment::Note(what));
    }
}
