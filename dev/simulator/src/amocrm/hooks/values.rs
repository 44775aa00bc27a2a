//! Custom-field values in hooks, whose shape differs by the kind of field.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use super::form::Form;
use crate::amocrm::model::{Field, FieldId, FieldKind, Item};

/// How single values are written out.
pub trait Words {
    fn offset(&self) -> FixedOffset;
    fn scalar(&self, value: &Value) -> String;
}

/// Filled fields only; a tracking field appears without values when it is not filled.
pub fn push(form: &mut Form, fields: &[Field], values: &BTreeMap<FieldId, Vec<Item>>, words: &impl Words) {
    let shown = fields.iter().filter(|field| {
        field.kind == FieldKind::TrackingData || values.get(&field.id).is_some_and(|items| !items.is_empty())
    });
    for (n, field) in shown.enumerate() {
        let prefix = format!("[custom_fields][{n}]");
        form.push(format!("{prefix}[id]"), field.id);
        form.push(format!("{prefix}[name]"), &field.name);
        for (k, item) in values.get(&field.id).into_iter().flatten().enumerate() {
            let place = format!("{prefix}[values]");
            push_item(form, field.kind, (&place, k), item, words);
        }
        if let Some(code) = &field.code {
            form.push(format!("{prefix}[code]"), code);
        }
    }
}

fn push_item(form: &mut Form, kind: FieldKind, (place, k): (&str, usize), item: &Item, words: &impl Words) {
    let at = match kind {
        // Dates have no `[value]`, radio buttons no index.
        FieldKind::Date | FieldKind::DateTime => {
            form.push(format!("{place}[{k}]"), words.scalar(&item.value));
            return;
        }
        FieldKind::Radiobutton => place.to_owned(),
        _ => format!("{place}[{k}]"),
    };
    match (kind, item.value.as_i64()) {
        (FieldKind::Birthday, Some(seconds)) => {
            let day = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
            form.push(format!("{at}[value]"), day.with_timezone(&words.offset()).format("%d.%m.%Y"));
        }
        _ => push_tree(form, &format!("{at}[value]"), &item.value, words),
    }
    if let Some(subtype) = &item.subtype {
        form.push(format!("{at}[subtype]"), subtype);
    } else if let Some(choice) = item.enum_id {
        form.push(format!("{at}[enum]"), choice);
    }
}

fn push_tree(form: &mut Form, key: &str, value: &Value, words: &impl Words) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| push_tree(form, &format!("{key}[{name}]"), value, words));
        }
        Value::Array(list) => {
            for (n, value) in list.iter().enumerate() {
                push_tree(form, &format!("{key}[{n}]"), value, words);
            }
        }
        Value::Null => {}
        scalar => form.push(key, words.scalar(scalar)),
    }
}
