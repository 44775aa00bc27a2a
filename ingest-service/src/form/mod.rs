//! The body of a webhook as a tree of texts, whether it came as PHP's form encoding or as JSON.
//!
//! Pure, and safe with any input: memory is taken by what is read, never by a number that stands in a key.
//! What cannot be placed in the tree is left out and reported as a [`Flaw`]; the rest is still read.

mod json;
mod key;
mod tree;

use std::collections::BTreeSet;

use compact_str::CompactString;

pub use key::Key;
pub use tree::{Branch, Tree};

use crate::flaw::Flaw;

/// How many brackets a key may have: `leads[add][0]` has two.
pub const MAX_DEPTH: usize = 10;
/// How many values a body may have.
pub const MAX_PAIRS: usize = 20_000;

/// What was read of a body, and why that is not all of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Form {
    pub root: Branch,
    pub flaws: BTreeSet<Flaw>,
}

/// Reads a body by its `Content-Type`; one without it is taken for a form, which is what AmoCRM sends.
pub fn read(content_type: Option<&str>, body: &[u8]) -> Form {
    let essence = content_type.map(|text| text.split(';').next().unwrap_or_default().trim());
    match essence.map(str::to_ascii_lowercase).as_deref() {
        None | Some("application/x-www-form-urlencoded") => from_form(body),
        Some("application/json") => json::read(body),
        Some(_) => Form { flaws: BTreeSet::from([Flaw::ContentType]), ..Form::default() },
    }
}

fn from_form(body: &[u8]) -> Form {
    let mut form = Form::default();
    let mut path = Vec::new();
    for (count, (key, value)) in form_urlencoded::parse(body).enumerate() {
        if count == MAX_PAIRS {
            form.flaws.insert(Flaw::TooManyPairs);
            break;
        }
        let placed = key::read(&key, &mut path).and_then(|()| form.root.place(path.drain(..), clean(&value)));
        if let Err(flaw) = placed {
            form.flaws.insert(flaw);
        }
    }
    form
}

/// NUL cannot be stored by PostgreSQL and means nothing to people.
fn clean(text: &str) -> CompactString {
    if text.contains('\0') { text.replace('\0', "").into() } else { text.into() }
}

#[cfg(test)]
mod tests;
