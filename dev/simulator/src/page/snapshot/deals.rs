//! The account's board.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::amocrm::{Contact, Field, FieldId, Item, LOST, Lead, Simulator, Stage, WON};

/// Stages in the order of the board, users, and the fields of a deal with their options.
pub fn directory(amocrm: &Simulator) -> Value {
    let directory = amocrm.directory();
    let stages = directory.pipelines.iter().flat_map(|pipeline| {
        pipeline.statuses.iter().map(|status| {
            json!({
                "stage": Stage::new(pipeline.id, status.id), "name": status.name,
                "is_unsorted": status.is_unsorted, "is_closed": matches!(status.id, WON | LOST),
            })
        })
    });
    let fields = directory.lead_fields.iter().map(|field| {
        let options: Vec<_> = field.choices.iter().map(|choice| &choice.value).collect();
        json!({ "name": field.name, "type": field.kind, "options": options })
    });
    let users: Vec<_> = directory.users.iter().filter(|user| user.is_active).collect();
    json!({
        "account": directory.account.name, "timezone": directory.account.timezone, "users": users,
        "stages": stages.collect::<Vec<_>>(), "fields": fields.collect::<Vec<_>>(),
    })
}

pub fn deal(amocrm: &Simulator, lead: &Lead) -> Value {
    let directory = amocrm.directory();
    json!({
        "id": lead.id, "name": lead.name, "price": lead.price, "stage": lead.stage,
        "responsible": lead.responsible, "is_deleted": lead.is_deleted, "updated_at": lead.updated_at,
        "fields": texts(&directory.lead_fields, &lead.values),
        "client": amocrm.main_contact(lead.id).map(|contact| client(&directory.contact_fields, &contact)),
    })
}

fn client(fields: &[Field], contact: &Contact) -> Value {
    let phones = fields.iter().find(|field| field.code.as_deref() == Some("PHONE"));
    let phones = phones.and_then(|field| contact.values.get(&field.id)).into_iter().flatten();
    json!({ "name": contact.name, "phones": phones.map(|item| &item.value).collect::<Vec<_>>() })
}

/// The values that are texts, by the names of their fields.
fn texts(fields: &[Field], values: &BTreeMap<FieldId, Vec<Item>>) -> BTreeMap<String, String> {
    let text = |field: &Field| {
        let value = values.get(&field.id)?.first()?.value.as_str()?;
        Some((field.name.clone(), value.to_owned()))
    };
    fields.iter().filter_map(text).collect()
}
