//! The people of the simulated messenger and how each of them stands towards the bot.

use serde::{Deserialize, Serialize};

/// Somebody with a Telegram account; the id is also the id of the private chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: i64,
    pub first_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// IETF tag of the client's language; absent for some clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

impl Person {
    /// A person with a Russian client.
    pub fn new(id: i64, first_name: &str) -> Self {
        Self {
            id,
            first_name: first_name.to_owned(),
            last_name: None,
            username: None,
            language_code: Some("ru".to_owned()),
        }
    }

    #[must_use]
    pub fn last_name(self, last_name: &str) -> Self {
        Self { last_name: Some(last_name.to_owned()), ..self }
    }

    #[must_use]
    pub fn username(self, username: &str) -> Self {
        Self { username: Some(username.to_owned()), ..self }
    }

    #[must_use]
    pub fn language(self, code: &str) -> Self {
        Self { language_code: Some(code.to_owned()), ..self }
    }

    pub fn full_name(&self) -> String {
        match &self.last_name {
            Some(last_name) => format!("{} {last_name}", self.first_name),
            None => self.first_name.clone(),
        }
    }
}

/// What a person has done about the bot; decides how the server answers the bot's calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Never wrote to the bot.
    Stranger,
    Started,
    Blocked,
    Deactivated,
}

#[derive(Clone, Debug)]
pub(super) struct Resident {
    pub person: Person,
    pub standing: Standing,
}
