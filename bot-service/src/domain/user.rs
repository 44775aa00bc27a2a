//! People and their roles.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::ids::AmoUserId;

use super::ids::UserId;

/// What a person does in the company. A person may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Admin,
    /// Distributes the work as an admin does; settings and admins are not his.
    Supervisor,
    Measurer,
    Manager,
    /// Reads everything and changes nothing.
    Observer,
}

impl Role {
    /// The most capable first.
    pub const ALL: [Self; 5] = [Self::Admin, Self::Supervisor, Self::Measurer, Self::Manager, Self::Observer];

    /// As it stands in the database and in callback data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Supervisor => "supervisor",
            Self::Measurer => "measurer",
            Self::Manager => "manager",
            Self::Observer => "observer",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// A set of roles, ordered as [`Role::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u8);

impl Roles {
    pub const NONE: Self = Self(0);

    pub fn has(self, role: Role) -> bool {
        self.0 & Self::bit(role) != 0
    }

    #[must_use]
    pub fn with(self, role: Role) -> Self {
        Self(self.0 | Self::bit(role))
    }

    #[must_use]
    pub fn without(self, role: Role) -> Self {
        Self(self.0 & !Self::bit(role))
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether new work is this person's to give out.
    pub fn distributes(self) -> bool {
        self.has(Role::Admin) || self.has(Role::Supervisor)
    }

    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }

    /// The most capable role: it decides what the person's menu and cards look like.
    pub fn main(self) -> Option<Role> {
        self.iter().next()
    }

    fn bit(role: Role) -> u8 {
        match role {
            Role::Admin => 1,
            Role::Measurer => 2,
            Role::Manager => 4,
            Role::Supervisor => 8,
            Role::Observer => 16,
        }
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Who asks: all that rights depend on. A disabled person has no roles here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    pub id: UserId,
    pub roles: Roles,
    /// The employee in AmoCRM that this person is.
    pub amo_user_id: Option<AmoUserId>,
}

/// The language a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    Ru,
    En,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == text)
    }

    /// From Telegram's IETF tag: English for `en` and its kin, Russian for all else and for none.
    pub fn from_tag(tag: Option<&str>) -> Self {
        let primary = tag.and_then(|tag| tag.split('-').next()).unwrap_or_default();
        if primary.eq_ignore_ascii_case("en") { Self::En } else { Self::Ru }
    }
}

/// A person's name as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    pub first: String,
    pub last: Option<String>,
}

impl Name {
    /// «Иван Петров».
    pub fn full(&self) -> String {
        match &self.last {
            Some(last) => format!("{} {last}", self.first),
            None => self.first.clone(),
        }
    }

    /// «Иван П.», for a button.
    pub fn short(&self) -> String {
        match self.last.as_ref().and_then(|last| last.chars().next()) {
            Some(initial) => format!("{} {initial}.", self.first),
            None => self.first.clone(),
        }
    }
}

/// A person as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub name: Name,
    pub username: Option<String>,
    pub language: Language,
    pub roles: Roles,
    pub amo_user_id: Option<AmoUserId>,
    /// In E.164, if he told it.
    pub phone: Option<String>,
    /// Has days off until then.
    pub away_until: Option<DateTime<Utc>>,
    pub is_disabled: bool,
}

impl User {
    /// What this person may act as right now: nothing, once disabled.
    pub fn actor(&self) -> Actor {
        let roles = if self.is_disabled { Roles::NONE } else { self.roles };
        Actor { id: self.id, roles, amo_user_id: self.amo_user_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_a_set_with_the_most_capable_first() {
        let roles: Roles = [Role::Manager, Role::Admin, Role::Manager].into_iter().collect();
        assert_eq!(roles.iter().collect::<Vec<_>>(), [Role::Admin, Role::Manager]);
        assert_eq!(roles.main(), Some(Role::Admin));
        assert!(!roles.has(Role::Measurer) && Roles::NONE.is_empty());
        assert_eq!(roles.without(Role::Admin).without(Role::Observer), Roles::NONE.with(Role::Manager));
        assert!(roles.distributes() && !roles.without(Role::Admin).distributes());
    }

    #[test]
    fn only_english_tags_are_english() {
        let of = |tag| Language::from_tag(tag);
        assert_eq!([of(Some("en-GB")), of(Some("EN"))], [Language::En, Language::En]);
        assert_eq!([of(None), of(Some("uz")), of(Some("english"))], [Language::Ru; 3]);
    }

    #[test]
    fn a_disabled_person_acts_as_nobody() {
        let name = Name { first: "Иван".into(), last: Some("Петров".into()) };
        assert_eq!((name.full(), name.short()), ("Иван Петров".into(), "Иван П.".into()));
        let roles = Roles::NONE.with(Role::Measurer);
        let user = User {
            id: UserId(1),
            name,
            username: None,
            language: Language::Ru,
            roles,
            amo_user_id: None,
            phone: None,
            away_until: None,
            is_disabled: true,
        };
        assert_eq!(user.actor().roles, Roles::NONE);
    }
}
