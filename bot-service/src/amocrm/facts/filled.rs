//! A custom field with a value, whichever way it came, and the choice among them.

use chrono::DateTime;
use chrono_tz::Tz;

use crate::domain::setup::{FieldKeys, is_called};

/// A custom field that is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    pub id: Option<i64>,
    pub code: Option<String>,
    pub name: Option<String>,
    pub text: String,
}

/// The first of the keys under which there is a value: a field's id, its code, or its name in any case.
pub fn pick(keys: &FieldKeys, fields: &[Filled]) -> Option<String> {
    let found = keys.0.iter().find_map(|key| fields.iter().find(|field| field.is_called(key)));
    found.map(|field| field.text.clone())
}

impl Filled {
    fn is_called(&self, key: &str) -> bool {
        is_called(self.id, self.code.as_deref(), self.name.as_deref(), key)
    }
}

/// A day as people write it; AmoCRM keeps it as midnight of the account's zone.
pub fn day(seconds: i64, timezone: Tz) -> Option<String> {
    let day = DateTime::from_timestamp(seconds, 0)?;
    Some(day.with_timezone(&timezone).format("%d.%m.%Y").to_string())
}

/// A moment as people write it.
pub fn moment(seconds: i64, timezone: Tz) -> Option<String> {
    let moment = DateTime::from_timestamp(seconds, 0)?;
    Some(moment.with_timezone(&timezone).format("%d.%m.%Y %H:%M").to_string())
}
