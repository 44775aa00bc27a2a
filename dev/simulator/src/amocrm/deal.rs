//! What a person fills in when creating or editing a deal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::{ContactId, Item};
use super::world::{ContactChange, LeadChange, NewLead, StageRef, UserRef, World};

/// A deal to create. Left alone, it starts in the first ordinary stage, in the token owner's hands.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deal {
    pub name: String,
    #[serde(default)]
    pub price: i64,
    pub stage: Option<StageRef>,
    pub responsible: Option<UserRef>,
    /// Who creates it; left alone, the responsible user.
    pub created_by: Option<UserRef>,
    pub contact: Option<DealContact>,
    /// By its name; a new one if the account has none of that name.
    pub company: Option<String>,
    /// By a field's name, code or id, as a person types values in.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    #[serde(default)]
    pub tags: Vec<String>,
}

/// The client of a deal: someone new, or a contact the account has.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum DealContact {
    Known { id: ContactId },
    New(NewContact),
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewContact {
    pub name: String,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
}

/// What to change in a deal. An empty text clears a field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DealEdit {
    pub name: Option<String>,
    pub price: Option<i64>,
    pub stage: Option<StageRef>,
    pub responsible: Option<UserRef>,
    pub fields: BTreeMap<String, String>,
}

/// What to change in a contact. The phones given replace all there were.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactEdit {
    pub name: Option<String>,
    pub phones: Option<Vec<String>>,
    pub emails: Option<Vec<String>>,
}

impl Deal {
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            price: 0,
            stage: None,
            responsible: None,
            created_by: None,
            contact: None,
            company: None,
            fields: BTreeMap::new(),
            tags: Vec::new(),
        }
    }

    #[must_use]
    pub fn price(self, price: i64) -> Self {
        Self { price, ..self }
    }

    #[must_use]
    pub fn stage(self, stage: impl Into<StageRef>) -> Self {
        Self { stage: Some(stage.into()), ..self }
    }

    #[must_use]
    pub fn responsible(self, user: impl Into<UserRef>) -> Self {
        Self { responsible: Some(user.into()), ..self }
    }

    #[must_use]
    pub fn created_by(self, user: impl Into<UserRef>) -> Self {
        Self { created_by: Some(user.into()), ..self }
    }

    /// A new contact with one phone.
    #[must_use]
    pub fn client(self, name: impl Into<String>, phone: impl Into<String>) -> Self {
        let contact = NewContact { name: name.into(), phones: vec![phone.into()], ..NewContact::default() };
        self.contact(DealContact::New(contact))
    }

    #[must_use]
    pub fn contact(self, contact: DealContact) -> Self {
        Self { contact: Some(contact), ..self }
    }

    #[must_use]
    pub fn company(self, name: impl Into<String>) -> Self {
        Self { company: Some(name.into()), ..self }
    }

    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    #[must_use]
    pub fn field(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.fields.insert(name.into(), text.into());
        self
    }

    #[must_use]
    pub fn address(self, text: impl Into<String>) -> Self {
        self.field("Адрес", text)
    }

    #[must_use]
    pub fn order_number(self, text: impl Into<String>) -> Self {
        self.field("Номер заказа", text)
    }

    #[must_use]
    pub fn zone(self, text: impl Into<String>) -> Self {
        self.field("Зона", text)
    }

    #[must_use]
    pub fn dealer(self, text: impl Into<String>) -> Self {
        self.field("Дилер", text)
    }

    #[must_use]
    pub fn product(self, text: impl Into<String>) -> Self {
        self.field("Изделие", text)
    }

    #[must_use]
    pub fn comment(self, text: impl Into<String>) -> Self {
        self.field("Комментарий", text)
    }

    pub(super) fn resolve(&self, world: &World) -> anyhow::Result<NewLead> {
        let stage = self.stage.as_ref().map(|stage| world.stage(stage)).transpose()?;
        let responsible = self.responsible.as_ref().map(|user| world.user(user)).transpose()?;
        Ok(NewLead {
            name: self.name.clone(),
            price: self.price,
            stage: stage.map_or_else(|| world.first_stage(), Ok)?,
            responsible: responsible.unwrap_or(world.directory.account.current_user),
            tags: self.tags.clone(),
            values: typed_values(&self.fields, world)?,
            contacts: Vec::new(),
            company: None,
        })
    }
}

impl DealEdit {
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    #[must_use]
    pub fn price(self, price: i64) -> Self {
        Self { price: Some(price), ..self }
    }

    #[must_use]
    pub fn stage(self, stage: impl Into<StageRef>) -> Self {
        Self { stage: Some(stage.into()), ..self }
    }

    #[must_use]
    pub fn responsible(self, user: impl Into<UserRef>) -> Self {
        Self { responsible: Some(user.into()), ..self }
    }

    #[must_use]
    pub fn field(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.fields.insert(name.into(), text.into());
        self
    }

    pub(super) fn resolve(self, world: &World) -> anyhow::Result<LeadChange> {
        Ok(LeadChange {
            name: self.name,
            price: self.price,
            stage: self.stage.as_ref().map(|stage| world.stage(stage)).transpose()?,
            responsible: self.responsible.as_ref().map(|user| world.user(user)).transpose()?,
            values: typed_values(&self.fields, world)?,
        })
    }
}

impl NewContact {
    pub(super) fn resolve(self, world: &World) -> ContactChange {
        let mut values = world.multitext("PHONE", &self.phones);
        values.extend(world.multitext("EMAIL", &self.emails));
        ContactChange { name: Some(self.name), values }
    }
}

impl From<ContactEdit> for NewContact {
    fn from(edit: ContactEdit) -> Self {
        Self {
            name: edit.name.unwrap_or_default(),
            phones: edit.phones.unwrap_or_default(),
            emails: edit.emails.unwrap_or_default(),
        }
    }
}

impl ContactEdit {
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    #[must_use]
    pub fn phone(self, phone: impl Into<String>) -> Self {
        Self { phones: Some(vec![phone.into()]), ..self }
    }

    pub(super) fn resolve(self, world: &World) -> ContactChange {
        let multitext = |code, texts: &Option<Vec<String>>| {
            texts.as_ref().map(|texts| world.multitext(code, texts)).unwrap_or_default()
        };
        let mut values = multitext("PHONE", &self.phones);
        values.extend(multitext("EMAIL", &self.emails));
        ContactChange { name: self.name, values }
    }
}

fn typed_values(
    fields: &BTreeMap<String, String>,
    world: &World,
) -> anyhow::Result<BTreeMap<i64, Vec<Item>>> {
    fields.iter().map(|(name, text)| world.typed_value(name, text)).collect()
}
