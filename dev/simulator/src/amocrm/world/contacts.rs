//! What happens to contacts.

use std::collections::BTreeMap;

use super::journal::Note;
use super::leads::set_values;
use super::{Change, Invalid, Stamp, World};
use crate::amocrm::model::{Contact, ContactId, FieldId, Item, UserId};

/// What to change; what is `None` or absent stays. An empty list of items clears a field.
#[derive(Clone, Debug, Default)]
pub struct ContactChange {
    pub name: Option<String>,
    pub values: BTreeMap<FieldId, Vec<Item>>,
}

impl World {
    pub fn add_contact(
        &mut self,
        new: ContactChange,
        responsible: UserId,
        stamp: Stamp,
    ) -> (ContactId, Vec<Change>) {
        let id = self.new_id();
        let mut contact = Contact {
            id,
            name: new.name.unwrap_or_default(),
            responsible,
            values: BTreeMap::new(),
            created_by: stamp.by,
            updated_by: stamp.by,
            created_at: stamp.at,
            updated_at: stamp.at,
        };
        set_values(&mut contact.values, new.values);
        self.contacts.insert(id, contact);
        self.note(("contact", id), Note::bare("contact_added"), stamp);
        (id, vec![Change::ContactAdded { contact: id }])
    }

    /// The linked leads stay untouched, their `updated_at` too.
    pub fn change_contact(
        &mut self,
        id: ContactId,
        change: ContactChange,
        stamp: Stamp,
    ) -> Result<Vec<Change>, Invalid> {
        let contact = self.contacts.get_mut(&id);
        let contact = contact.ok_or_else(|| Invalid::missing(format!("there is no contact {id}")))?;
        let old = contact.clone();
        contact.name = change.name.unwrap_or_else(|| old.name.clone());
        set_values(&mut contact.values, change.values);
        if *contact == old {
            return Ok(Vec::new());
        }
        contact.updated_at = stamp.at;
        contact.updated_by = stamp.by;
        let new = contact.clone();
        self.note_contact_changes(&old, &new, stamp);
        Ok(vec![Change::ContactUpdated { contact: id }])
    }

    /// Phones or mails as values of the contact's multitext field with this code, all of the first kind.
    pub fn multitext(&self, code: &str, texts: &[String]) -> BTreeMap<FieldId, Vec<Item>> {
        let field = self.directory.contact_fields.iter().find(|field| field.code.as_deref() == Some(code));
        field.map_or_else(BTreeMap::new, |field| {
            let kind = field.choices.first().map(|kind| kind.id);
            let item = |text: &String| Item { enum_id: kind, ..Item::plain(text.as_str()) };
            BTreeMap::from([(field.id, texts.iter().map(item).collect())])
        })
    }
}
