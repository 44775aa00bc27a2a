//! One event as a hook tells it: the old v2 shape, filled fields only.

use serde_json::Value;

use super::behaviour::{CompanyLink, HookBehaviour, HookKind, Modifier, TextForm};
use super::form::Form;
use super::values;
use crate::amocrm::model::{Contact, Lead, Stage, UserId};
use crate::amocrm::world::{Change, World};

/// The pairs of one event; its index in a body is not yet known.
#[derive(Clone, Debug)]
pub struct Entry {
    pub entity: &'static str,
    pub action: &'static str,
    pub id: i64,
    /// Whether it comes from the Digital Pipeline, which has its own envelope.
    pub source: Source,
    pub form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Crm,
    DigitalPipeline,
}

impl Entry {
    /// The name of the event in a subscription, as `status_lead`.
    pub fn code(&self) -> String {
        format!("{}_{}", self.action, self.entity.trim_end_matches('s'))
    }
}

/// What was so before, for the events that tell it.
#[derive(Clone, Copy, Default)]
struct Before {
    stage: Option<Stage>,
    responsible: Option<UserId>,
}

/// The entries of one change, none if the entity is gone.
pub fn of_change(world: &World, change: Change, behaviour: &HookBehaviour) -> Vec<Entry> {
    let crm = (behaviour.kind != HookKind::DigitalPipeline).then(|| crm_entry(world, change, behaviour));
    let pipeline = (behaviour.kind != HookKind::Crm).then(|| pipeline_entry(world, change));
    [crm, pipeline].into_iter().flatten().flatten().collect()
}

fn crm_entry(world: &World, change: Change, behaviour: &HookBehaviour) -> Option<Entry> {
    let shape = Shape { world, behaviour };
    let lead = |id| world.leads.get(&id);
    let contact = |id| world.contacts.get(&id);
    let nothing = Before::default();
    match change {
        Change::LeadAdded { lead: id } => Some(shape.lead("add", lead(id)?, nothing)),
        Change::LeadUpdated { lead: id, from } => {
            Some(shape.lead("update", lead(id)?, Before { stage: from, ..nothing }))
        }
        Change::LeadMoved { lead: id, from } => {
            Some(shape.lead("status", lead(id)?, Before { stage: Some(from), ..nothing }))
        }
        Change::LeadReassigned { lead: id, from } => {
            Some(shape.lead("responsible", lead(id)?, Before { responsible: Some(from), ..nothing }))
        }
        Change::LeadRestored { lead: id } => Some(shape.lead("restore", lead(id)?, nothing)),
        Change::LeadDeleted { lead: id } => Some(place_entry("delete", lead(id)?, Source::Crm)),
        Change::ContactAdded { contact: id } => Some(shape.contact("add", contact(id)?)),
        Change::ContactUpdated { contact: id } => Some(shape.contact("update", contact(id)?)),
    }
}

fn pipeline_entry(world: &World, change: Change) -> Option<Entry> {
    match change {
        Change::LeadAdded { lead } => Some(digital_pipeline(world.leads.get(&lead)?, None)),
        Change::LeadMoved { lead, from } => Some(digital_pipeline(world.leads.get(&lead)?, Some(from))),
        _ => None,
    }
}

/// A Digital Pipeline hook of a lead that came into its stage: moved there, or created in it.
pub fn digital_pipeline(lead: &Lead, from: Option<Stage>) -> Entry {
    let action = if from.is_some() { "status" } else { "add" };
    let mut entry = place_entry(action, lead, Source::DigitalPipeline);
    if let Some(from) = from {
        entry.form.push("[old_status_id]", from.status);
        entry.form.push("[old_pipeline_id]", from.pipeline);
    }
    entry
}

fn place_entry(action: &'static str, lead: &Lead, source: Source) -> Entry {
    let mut form = Form::default();
    form.push("[id]", lead.id);
    form.push("[status_id]", lead.stage.status);
    form.push("[pipeline_id]", lead.stage.pipeline);
    Entry { entity: "leads", action, id: lead.id, source, form }
}

struct Shape<'a> {
    world: &'a World,
    behaviour: &'a HookBehaviour,
}

impl Shape<'_> {
    fn lead(&self, action: &'static str, lead: &Lead, before: Before) -> Entry {
        let mut form = Form::default();
        form.push("[id]", lead.id);
        form.push("[name]", self.text(&lead.name));
        form.push("[status_id]", lead.stage.status);
        if let Some(stage) = before.stage {
            form.push("[old_status_id]", stage.status);
        }
        form.push("[price]", lead.price);
        form.push("[responsible_user_id]", lead.responsible);
        if let Some(user) = before.responsible {
            form.push("[old_responsible_user_id]", user);
        }
        form.push("[last_modified]", lead.updated_at);
        form.push("[modified_user_id]", self.modifier(lead.updated_by));
        form.push("[created_user_id]", lead.created_by);
        form.push("[date_create]", lead.created_at);
        form.push("[pipeline_id]", lead.stage.pipeline);
        for (n, tag) in lead.tags.iter().enumerate() {
            form.push(format!("[tags][{n}][id]"), tag.id);
            form.push(format!("[tags][{n}][name]"), self.text(&tag.name));
        }
        if let (CompanyLink::Told, Some(company)) = (self.behaviour.company, lead.company) {
            form.push("[linked_company_id]", company);
        }
        form.push("[account_id]", self.world.directory.account.id);
        values::push(&mut form, &self.world.directory.lead_fields, &lead.values, self);
        form.push("[created_at]", lead.created_at);
        form.push("[updated_at]", lead.updated_at);
        Entry { entity: "leads", action, id: lead.id, source: Source::Crm, form }
    }

    fn contact(&self, action: &'static str, contact: &Contact) -> Entry {
        let mut form = Form::default();
        form.push("[id]", contact.id);
        form.push("[name]", self.text(&contact.name));
        form.push("[responsible_user_id]", contact.responsible);
        form.push("[date_create]", contact.created_at);
        form.push("[last_modified]", contact.updated_at);
        form.push("[created_user_id]", contact.created_by);
        form.push("[modified_user_id]", self.modifier(contact.updated_by));
        form.push("[account_id]", self.world.directory.account.id);
        values::push(&mut form, &self.world.directory.contact_fields, &contact.values, self);
        let linked = |lead: &&Lead| lead.contacts.iter().any(|link| link.id == contact.id);
        for lead in self.world.leads.values().filter(linked) {
            form.push(format!("[linked_leads_id][{}][ID]", lead.id), lead.id);
        }
        if action == "update" {
            form.push("[old_responsible_user_id]", contact.responsible);
        }
        form.push("[created_at]", contact.created_at);
        form.push("[updated_at]", contact.updated_at);
        form.push("[type]", "contact");
        Entry { entity: "contacts", action, id: contact.id, source: Source::Crm, form }
    }

    fn modifier(&self, user: UserId) -> UserId {
        match self.behaviour.modifier {
            Modifier::Named => user,
            Modifier::Zero => 0,
        }
    }

    fn text(&self, text: &str) -> String {
        match self.behaviour.text {
            TextForm::Exact => text.to_owned(),
            TextForm::HtmlEscaped => {
                text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
            }
        }
    }
}

impl values::Words for Shape<'_> {
    fn offset(&self) -> chrono::FixedOffset {
        self.world.directory.account.utc_offset
    }

    fn scalar(&self, value: &Value) -> String {
        match value {
            Value::String(text) => self.text(text),
            Value::Bool(set) => u8::from(*set).to_string(),
            other => other.to_string(),
        }
    }
}
