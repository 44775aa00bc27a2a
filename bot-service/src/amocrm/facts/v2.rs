//! Custom fields as hooks show them: a tree of texts whose lists are objects with numbers for names.
//!
//! ```text
//! {"0": {"id": "1", "name": "Адрес", "values": {"0": {"value": "…"}}},      most fields; one item a choice
//!  "1": {"id": "2", "values": {"0": "1729717200"}},                          a date: no `value`
//!  "2": {"id": "3", "values": {"value": "Дом", "enum": "475012"}},           a radio button: no index
//!  "3": {"id": "4", "code": "UTM_MEDIUM"}}                                   not filled
//! ```

use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::filled::{self, Filled};
use crate::amocrm::text::clean;

/// Scalars from here on are dates; smaller ones are ticked boxes of the old kind.
const EARLIEST_DATE: i64 = 100_000_000;

/// The fields that hold something.
pub fn fields(custom_fields: Option<&Value>, timezone: Tz) -> Vec<Filled> {
    let Some(Value::Object(fields)) = custom_fields else { return Vec::new() };
    in_order(fields).into_iter().filter_map(|field| read(field, timezone)).collect()
}

fn read(field: &Value, timezone: Tz) -> Option<Filled> {
    let text = |name: &str| field.get(name).and_then(Value::as_str).and_then(clean);
    let texts = texts(field.get("values")?, timezone);
    (!texts.is_empty()).then(|| Filled {
        id: text("id").and_then(|id| id.parse().ok()),
        code: text("code"),
        name: text("name"),
        text: texts.join(", "),
    })
}

fn texts(values: &Value, timezone: Tz) -> Vec<String> {
    let Value::Object(items) = values else { return Vec::new() };
    if let Some(value) = items.get("value") {
        return named(value).into_iter().collect();
    }
    in_order(items).into_iter().filter_map(|item| text(item, timezone)).collect()
}

fn text(item: &Value, timezone: Tz) -> Option<String> {
    match item {
        Value::String(scalar) => {
            let date = scalar.trim().parse().ok().filter(|seconds| *seconds >= EARLIEST_DATE);
            date.and_then(|seconds| filled::day(seconds, timezone)).or_else(|| clean(scalar))
        }
        Value::Object(item) if item.get("subtype").and_then(Value::as_str) == Some("country") => None,
        Value::Object(item) => named(item.get("value")?),
        _ => None,
    }
}

fn named(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => clean(text),
        Value::Object(parts) => {
            ["name", "file_name"].iter().find_map(|name| parts.get(*name)?.as_str().and_then(clean))
        }
        _ => None,
    }
}

/// Members by number: as texts, 10 would come before 2.
fn in_order(members: &Map<String, Value>) -> Vec<&Value> {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|(name, _)| name.parse::<u64>().unwrap_or(u64::MAX));
    members.into_iter().map(|(_, value)| value).collect()
}
