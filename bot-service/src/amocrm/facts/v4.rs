//! Custom fields as the API shows them: `[{field_id, field_name, field_code, field_type, values: [{value}]}]`.

use chrono::DateTime;
use chrono_tz::Tz;
use serde_json::Value;

use super::filled::{self, Filled};
use crate::amocrm::text::clean;

/// The fields that hold something. What has another shape than a field is passed over.
pub fn fields(values: &[Value], timezone: Tz) -> Vec<Filled> {
    values.iter().filter_map(|field| read(field, timezone)).collect()
}

/// The values of every field with this code, one by one.
pub fn texts_of_code(values: &[Value], code: &str, timezone: Tz) -> Vec<String> {
    let fields = values.iter().filter(|field| field.get("field_code").and_then(Value::as_str) == Some(code));
    fields.flat_map(|field| texts(field, timezone)).collect()
}

fn read(field: &Value, timezone: Tz) -> Option<Filled> {
    let text = |name: &str| field.get(name).and_then(Value::as_str).and_then(clean);
    let texts = texts(field, timezone);
    (!texts.is_empty()).then(|| Filled {
        id: field.get("field_id").and_then(Value::as_i64),
        code: text("field_code"),
        name: text("field_name"),
        text: texts.join(", "),
    })
}

fn texts(field: &Value, timezone: Tz) -> Vec<String> {
    let kind = field.get("field_type").and_then(Value::as_str).unwrap_or_default();
    let items = field.get("values").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    // A country is two letters, and every client is in ours.
    let is_shown = |item: &&Value| item.get("enum_code").and_then(Value::as_str) != Some("country");
    items.iter().filter(is_shown).filter_map(|item| text(kind, item.get("value")?, timezone)).collect()
}

fn text(kind: &str, value: &Value, timezone: Tz) -> Option<String> {
    let text = match (kind, value) {
        ("date" | "birthday", value) => date(value, |seconds| filled::day(seconds, timezone)),
        ("date_time", value) => date(value, |seconds| filled::moment(seconds, timezone)),
        (_, Value::String(text)) => Some(text.clone()),
        (_, Value::Number(number)) => Some(number.to_string()),
        (_, Value::Bool(true)) => Some("да".to_owned()),
        // A company or a file: its name is what a person knows it by.
        (_, Value::Object(parts)) => {
            ["name", "file_name"].iter().find_map(|name| Some(parts.get(*name)?.as_str()?.to_owned()))
        }
        (_, Value::Bool(false) | Value::Null | Value::Array(_)) => None,
    };
    text.as_deref().and_then(clean)
}

/// Unix seconds, or a text that may be RFC 3339.
fn date(value: &Value, shown: impl Fn(i64) -> Option<String>) -> Option<String> {
    match value {
        Value::Number(seconds) => shown(seconds.as_i64()?),
        Value::String(text) => {
            let moment = DateTime::parse_from_rfc3339(text).ok();
            moment.and_then(|moment| shown(moment.timestamp())).or_else(|| Some(text.clone()))
        }
        _ => None,
    }
}
