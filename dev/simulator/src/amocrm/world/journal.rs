//! The account's own log, served by `/events`: complete even where hooks were lost.

use serde_json::{Value, json};

use super::{Stamp, World};
use crate::amocrm::model::{Contact, FieldId, Item, Lead, Stage};

#[derive(Clone, Debug)]
pub struct Event {
    pub id: String,
    pub kind: String,
    /// `lead` or `contact`.
    pub entity: &'static str,
    pub entity_id: i64,
    pub stamp: Stamp,
    pub after: Value,
    pub before: Value,
}

/// What an event is about, before it gets its id and place in the journal.
pub struct Note<'a> {
    pub kind: &'a str,
    pub after: Value,
    pub before: Value,
}

impl Note<'_> {
    pub fn bare(kind: &str) -> Note<'_> {
        Note { kind, after: json!([]), before: json!([]) }
    }
}

impl World {
    pub fn note(&mut self, entity: (&'static str, i64), note: Note<'_>, stamp: Stamp) {
        let event = Event {
            id: format!("01pz{:022x}", self.new_id()),
            kind: note.kind.to_owned(),
            entity: entity.0,
            entity_id: entity.1,
            stamp,
            after: note.after,
            before: note.before,
        };
        self.journal.push(event);
    }

    /// Journals every difference between two states of a lead.
    pub fn note_lead_changes(&mut self, old: &Lead, new: &Lead, stamp: Stamp) {
        let lead = ("lead", new.id);
        if old.stage != new.stage {
            let (after, before) = (status(new.stage), status(old.stage));
            self.note(lead, Note { kind: "lead_status_changed", after, before }, stamp);
        }
        if old.responsible != new.responsible {
            let person = |id| json!([{ "responsible_user": { "id": id } }]);
            let (after, before) = (person(new.responsible), person(old.responsible));
            self.note(lead, Note { kind: "entity_responsible_changed", after, before }, stamp);
        }
        if old.name != new.name {
            let name = |name: &str| json!([{ "name_field_value": { "name": name } }]);
            let (after, before) = (name(&new.name), name(&old.name));
            self.note(lead, Note { kind: "name_field_changed", after, before }, stamp);
        }
        if old.price != new.price {
            let sale = |price| json!([{ "sale_field_value": { "sale": price } }]);
            let (after, before) = (sale(new.price), sale(old.price));
            self.note(lead, Note { kind: "sale_field_changed", after, before }, stamp);
        }
        for field in self.directory.lead_fields.iter().map(|field| field.id).collect::<Vec<_>>() {
            self.note_value(lead, field, (old.values.get(&field), new.values.get(&field)), stamp);
        }
    }

    pub fn note_contact_changes(&mut self, old: &Contact, new: &Contact, stamp: Stamp) {
        let contact = ("contact", new.id);
        if old.name != new.name {
            self.note(contact, Note::bare("name_field_changed"), stamp);
        }
        for field in self.directory.contact_fields.iter().map(|field| field.id).collect::<Vec<_>>() {
            self.note_value(contact, field, (old.values.get(&field), new.values.get(&field)), stamp);
        }
    }

    fn note_value(
        &mut self,
        entity: (&'static str, i64),
        field: FieldId,
        (old, new): (Option<&Vec<Item>>, Option<&Vec<Item>>),
        stamp: Stamp,
    ) {
        if old == new {
            return;
        }
        let text = |item: &Item| {
            let value = json!({ "field_id": field, "enum_id": item.enum_id, "text": item.value });
            json!({ "custom_field_value": value })
        };
        let list = |items: Option<&Vec<Item>>| items.into_iter().flatten().map(text).collect();
        let kind = format!("custom_field_{field}_value_changed");
        self.note(entity, Note { kind: &kind, after: list(new), before: list(old) }, stamp);
    }
}

fn status(stage: Stage) -> Value {
    json!([{ "lead_status": { "id": stage.status, "pipeline_id": stage.pipeline } }])
}
