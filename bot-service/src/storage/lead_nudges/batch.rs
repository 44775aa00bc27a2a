//! Events merged by deal before they reach the database. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SubsecRound, Utc};
use serde_json::{Map, Value};
use shared::events::{LeadAction, LeadEvent, Subject};
use shared::ids::{ContactId, LeadId};

use crate::domain::intake::Entry;

/// What a batch of events asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nudges {
    hooks: BTreeMap<LeadId, Hook>,
    contacts: BTreeMap<ContactId, BTreeSet<LeadId>>,
}

/// What the hooks of one deal say together.
#[derive(Debug, Clone, PartialEq)]
pub struct Hook {
    entries: Vec<Entry>,
    /// Fields of the newest hook, over those that only older ones have.
    payload: Map<String, Value>,
    payload_at: Option<DateTime<Utc>>,
    changed_at: Option<DateTime<Utc>>,
    deleted_at: Option<DateTime<Utc>>,
    restored_at: Option<DateTime<Utc>>,
    first_at: DateTime<Utc>,
}

impl Nudges {
    /// Merges events in any order.
    pub fn merge<'a>(events: impl IntoIterator<Item = &'a LeadEvent>) -> Self {
        let mut nudges = Self::default();
        for event in events {
            match &event.subject {
                Subject::Contact { contact_id, linked_leads } => {
                    nudges.contacts.entry(*contact_id).or_default().extend(linked_leads);
                }
                Subject::Lead { lead_id, .. } => {
                    let hook = nudges.hooks.entry(*lead_id).or_insert_with(|| Hook::bare(event.received_at));
                    hook.add(event);
                }
            }
        }
        nudges
    }

    /// Asks to read the deal again.
    pub fn ask(&mut self, lead: LeadId, now: DateTime<Utc>) {
        self.hook(lead, now);
    }

    /// Asks to read the deal again, which entered a stage.
    pub fn ask_with_entry(&mut self, lead: LeadId, entry: Entry) {
        self.hook(lead, entry.received_at).add_entry(entry);
    }

    /// Asks to read the deal again, which was deleted at this moment.
    pub fn ask_deleted(&mut self, lead: LeadId, at: DateTime<Utc>, now: DateTime<Utc>) {
        self.hook(lead, now).deleted_at = Some(at);
    }

    /// Asks to read the deal again, which was restored at this moment.
    pub fn ask_restored(&mut self, lead: LeadId, at: DateTime<Utc>, now: DateTime<Utc>) {
        self.hook(lead, now).restored_at = Some(at);
    }

    fn hook(&mut self, lead: LeadId, now: DateTime<Utc>) -> &mut Hook {
        self.hooks.entry(lead).or_insert_with(|| Hook::bare(now))
    }

    /// By the deal's id.
    pub fn hooks(&self) -> &BTreeMap<LeadId, Hook> {
        &self.hooks
    }

    /// Changed contacts, each with the deals that the hook linked to it.
    pub fn contacts(&self) -> &BTreeMap<ContactId, BTreeSet<LeadId>> {
        &self.contacts
    }
}

impl Hook {
    /// Asks to read the deal and says nothing of it.
    pub fn bare(first_at: DateTime<Utc>) -> Self {
        Self {
            entries: Vec::new(),
            payload: Map::new(),
            payload_at: None,
            changed_at: None,
            deleted_at: None,
            restored_at: None,
            first_at,
        }
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn payload(&self) -> &Map<String, Value> {
        &self.payload
    }

    /// AmoCRM's time of the payload, or the second it was received in where it had none.
    pub fn payload_at(&self) -> Option<DateTime<Utc>> {
        self.payload_at
    }

    /// AmoCRM's time of its newest change; the time of receiving does not stand in for it.
    pub fn changed_at(&self) -> Option<DateTime<Utc>> {
        self.changed_at
    }

    pub fn deleted_at(&self) -> Option<DateTime<Utc>> {
        self.deleted_at
    }

    pub fn restored_at(&self) -> Option<DateTime<Utc>> {
        self.restored_at
    }

    pub fn first_at(&self) -> DateTime<Utc> {
        self.first_at
    }

    fn add(&mut self, event: &LeadEvent) {
        let Subject::Lead { action, changed_at, entry, .. } = &event.subject else { return };
        let received_at = event.received_at;
        self.first_at = self.first_at.min(received_at);
        self.changed_at = self.changed_at.max(*changed_at);
        if let Some(entry) = entry {
            let stage = entry.stage;
            self.add_entry(Entry { stage, at: *changed_at, received_at, is_of_journal: false });
        }
        match action {
            LeadAction::Delete => self.deleted_at = self.deleted_at.max(Some(received_at)),
            LeadAction::Restore => self.restored_at = self.restored_at.max(Some(received_at)),
            _ => {}
        }
        // The fields of notes and applications are not the deal's.
        if let (false, Value::Object(fields)) =
            (matches!(action, LeadAction::Note | LeadAction::Unsorted), &event.payload)
        {
            self.add_payload(fields, changed_at.unwrap_or(received_at.trunc_subsecs(0)));
        }
    }

    /// A repetition of a hook comes later and says the same: the first one stays.
    fn add_entry(&mut self, entry: Entry) {
        let same = |other: &&mut Entry| other.stage == entry.stage && other.when() == entry.when();
        match self.entries.iter_mut().find(same) {
            Some(known) => known.received_at = known.received_at.min(entry.received_at),
            None => self.entries.push(entry),
        }
    }

    fn add_payload(&mut self, fields: &Map<String, Value>, at: DateTime<Utc>) {
        let is_newer = self.payload_at.is_none_or(|known| at >= known);
        for (name, value) in fields {
            let name = name.replace('\0', "");
            if is_newer || !self.payload.contains_key(&name) {
                self.payload.insert(name, without_nul(value));
            }
        }
        self.payload_at = self.payload_at.max(Some(at));
    }
}

/// PostgreSQL refuses NUL in JSON, and one such text must not hold up a batch.
fn without_nul(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('\0', "")),
        Value::Array(items) => items.iter().map(without_nul).collect(),
        Value::Object(fields) => Value::Object(
            fields.iter().map(|(name, value)| (name.replace('\0', ""), without_nul(value))).collect(),
        ),
        other => other.clone(),
    }
}
