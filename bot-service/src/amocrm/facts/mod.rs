//! Deals of AmoCRM become [`Deal`]s: facts under their own names, whatever shape they came in. Pure.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use shared::ids::{AmoUserId, PipelineId, Stage, StatusId};

use self::filled::Filled;
use super::model::{Contact, Lead};
use super::text::clean;
use crate::domain::facts::Facts;
use crate::domain::intake::{Deal, Source};
use crate::domain::phone::{self, Phone};
use crate::domain::setup::FieldNames;
use crate::domain::setup::Sample;

mod filled;
mod v2;
mod v4;

/// Knows where each fact is found, and in which zone a date begins.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    pub fields: &'a FieldNames,
    pub timezone: Tz,
}

impl Reader<'_> {
    /// A deal as the API shows it, with its main contact where that was read, and without its company.
    pub fn deal(&self, lead: &Lead, contact: Option<&Contact>) -> Deal {
        let fields = v4::fields(lead.custom_fields_values.as_deref().unwrap_or_default(), self.timezone);
        let mut facts = self.facts(lead.name.as_deref(), &fields);
        if let Some(contact) = contact {
            facts.client_name = client_name(contact);
            facts.phones = phones(contact, self.timezone);
        }
        Deal {
            source: Source::AmoCrm,
            stage: Some(Stage { pipeline_id: lead.pipeline_id, status_id: lead.status_id }),
            is_deleted: Some(lead.is_deleted),
            updated_at: time(lead.updated_at),
            responsible: lead.responsible_user_id.filter(|user| user.0 != 0),
            contact_id: lead.contact_id(),
            facts,
        }
    }

    /// A deal as its hooks show it: the tree of texts that travels with the event.
    pub fn hook(&self, payload: &Value) -> Deal {
        let number = |name: &str| payload.get(name)?.as_str()?.trim().parse::<i64>().ok();
        let stage = number("pipeline_id").zip(number("status_id")).map(|(pipeline, status)| Stage {
            pipeline_id: PipelineId(pipeline),
            status_id: StatusId(status),
        });
        let fields = v2::fields(payload.get("custom_fields"), self.timezone);
        Deal {
            source: Source::Hook,
            stage,
            is_deleted: None,
            updated_at: number("last_modified").or_else(|| number("updated_at")).and_then(time),
            responsible: number("responsible_user_id").filter(|id| *id != 0).map(AmoUserId),
            contact_id: None,
            facts: self.facts(payload.get("name").and_then(Value::as_str), &fields),
        }
    }

    fn facts(&self, name: Option<&str>, fields: &[Filled]) -> Facts {
        Facts {
            lead_name: name.and_then(clean).unwrap_or_default(),
            address: filled::pick(&self.fields.address, fields),
            client_name: None,
            phones: Vec::new(),
            order_number: filled::pick(&self.fields.order_number, fields),
            zone: filled::pick(&self.fields.zone, fields),
            dealer: filled::pick(&self.fields.dealer, fields),
            company: None,
            product: filled::pick(&self.fields.product, fields),
            comment: filled::pick(&self.fields.comment, fields),
        }
    }
}

/// The filled fields of a deal by their ids, for people to choose by.
pub fn sample(lead: &Lead, timezone: Tz) -> Sample {
    let fields = v4::fields(lead.custom_fields_values.as_deref().unwrap_or_default(), timezone);
    Sample {
        lead: lead.id,
        name: lead.name.as_deref().and_then(clean).unwrap_or_else(|| lead.id.to_string()),
        fields: fields.into_iter().filter_map(|field| Some((field.id?, field.text))).collect(),
    }
}

fn client_name(contact: &Contact) -> Option<String> {
    let parts = [contact.first_name.as_deref(), contact.last_name.as_deref()];
    let parts: Vec<_> = parts.into_iter().flatten().filter_map(clean).collect();
    contact.name.as_deref().and_then(clean).or_else(|| clean(&parts.join(" ")))
}

/// Every phone of the contact once, in AmoCRM's order.
fn phones(contact: &Contact, timezone: Tz) -> Vec<Phone> {
    let fields = contact.custom_fields_values.as_deref().unwrap_or_default();
    let mut phones: Vec<Phone> = Vec::new();
    for text in v4::texts_of_code(fields, "PHONE", timezone) {
        for phone in phone::parse(&text) {
            let is_same = |known: &Phone| match (&known.e164, &phone.e164) {
                (Some(known), Some(new)) => known == new,
                _ => known.raw == phone.raw,
            };
            if !phones.iter().any(is_same) {
                phones.push(phone);
            }
        }
    }
    phones
}

/// Unix seconds; zero stands for none.
fn time(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).filter(|_| seconds > 0)
}

#[cfg(test)]
mod tests;
