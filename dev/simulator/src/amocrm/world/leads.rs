//! What happens to leads, whoever does it: a person in the interface or a client of the API.

use std::collections::BTreeMap;

use super::journal::Note;
use super::{Change, Invalid, Stamp, World};
use crate::amocrm::model::{
    CompanyId, ContactId, FieldId, Item, Lead, LeadId, LinkedContact, Stage, Tag, UserId,
};

#[derive(Debug)]
pub struct NewLead {
    pub name: String,
    pub price: i64,
    pub stage: Stage,
    pub responsible: UserId,
    pub tags: Vec<String>,
    pub values: BTreeMap<FieldId, Vec<Item>>,
    /// The first is the main one.
    pub contacts: Vec<ContactId>,
    pub company: Option<CompanyId>,
}

/// What to change; what is `None` or absent stays. An empty list of items clears a field.
#[derive(Clone, Debug, Default)]
pub struct LeadChange {
    pub name: Option<String>,
    pub price: Option<i64>,
    pub stage: Option<Stage>,
    pub responsible: Option<UserId>,
    pub values: BTreeMap<FieldId, Vec<Item>>,
}

impl World {
    pub fn add_lead(&mut self, new: NewLead, stamp: Stamp) -> (LeadId, Vec<Change>) {
        let id = self.new_id();
        let tags = new.tags.into_iter().map(|name| Tag { id: self.new_id(), name }).collect();
        let link = |(n, id): (usize, ContactId)| LinkedContact { id, is_main: n == 0 };
        let mut lead = Lead {
            id,
            name: new.name,
            price: new.price,
            stage: new.stage,
            responsible: new.responsible,
            tags,
            values: BTreeMap::new(),
            contacts: new.contacts.into_iter().enumerate().map(link).collect(),
            company: new.company,
            created_by: stamp.by,
            updated_by: stamp.by,
            created_at: stamp.at,
            updated_at: stamp.at,
            closed_at: new.stage.is_closed().then_some(stamp.at),
            is_deleted: false,
        };
        set_values(&mut lead.values, new.values);
        self.leads.insert(id, lead);
        self.note(("lead", id), Note::bare("lead_added"), stamp);
        (id, vec![Change::LeadAdded { lead: id }])
    }

    /// Nothing happens, and no hook is sent, where the lead already is as wanted.
    pub fn change_lead(
        &mut self,
        id: LeadId,
        change: LeadChange,
        stamp: Stamp,
    ) -> Result<Vec<Change>, Invalid> {
        if let Some(stage) = change.stage {
            self.directory.status(stage).ok_or_else(|| Invalid::choice("status_id"))?;
        }
        let old = self.lead_mut(id)?.clone();
        let mut new = old.clone();
        new.name = change.name.unwrap_or(new.name);
        new.price = change.price.unwrap_or(new.price);
        new.stage = change.stage.unwrap_or(new.stage);
        new.responsible = change.responsible.unwrap_or(new.responsible);
        set_values(&mut new.values, change.values);
        if new == old {
            return Ok(Vec::new());
        }
        new.updated_at = stamp.at;
        new.updated_by = stamp.by;
        if old.stage != new.stage {
            new.closed_at = new.stage.is_closed().then_some(stamp.at);
        }
        self.note_lead_changes(&old, &new, stamp);
        let changes = differences(&old, &new);
        self.leads.insert(id, new);
        Ok(changes)
    }

    pub fn delete_lead(&mut self, id: LeadId, stamp: Stamp) -> Result<Vec<Change>, Invalid> {
        let lead = self.lead_mut(id)?;
        lead.is_deleted = true;
        touch(lead, stamp);
        self.note(("lead", id), Note::bare("lead_deleted"), stamp);
        Ok(vec![Change::LeadDeleted { lead: id }])
    }

    pub fn restore_lead(&mut self, id: LeadId, stamp: Stamp) -> Result<Vec<Change>, Invalid> {
        let deleted = self.leads.get_mut(&id).filter(|lead| lead.is_deleted);
        let lead = deleted.ok_or_else(|| Invalid::missing(format!("there is no deleted lead {id}")))?;
        lead.is_deleted = false;
        touch(lead, stamp);
        self.note(("lead", id), Note::bare("lead_restored"), stamp);
        Ok(vec![Change::LeadRestored { lead: id }])
    }

    /// Links the contact and makes it the lead's main one.
    pub fn link_contact(
        &mut self,
        id: LeadId,
        contact: ContactId,
        stamp: Stamp,
    ) -> Result<Vec<Change>, Invalid> {
        if !self.contacts.contains_key(&contact) {
            return Err(Invalid::missing(format!("there is no contact {contact}")));
        }
        let lead = self.lead_mut(id)?;
        lead.contacts.retain(|link| link.id != contact);
        for link in &mut lead.contacts {
            link.is_main = false;
        }
        lead.contacts.insert(0, LinkedContact { id: contact, is_main: true });
        touch(lead, stamp);
        self.note(("lead", id), Note::bare("entity_linked"), stamp);
        Ok(vec![Change::LeadUpdated { lead: id, from: None }])
    }
}

fn touch(lead: &mut Lead, stamp: Stamp) {
    lead.updated_at = stamp.at;
    lead.updated_by = stamp.by;
}

pub(super) fn set_values(values: &mut BTreeMap<FieldId, Vec<Item>>, new: BTreeMap<FieldId, Vec<Item>>) {
    for (field, items) in new {
        if items.is_empty() {
            values.remove(&field);
        } else {
            values.insert(field, items);
        }
    }
}

/// A stage change is both an update and a move; a mere change of the responsible user is no update.
fn differences(old: &Lead, new: &Lead) -> Vec<Change> {
    let lead = new.id;
    let moved = (old.stage != new.stage).then_some(old.stage);
    let reassigned = (old.responsible != new.responsible).then_some(old.responsible);
    let edited = (&old.name, old.price, &old.values) != (&new.name, new.price, &new.values);

    let updated = (edited || moved.is_some()).then_some(Change::LeadUpdated { lead, from: moved });
    let moved = moved.map(|from| Change::LeadMoved { lead, from });
    let reassigned = reassigned.map(|from| Change::LeadReassigned { lead, from });
    [updated, moved, reassigned].into_iter().flatten().collect()
}
