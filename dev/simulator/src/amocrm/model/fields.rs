//! Custom fields and their values. A value is kept as API v4 shows it; hooks derive their own shape.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::FieldId;

#[derive(Clone, Debug)]
pub struct Field {
    pub id: FieldId,
    pub name: String,
    pub code: Option<String>,
    pub kind: FieldKind,
    /// The options of a select, or the kinds of phone and mail of a multitext.
    pub choices: Vec<Choice>,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub id: i64,
    pub value: String,
    pub code: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Text,
    Textarea,
    Numeric,
    Monetary,
    Url,
    Checkbox,
    Date,
    DateTime,
    Birthday,
    Select,
    Multiselect,
    Radiobutton,
    Multitext,
    SmartAddress,
    LegalEntity,
    File,
    TrackingData,
}

/// One value of a field. `subtype` names the part of a smart address.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    pub value: Value,
    pub enum_id: Option<i64>,
    pub subtype: Option<String>,
}

impl Item {
    pub fn plain(value: impl Into<Value>) -> Self {
        Self { value: value.into(), enum_id: None, subtype: None }
    }

    pub fn chosen(choice: &Choice) -> Self {
        Self { enum_id: Some(choice.id), ..Self::plain(choice.value.clone()) }
    }
}

impl Field {
    pub fn new(id: FieldId, name: &str, kind: FieldKind) -> Self {
        Self { id, name: name.to_owned(), code: None, kind, choices: Vec::new() }
    }

    #[must_use]
    pub fn code(mut self, code: &str) -> Self {
        self.code = Some(code.to_owned());
        self
    }

    #[must_use]
    pub fn choices(mut self, choices: &[(i64, &str)]) -> Self {
        let choice = |&(id, value): &(i64, &str)| Choice { id, value: value.to_owned(), code: None };
        self.choices = choices.iter().map(choice).collect();
        self
    }

    /// The kinds of a multitext: value and code are the same word, as in `WORK`.
    #[must_use]
    pub fn kinds(mut self, kinds: &[(i64, &str)]) -> Self {
        self = self.choices(kinds);
        for choice in &mut self.choices {
            choice.code = Some(choice.value.clone());
        }
        self
    }

    pub(in crate::amocrm) fn choice(&self, id: i64) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.id == id)
    }

    /// Reads what a person types into the field; several choices of a multiselect are parted by `;`.
    /// An empty text clears the field. Dates are `YYYY-MM-DD`, moments RFC 3339.
    pub(in crate::amocrm) fn read(&self, text: &str, zone: FixedOffset) -> anyhow::Result<Vec<Item>> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let item = match self.kind {
            FieldKind::Select | FieldKind::Radiobutton => Item::chosen(self.choice_named(text)?),
            FieldKind::Multiselect => {
                return text
                    .split(';')
                    .map(|name| self.choice_named(name.trim()).map(Item::chosen))
                    .collect();
            }
            FieldKind::Multitext => {
                Item { enum_id: self.choices.first().map(|kind| kind.id), ..Item::plain(text) }
            }
            FieldKind::SmartAddress => {
                Item { subtype: Some("address_line_1".to_owned()), ..Item::plain(text) }
            }
            FieldKind::Checkbox => Item::plain(matches!(text, "1" | "true" | "да")),
            FieldKind::Date | FieldKind::Birthday => Item::plain(midnight(text.parse::<NaiveDate>()?, zone)),
            FieldKind::DateTime => Item::plain(DateTime::parse_from_rfc3339(text)?.timestamp()),
            FieldKind::LegalEntity => Item::plain(json!({ "name": text })),
            FieldKind::File => Item::plain(json!({
                "file_name": text,
                "file_size": 12_345,
                "file_uuid": Uuid::new_v4(),
                "version_uuid": Uuid::new_v4(),
            })),
            _ => Item::plain(text),
        };
        Ok(vec![item])
    }

    fn choice_named(&self, name: &str) -> anyhow::Result<&Choice> {
        let known = || self.choices.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>().join(", ");
        self.choices
            .iter()
            .find(|choice| choice.value == name)
            .ok_or_else(|| anyhow::anyhow!("field «{}» has no option «{name}», only: {}", self.name, known()))
    }
}

/// AmoCRM stores a date as midnight in the account's timezone.
pub(in crate::amocrm) fn midnight(date: NaiveDate, zone: FixedOffset) -> i64 {
    date.and_time(NaiveTime::MIN).and_utc().timestamp() - i64::from(zone.local_minus_utc())
}
