//! What API v4 answers with, as far as we read it. Everything that may be null is.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use shared::ids::{AccountId, AmoUserId, CompanyId, ContactId, LeadId, PipelineId, Stage, StatusId};

use super::text::clean;

/// The customer whose deals these are.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub name: Option<String>,
    pub subdomain: Option<String>,
}

/// One page of a list. Elements are read one by one: a bad one does not spoil the others.
#[derive(Debug, Deserialize)]
pub struct Page {
    #[serde(default, rename = "_links")]
    pub links: Links,
    #[serde(default, rename = "_embedded")]
    pub embedded: BTreeMap<String, Vec<Value>>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Links {
    #[serde(default)]
    pub next: Option<Value>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Lead {
    pub id: LeadId,
    pub name: Option<String>,
    pub status_id: StatusId,
    pub pipeline_id: PipelineId,
    pub responsible_user_id: Option<AmoUserId>,
    /// Unix seconds.
    pub updated_at: i64,
    #[serde(default)]
    pub is_deleted: bool,
    #[serde(default)]
    pub custom_fields_values: Option<Vec<Value>>,
    #[serde(default, rename = "_embedded")]
    pub embedded: Option<LeadLinks>,
}

/// A deal in a list of many, as little of it as tells whether we know it.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct ListedLead {
    pub id: LeadId,
    pub status_id: StatusId,
    pub pipeline_id: PipelineId,
    pub responsible_user_id: Option<AmoUserId>,
    /// Unix seconds.
    pub updated_at: i64,
}

impl ListedLead {
    pub fn stage(&self) -> Stage {
        Stage { pipeline_id: self.pipeline_id, status_id: self.status_id }
    }
}

/// A line of the account's journal about a deal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Event {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub entity_id: LeadId,
    /// Unix seconds.
    pub created_at: i64,
    #[serde(default)]
    pub value_before: Value,
    #[serde(default)]
    pub value_after: Value,
}

impl Event {
    pub fn stage_before(&self) -> Option<Stage> {
        stage(&self.value_before)
    }

    pub fn stage_after(&self) -> Option<Stage> {
        stage(&self.value_after)
    }
}

/// `[{"lead_status": {"id": …, "pipeline_id": …}}]`; a line of another kind has none.
fn stage(value: &Value) -> Option<Stage> {
    let status = value.as_array()?.iter().find_map(|element| element.get("lead_status"))?;
    let number = |name: &str| status.get(name)?.as_i64();
    Some(Stage { pipeline_id: PipelineId(number("pipeline_id")?), status_id: StatusId(number("id")?) })
}

#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct LeadLinks {
    #[serde(default)]
    pub contacts: Option<Vec<LinkedContact>>,
    #[serde(default)]
    pub companies: Option<Vec<LinkedCompany>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct LinkedCompany {
    pub id: CompanyId,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct LinkedContact {
    pub id: ContactId,
    #[serde(default)]
    pub is_main: bool,
}

impl Lead {
    /// The main contact, or the first where none is marked as such.
    pub fn contact_id(&self) -> Option<ContactId> {
        let contacts = self.embedded.as_ref()?.contacts.as_ref()?;
        contacts.iter().find(|contact| contact.is_main).or(contacts.first()).map(|contact| contact.id)
    }

    /// A deal has one at most.
    pub fn company_id(&self) -> Option<CompanyId> {
        Some(self.embedded.as_ref()?.companies.as_ref()?.first()?.id)
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Contact {
    pub id: ContactId,
    pub name: Option<String>,
    #[serde(default)]
    pub first_name: Option<String>,
    #[serde(default)]
    pub last_name: Option<String>,
    #[serde(default)]
    pub custom_fields_values: Option<Vec<Value>>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Company {
    pub id: CompanyId,
    pub name: Option<String>,
}

impl Company {
    pub fn title(&self) -> Option<String> {
        clean(self.name.as_deref()?)
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct User {
    pub id: AmoUserId,
    pub name: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    /// Only where it is asked for; text or a number.
    #[serde(default)]
    phone_number: Option<Value>,
    #[serde(default)]
    pub rights: Option<Rights>,
}

impl User {
    pub fn phone(&self) -> Option<String> {
        match self.phone_number.as_ref()? {
            Value::String(phone) => Some(phone.clone()),
            Value::Number(phone) => Some(phone.to_string()),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Rights {
    pub is_active: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Pipeline {
    pub id: PipelineId,
    pub name: Option<String>,
    #[serde(default)]
    pub is_archive: bool,
    #[serde(rename = "_embedded")]
    pub embedded: Statuses,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Statuses {
    pub statuses: Vec<Status>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Status {
    pub id: StatusId,
    pub name: Option<String>,
    #[serde(default)]
    pub sort: i32,
    /// 1 is «Неразобранное».
    #[serde(default, rename = "type")]
    pub kind: i32,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Field {
    pub id: i64,
    pub name: Option<String>,
    #[serde(default)]
    pub code: Option<String>,
    #[serde(rename = "type")]
    pub kind: String,
}

/// A subscription. Deliberately without `Debug`: the address may hold a secret.
#[derive(Clone, Deserialize)]
pub struct Webhook {
    pub destination: String,
    #[serde(default)]
    pub disabled: bool,
    /// The events, as `add_lead`.
    #[serde(default)]
    pub settings: Vec<String>,
}
