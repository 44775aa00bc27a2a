//! Command lists by scope and language, and which of them a person is shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::people::Person;
use super::refusal::Refusal;

const MAX_COMMANDS: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    pub command: String,
    pub description: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Scope {
    Default,
    AllPrivateChats,
    AllGroupChats,
    AllChatAdministrators,
    Chat { chat_id: i64 },
    ChatAdministrators { chat_id: i64 },
    ChatMember { chat_id: i64, user_id: i64 },
}

impl Scope {
    pub fn chat(&self) -> Option<i64> {
        match self {
            Self::Chat { chat_id }
            | Self::ChatAdministrators { chat_id }
            | Self::ChatMember { chat_id, .. } => Some(*chat_id),
            Self::Default | Self::AllPrivateChats | Self::AllGroupChats | Self::AllChatAdministrators => None,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Commands(BTreeMap<(Scope, String), Vec<Command>>);

impl Commands {
    /// An empty list removes the entry, as deleting it does.
    pub fn set(&mut self, scope: Scope, language: String, commands: Vec<Command>) {
        if commands.is_empty() {
            self.0.remove(&(scope, language));
        } else {
            self.0.insert((scope, language), commands);
        }
    }

    pub fn get(&self, scope: Scope, language: &str) -> &[Command] {
        self.0.get(&(scope, language.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The list of a private chat: the narrowest scope wins, in it the person's language.
    pub fn shown_to(&self, person: &Person) -> &[Command] {
        let language: String = person.language_code.iter().flat_map(|code| code.chars().take(2)).collect();
        let scopes = [Scope::Chat { chat_id: person.id }, Scope::AllPrivateChats, Scope::Default];
        let lists =
            scopes.into_iter().flat_map(|scope| [(scope.clone(), language.clone()), (scope, String::new())]);
        lists.map(|(scope, language)| self.get(scope, &language)).find(|list| !list.is_empty()).unwrap_or(&[])
    }
}

/// Checks names and descriptions as the server does.
pub(super) fn read(list: Value) -> Result<Vec<Command>, Refusal> {
    let wrong = |_| Refusal::bad_request("can't parse commands JSON object");
    let commands: Vec<Command> = serde_json::from_value(list).map_err(wrong)?;
    if commands.len() > MAX_COMMANDS {
        return Err(Refusal::bad_request("BOT_COMMANDS_TOO_MUCH"));
    }
    commands.iter().map(checked).collect()
}

fn checked(command: &Command) -> Result<Command, Refusal> {
    let name = command.command.trim().trim_start_matches('/');
    let description = command.description.trim();
    let reason = if name.is_empty() {
        "command must be non-empty"
    } else if name.chars().count() > 32 {
        "command length must not exceed 32"
    } else if !name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_')) {
        "BOT_COMMAND_INVALID"
    } else if description.is_empty() {
        "command description must be non-empty"
    } else if description.chars().count() > 256 {
        "command description length must not exceed 256"
    } else {
        return Ok(Command { command: name.to_owned(), description: description.to_owned() });
    };
    Err(Refusal::bad_request(reason))
}
