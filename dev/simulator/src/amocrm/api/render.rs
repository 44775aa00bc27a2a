//! Entities as API v4 shows them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::params::Params;
use crate::amocrm::model::{Company, Contact, Field, FieldId, Item, Lead, Pipeline, User};
use crate::amocrm::world::{Event, World};

/// What rendering needs to know besides the entity.
pub struct View<'a> {
    pub world: &'a World,
    /// `http://…/api/v4`.
    pub base: String,
    pub params: &'a Params,
}

impl View<'_> {
    pub fn link(&self, path: &str) -> Value {
        json!({ "self": { "href": format!("{}/{path}", self.base) } })
    }

    pub fn lead(&self, lead: &Lead) -> Value {
        let contact = |id, is_main| {
            let links = self.link(&format!("contacts/{id}"));
            json!({ "id": id, "is_main": is_main, "_links": links })
        };
        let tags: Vec<_> =
            lead.tags.iter().map(|tag| json!({ "id": tag.id, "name": tag.name, "color": null })).collect();
        let company = |id| json!({ "id": id, "_links": self.link(&format!("companies/{id}")) });
        let companies: Vec<_> = lead.company.into_iter().map(company).collect();
        let mut embedded = json!({ "tags": tags, "companies": companies });
        if self.params.with("contacts") {
            embedded["contacts"] = lead.contacts.iter().map(|link| contact(link.id, link.is_main)).collect();
        }
        json!({
            "id": lead.id, "name": lead.name, "price": lead.price,
            "responsible_user_id": lead.responsible, "group_id": 0,
            "status_id": lead.stage.status, "pipeline_id": lead.stage.pipeline,
            "loss_reason_id": null, "source_id": null,
            "created_by": lead.created_by, "updated_by": lead.updated_by,
            "created_at": lead.created_at, "updated_at": lead.updated_at,
            "closed_at": lead.closed_at, "closest_task_at": null, "is_deleted": lead.is_deleted,
            "custom_fields_values": values(&self.world.directory.lead_fields, &lead.values),
            "score": null, "account_id": self.world.directory.account.id, "labor_cost": null,
            "_links": self.link(&format!("leads/{}", lead.id)), "_embedded": embedded,
        })
    }

    pub fn contact(&self, contact: &Contact) -> Value {
        let (first, last) = contact.name.split_once(' ').unwrap_or((&contact.name, ""));
        let mut embedded = json!({ "tags": [], "companies": [] });
        if self.params.with("leads") {
            let links_here = |lead: &&Lead| lead.contacts.iter().any(|link| link.id == contact.id);
            let leads = self.world.leads.values().filter(|lead| !lead.is_deleted).filter(links_here);
            embedded["leads"] = leads
                .map(|lead| json!({ "id": lead.id, "_links": self.link(&format!("leads/{}", lead.id)) }))
                .collect();
        }
        json!({
            "id": contact.id, "name": contact.name, "first_name": first, "last_name": last,
            "responsible_user_id": contact.responsible, "group_id": 0,
            "created_by": contact.created_by, "updated_by": contact.updated_by,
            "created_at": contact.created_at, "updated_at": contact.updated_at,
            "is_deleted": false, "closest_task_at": null,
            "custom_fields_values": values(&self.world.directory.contact_fields, &contact.values),
            "account_id": self.world.directory.account.id,
            "_links": self.link(&format!("contacts/{}", contact.id)), "_embedded": embedded,
        })
    }

    pub fn company(&self, company: &Company) -> Value {
        json!({
            "id": company.id, "name": company.name,
            "responsible_user_id": company.responsible, "group_id": 0,
            "created_by": company.created_by, "updated_by": company.updated_by,
            "created_at": company.created_at, "updated_at": company.updated_at,
            "is_deleted": false, "closest_task_at": null, "custom_fields_values": null,
            "account_id": self.world.directory.account.id,
            "_links": self.link(&format!("companies/{}", company.id)), "_embedded": { "tags": [] },
        })
    }

    pub fn user(&self, user: &User) -> Value {
        let rights = json!({ "view": "A", "edit": "A", "add": "A", "delete": "A", "export": "A" });
        let mut body = json!({
            "id": user.id, "name": user.name, "email": user.email, "lang": "ru",
            "rights": {
                "leads": rights, "contacts": rights, "companies": rights,
                "tasks": { "edit": "A", "delete": "A" }, "mail_access": false, "catalog_access": true,
                "status_rights": null, "is_admin": user.is_admin, "is_free": false,
                "is_active": user.is_active, "group_id": null, "role_id": null,
            },
            "_links": self.link(&format!("users/{}", user.id)),
        });
        if self.params.with("phone_number") {
            body["phone_number"] = json!(user.phone);
        }
        body
    }

    pub fn pipeline(&self, (n, pipeline): (usize, &Pipeline)) -> Value {
        let account = self.world.directory.account.id;
        let statuses: Vec<_> = pipeline
            .statuses
            .iter()
            .enumerate()
            .map(|(place, status)| {
                let closed = matches!(status.id, 142 | 143);
                json!({
                    "id": status.id, "name": status.name,
                    "sort": match status.id { 142 => 10_000, 143 => 11_000, _ => (place + 1) * 10 },
                    "is_editable": !closed && !status.is_unsorted, "pipeline_id": pipeline.id,
                    "color": match status.id { 142 => "#CCFF66", 143 => "#D5D8DB", _ => "#c1c1c1" },
                    "type": i32::from(status.is_unsorted), "account_id": account,
                    "_links": self.link(&format!("leads/pipelines/{}/statuses/{}", pipeline.id, status.id)),
                })
            })
            .collect();
        json!({
            "id": pipeline.id, "name": pipeline.name, "sort": n + 1, "is_main": pipeline.is_main,
            "is_unsorted_on": true, "is_archive": false, "account_id": account,
            "_links": self.link(&format!("leads/pipelines/{}", pipeline.id)),
            "_embedded": { "statuses": statuses },
        })
    }

    pub fn field(&self, entity: &str, (n, field): (usize, &Field)) -> Value {
        let choices = field.choices.iter().enumerate().map(|(sort, choice)| {
            json!({ "id": choice.id, "value": choice.value, "sort": sort * 10, "code": choice.code })
        });
        json!({
            "id": field.id, "name": field.name, "type": field.kind, "code": field.code, "sort": 500 + n,
            "account_id": self.world.directory.account.id, "entity_type": entity, "group_id": null,
            "is_api_only": false, "is_predefined": false, "is_deletable": true, "required_statuses": [],
            "enums": if field.choices.is_empty() { Value::Null } else { choices.collect() },
            "nested": null, "remind": null, "currency": null,
            "_links": self.link(&format!("leads/custom_fields/{}", field.id)),
        })
    }

    pub fn event(&self, event: &Event) -> Value {
        let plural = format!("{}s/{}", event.entity, event.entity_id);
        json!({
            "id": event.id, "type": event.kind, "entity_id": event.entity_id, "entity_type": event.entity,
            "created_by": event.stamp.by, "created_at": event.stamp.at,
            "value_after": event.after, "value_before": event.before,
            "account_id": self.world.directory.account.id,
            "_links": self.link(&format!("events/{}", event.id)),
            "_embedded": { "entity": { "id": event.entity_id, "_links": self.link(&plural) } },
        })
    }
}

/// Null where no field is filled.
fn values(fields: &[Field], values: &BTreeMap<FieldId, Vec<Item>>) -> Value {
    let filled = fields.iter().filter_map(|field| Some((field, values.get(&field.id)?)));
    let shown: Vec<_> = filled
        .map(|(field, items)| {
            json!({
                "field_id": field.id, "field_name": field.name, "field_code": field.code,
                "field_type": field.kind,
                "values": items.iter().map(|item| shown_item(field, item)).collect::<Vec<_>>(),
            })
        })
        .collect();
    if shown.is_empty() { Value::Null } else { json!(shown) }
}

fn shown_item(field: &Field, item: &Item) -> Value {
    let mut shown = json!({ "value": item.value });
    if let Some(id) = item.enum_id {
        shown["enum_id"] = json!(id);
        shown["enum_code"] = json!(field.choice(id).and_then(|choice| choice.code.as_deref()));
    } else if let Some(part) = &item.subtype {
        shown["enum_code"] = json!(part);
    }
    shown
}
