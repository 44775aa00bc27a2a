//! «Неразобранное»: an application becomes a deal when it is accepted, and only then concerns us.

use shared::events::{LeadAction, Subject};
use shared::ids::LeadId;

use super::item::{Item, parse};
use crate::flaw::Flaw;
use crate::form::Tree;

const ACTIONS: &[&str] = &["add", "update", "delete"];

/// Both ends of an application arrive as `unsorted[delete]`; its `action` says which one it was.
pub fn read(action: &str, item: &mut Item<'_, '_>) {
    if !ACTIONS.contains(&action) {
        item.reading.skipped.unknown_actions += 1;
    } else if item.text("action") == Some("accept") {
        accepted(item);
    } else {
        item.reading.skipped.unused += 1;
    }
}

/// `accept_result[leads][0]` is the deal's id, alone or as a field of it.
fn accepted(item: &mut Item<'_, '_>) {
    let leads = item.fields.branch("accept_result").and_then(|result| result.branch("leads"));
    let Some(leads) = leads else {
        item.reading.flaw(Flaw::NoId);
        return;
    };
    for (_, lead) in leads.iter() {
        let id = match lead {
            Tree::Leaf(_) => Some(lead),
            Tree::Branch(fields) => fields.get("id"),
        };
        match id.and_then(|id| parse(id).ok()?).filter(|id| *id > 0) {
            Some(id) => item.found(Subject::Lead {
                lead_id: LeadId(id),
                action: LeadAction::Unsorted,
                changed_at: None,
                entry: None,
            }),
            None => item.reading.flaw(Flaw::NoId),
        }
    }
}
