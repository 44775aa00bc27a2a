//! What a hook's tree says has happened. Pure.
//!
//! Every entity, action and index of the body is looked at. A part that cannot be read is reported as a
//! [`Flaw`] and does not keep the others from being read.

mod contacts;
mod item;
mod leads;
mod unsorted;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use shared::events::{LeadEvent, Subject, VERSION};
use uuid::Uuid;

use crate::flaw::Flaw;
use crate::form::{Branch, Form, Key, Tree};
use item::Item;

/// Entities that AmoCRM sends, which say nothing about a measurement.
const UNUSED: &[&str] = &[
    "task",
    "customers",
    "companies",
    "talk",
    "message",
    "outgoing_message",
    "catalogs",
    "chat_template_review",
];

/// One thing that happened, with the hook's fields of its entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'f> {
    pub subject: Subject,
    pub payload: &'f Branch<'f>,
}

impl<'f> Found<'f> {
    /// The message for the queue, under a new random id.
    pub fn into_event(self, received_at: DateTime<Utc>) -> LeadEvent<&'f Branch<'f>> {
        let Self { subject, payload } = self;
        LeadEvent { version: VERSION, id: Uuid::new_v4(), received_at, subject, payload }
    }
}

/// Parts of a body that are fine and bring no event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Known, of no use here: tasks, companies, new contacts, declined applications.
    pub unused: u64,
    pub unknown_entities: u64,
    pub unknown_actions: u64,
    pub unknown_fields: u64,
}

impl Skipped {
    pub fn total(self) -> u64 {
        self.unused + self.unknown_entities + self.unknown_actions + self.unknown_fields
    }
}

/// Everything a body says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading<'f> {
    pub found: Vec<Found<'f>>,
    pub skipped: Skipped,
    pub flaws: BTreeSet<Flaw>,
}

impl<'f> Reading<'f> {
    /// Whether the body must be kept raw, because not all of it was understood.
    pub fn is_partial(&self) -> bool {
        !self.flaws.is_empty()
    }

    fn flaw(&mut self, flaw: Flaw) {
        self.flaws.insert(flaw);
    }

    fn event(&mut self, subject: Subject, payload: &'f Branch<'f>) {
        self.found.push(Found { subject, payload });
    }
}

/// Reads every event of a body.
pub fn read<'f>(form: &'f Form<'f>) -> Reading<'f> {
    let mut reading = Reading { flaws: form.flaws.clone(), ..Reading::default() };
    let is_hook = form.root.iter().any(|(_, tree)| tree.as_branch().is_some());
    if !is_hook && !form.root.is_empty() {
        reading.flaw(Flaw::NotAHook);
    }
    for (key, tree) in form.root.iter() {
        match (key.name(), tree) {
            (Some("account"), _) => {}
            (Some("leads"), _) => each_action(tree, &mut reading, leads::read),
            (Some("contacts"), _) => each_action(tree, &mut reading, contacts::read),
            (Some("unsorted"), _) => each_action(tree, &mut reading, unsorted::read),
            (Some(name), _) if UNUSED.contains(&name) => reading.skipped.unused += 1,
            _ => reading.skipped.unknown_entities += 1,
        }
    }
    reading
}

/// Walks `entity[action][index]`; an empty value is PHP's empty list.
fn each_action<'f>(entity: &'f Tree<'f>, reading: &mut Reading<'f>, read: fn(&str, &mut Item<'_, '_>)) {
    for (action, items) in children(entity, reading) {
        // A number is no action that anybody knows.
        let action = action.name().unwrap_or_default();
        for (_, item) in children(items, reading) {
            match item {
                Tree::Branch(fields) => read(action, &mut Item { fields, reading }),
                Tree::Leaf(_) => reading.flaw(Flaw::Shape),
            }
        }
    }
}

fn children<'f>(
    tree: &'f Tree<'f>,
    reading: &mut Reading<'f>,
) -> impl Iterator<Item = (&'f Key<'f>, &'f Tree<'f>)> + use<'f> {
    if tree.as_leaf().is_some_and(|text| !text.is_empty()) {
        reading.flaw(Flaw::Shape);
    }
    tree.as_branch().into_iter().flat_map(Branch::iter)
}

#[cfg(test)]
mod tests;
