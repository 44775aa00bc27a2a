//! The custom fields that the facts of a measurement are read from.

use shared::check::Row;

use crate::amocrm::model::Field;
use crate::domain::setup::is_called;
use crate::domain::setup::{FieldKeys, FieldNames};

pub const SUBJECT: &str = "fields";

/// Each fact should have a field. A fact whose setting is the default may lack one: not every account has zones.
pub fn compared(fields: &[Field], names: &FieldNames) -> Row {
    let default = FieldNames::default();
    let facts = [
        ("FIELD_ADDRESS", &names.address, &default.address),
        ("FIELD_ORDER_NUMBER", &names.order_number, &default.order_number),
        ("FIELD_ZONE", &names.zone, &default.zone),
        ("FIELD_DEALER", &names.dealer, &default.dealer),
        ("FIELD_PRODUCT", &names.product, &default.product),
        ("FIELD_COMMENT", &names.comment, &default.comment),
    ];
    let without: Vec<_> = facts.iter().filter(|(_, keys, _)| !is_there(fields, keys)).collect();
    let settings: Vec<&str> = without.iter().map(|(setting, ..)| *setting).collect();
    if settings.is_empty() {
        return Row::works(SUBJECT, "every fact has its field");
    }
    let found = format!("no field of the account is what {} names", settings.join(", "));
    if without.iter().all(|(_, keys, default)| keys == default) {
        return Row::note(SUBJECT, format!("{found}; cards will not show it. {}", shown(fields)));
    }
    Row::fails(SUBJECT, found, format!("{} Write one of them, or leave the setting empty.", shown(fields)))
}

fn is_there(fields: &[Field], keys: &FieldKeys) -> bool {
    let is_field = |field: &Field, key: &str| {
        is_called(Some(field.id), field.code.as_deref(), field.name.as_deref(), key)
    };
    keys.0.iter().any(|key| fields.iter().any(|field| is_field(field, key)))
}

fn shown(fields: &[Field]) -> String {
    let names: Vec<_> = fields.iter().filter_map(|field| field.name.as_deref()).collect();
    format!("There are: {}.", names.join(", "))
}
