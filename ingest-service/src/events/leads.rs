//! Deals: the hooks of the CRM, and those of the Digital Pipeline, which bring ids and stages only.

use chrono::{DateTime, Utc};
use shared::events::{Entry, LeadAction, Subject};
use shared::ids::{LeadId, PipelineId, Stage, StatusId};

use super::item::Item;
use crate::flaw::Flaw;

const KNOWN_FIELDS: &[&str] = &[
    "id",
    "name",
    "price",
    "status_id",
    "old_status_id",
    "pipeline_id",
    "old_pipeline_id",
    "responsible_user_id",
    "old_responsible_user_id",
    "created_user_id",
    "modified_user_id",
    "main_user_id",
    "group_id",
    "account_id",
    "linked_company_id",
    "company_name",
    "loss_reason_id",
    "date_create",
    "created_at",
    "last_modified",
    "updated_at",
    "tags",
    "custom_fields",
    "note",
    "type",
];
/// Triggers of the Digital Pipeline that tell nothing but the deal.
const PIPELINE_TRIGGERS: &[&str] = &["mail_in", "call_in", "chat", "site_visit"];
/// What a note is attached to, as a number of AmoCRM's old interface.
const ELEMENT_LEAD: i64 = 2;

pub fn read(action: &str, item: &mut Item<'_, '_>) {
    let action = match action {
        "add" => LeadAction::Add,
        "update" => LeadAction::Update,
        "status" => LeadAction::Status,
        "responsible" => LeadAction::Responsible,
        "delete" => LeadAction::Delete,
        "restore" => LeadAction::Restore,
        "note" => LeadAction::Note,
        other => {
            if !PIPELINE_TRIGGERS.contains(&other) {
                item.reading.skipped.unknown_actions += 1;
            }
            LeadAction::Other
        }
    };
    item.count_unknown(KNOWN_FIELDS);
    match action {
        LeadAction::Note => note(item),
        action => lead(action, item),
    }
}

fn lead(action: LeadAction, item: &mut Item<'_, '_>) {
    let Some(id) = item.id("id") else { return };
    let changed_at = changed_at(item);
    let entry = entry(action, item);
    item.found(Subject::Lead { lead_id: LeadId(id), action, changed_at, entry });
}

/// The same time stands under two names; the second is the younger one.
fn changed_at(item: &mut Item<'_, '_>) -> Option<DateTime<Utc>> {
    let last_modified = item.time("last_modified");
    last_modified.or_else(|| item.time("updated_at"))
}

/// A created deal entered its stage; another one did if it names an old stage that is not the new one.
fn entry(action: LeadAction, item: &mut Item<'_, '_>) -> Option<Entry> {
    let status = item.number("status_id").map(StatusId);
    let pipeline = item.number("pipeline_id").map(PipelineId);
    let old_status = item.number("old_status_id").map(StatusId);
    let old_pipeline = item.number("old_pipeline_id").map(PipelineId);
    let stage = Stage { pipeline_id: pipeline?, status_id: status? };
    match action {
        LeadAction::Add => Some(Entry { stage, from: None }),
        LeadAction::Status | LeadAction::Update => {
            let from = old_status?;
            let moved = from != stage.status_id || old_pipeline.is_some_and(|old| old != stage.pipeline_id);
            moved.then_some(Entry { stage, from: Some(from) })
        }
        _ => None,
    }
}

/// `leads[note][0][note][…]`. Its times are the note's, not the deal's, so none is passed on.
fn note(item: &mut Item<'_, '_>) {
    let Some(fields) = item.fields.branch("note") else {
        item.reading.flaw(Flaw::Shape);
        return;
    };
    let mut note = Item { fields, reading: &mut *item.reading };
    if note.number("element_type").is_some_and(|kind| kind != ELEMENT_LEAD) {
        note.reading.skipped.unused += 1;
        return;
    }
    let Some(id) = note.id("element_id") else { return };
    note.found(Subject::Lead {
        lead_id: LeadId(id),
        action: LeadAction::Note,
        changed_at: None,
        entry: None,
    });
}
