//! One entity of a hook, and how its fields are read.

use chrono::{DateTime, Utc};
use shared::events::Subject;

use super::Reading;
use crate::flaw::Flaw;
use crate::form::{Branch, Tree};

/// The last second of the year 9999: later times are nonsense and would not survive the way to the table.
const LATEST: i64 = 253_402_300_799;

pub struct Item<'r, 'f> {
    pub fields: &'f Branch<'f>,
    pub reading: &'r mut Reading<'f>,
}

impl Item<'_, '_> {
    /// The number under a name; absent, empty and unreadable are all `None`, the last with a flaw.
    pub fn number(&mut self, name: &'static str) -> Option<i64> {
        let number = parse(self.fields.get(name)?);
        self.checked(number)
    }

    /// The id that the entity cannot do without: a positive number.
    pub fn id(&mut self, name: &'static str) -> Option<i64> {
        let id = self.fields.get(name).and_then(|tree| parse(tree).ok()?).filter(|id| *id > 0);
        if id.is_none() {
            self.reading.flaw(Flaw::NoId);
        }
        id
    }

    /// A time in whole seconds since the epoch. Zero stands for none.
    pub fn time(&mut self, name: &'static str) -> Option<DateTime<Utc>> {
        let seconds = self.number(name).filter(|seconds| *seconds != 0)?;
        let time = Some(seconds)
            .filter(|seconds| (1..=LATEST).contains(seconds))
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        self.checked(time.ok_or(Flaw::Number).map(Some))
    }

    pub fn text(&self, name: &'static str) -> Option<&str> {
        self.fields.text(name)
    }

    pub fn found(&mut self, subject: Subject) {
        self.reading.event(subject, self.fields);
    }

    /// Counts the fields that are not on the list.
    pub fn count_unknown(&mut self, known: &[&str]) {
        let unknown =
            self.fields.iter().filter(|(key, _)| !key.name().is_some_and(|name| known.contains(&name)));
        self.reading.skipped.unknown_fields += unknown.count() as u64;
    }

    fn checked<T>(&mut self, value: Result<Option<T>, Flaw>) -> Option<T> {
        value.unwrap_or_else(|flaw| {
            self.reading.flaw(flaw);
            None
        })
    }
}

/// A leaf as a number; an empty one is none.
pub fn parse(tree: &Tree<'_>) -> Result<Option<i64>, Flaw> {
    match tree.as_leaf().map(str::trim) {
        None => Err(Flaw::Shape),
        Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Flaw::Number),
    }
}
