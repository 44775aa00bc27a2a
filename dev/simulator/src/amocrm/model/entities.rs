//! What people work on in an account: leads, and the contacts and companies linked to them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CompanyId, ContactId, FieldId, Item, LeadId, Stage, UserId};

/// A deal. `values` holds filled fields only, except an unset tracking field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lead {
    pub id: LeadId,
    pub name: String,
    pub price: i64,
    #[serde(flatten)]
    pub stage: Stage,
    pub responsible: UserId,
    pub tags: Vec<Tag>,
    pub values: BTreeMap<FieldId, Vec<Item>>,
    pub contacts: Vec<LinkedContact>,
    pub company: Option<CompanyId>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub created_at: i64,
    pub updated_at: i64,
    pub closed_at: Option<i64>,
    pub is_deleted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tag {
    pub id: i64,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LinkedContact {
    pub id: ContactId,
    pub is_main: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contact {
    pub id: ContactId,
    pub name: String,
    pub responsible: UserId,
    pub values: BTreeMap<FieldId, Vec<Item>>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Company {
    pub id: CompanyId,
    pub name: String,
    pub responsible: UserId,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub created_at: i64,
    pub updated_at: i64,
}

/// A subscription: which events go to which address.
#[derive(Clone, Debug, Serialize)]
pub struct Webhook {
    pub id: i64,
    pub destination: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub account_id: i64,
    pub created_by: UserId,
    pub sort: i64,
    pub disabled: bool,
    pub settings: Vec<String>,
}
