//! Contacts: a change of one may concern a measurement, for the phone or the name of its client.

use shared::events::Subject;
use shared::ids::{ContactId, LeadId};

use super::item::{Item, parse};
use crate::flaw::Flaw;
use crate::form::{Key, Tree};

const KNOWN_FIELDS: &[&str] = &[
    "id",
    "name",
    "type",
    "responsible_user_id",
    "old_responsible_user_id",
    "group_id",
    "created_user_id",
    "modified_user_id",
    "main_user_id",
    "account_id",
    "linked_leads_id",
    "linked_company_id",
    "company_name",
    "date_create",
    "created_at",
    "last_modified",
    "updated_at",
    "tags",
    "custom_fields",
];
const UNUSED_ACTIONS: &[&str] = &["add", "delete", "restore", "responsible", "note"];

pub fn read(action: &str, item: &mut Item<'_, '_>) {
    // Companies come under the same name, told apart by their type alone.
    let is_contact = item.text("type").is_none_or(|kind| kind == "contact");
    match action {
        "update" if is_contact => update(item),
        "update" => item.reading.skipped.unused += 1,
        other if UNUSED_ACTIONS.contains(&other) => item.reading.skipped.unused += 1,
        _ => item.reading.skipped.unknown_actions += 1,
    }
}

fn update(item: &mut Item<'_, '_>) {
    item.count_unknown(KNOWN_FIELDS);
    let Some(id) = item.id("id") else { return };
    let linked_leads = linked_leads(item);
    item.found(Subject::Contact { contact_id: ContactId(id), linked_leads });
}

/// `linked_leads_id[31][ID]=31`: a map whose keys are the ids; a plain list of ids is read as well.
fn linked_leads(item: &mut Item<'_, '_>) -> Vec<LeadId> {
    let Some(links) = item.fields.get("linked_leads_id") else { return Vec::new() };
    let Some(links) = links.as_branch() else { return Vec::new() };
    let mut leads = Vec::new();
    for (key, link) in links.iter() {
        match link_id(key, link) {
            Some(id) => leads.push(LeadId(id)),
            None => item.reading.flaw(Flaw::NoId),
        }
    }
    leads
}

fn link_id(key: &Key<'_>, link: &Tree<'_>) -> Option<i64> {
    let named = match link {
        Tree::Leaf(_) => Some(link),
        Tree::Branch(fields) => fields.get("ID").or_else(|| fields.get("id")),
    };
    let id = match (named, key) {
        (Some(tree), _) => parse(tree).ok().flatten(),
        (None, Key::Index(index)) => i64::try_from(*index).ok(),
        (None, Key::Name(_)) => None,
    };
    id.filter(|id| *id > 0)
}
