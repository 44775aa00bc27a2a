//! The body of a webhook as a tree of texts, whether it came as PHP's form encoding or as JSON.
//!
//! Pure, and safe with any input: memory is taken by what is read, never by a number that stands in a key.
//! What cannot be placed in the tree is left out and reported as a [`Flaw`]; the rest is still read.
//! Texts that stand in the body as they are meant are borrowed from it.

mod json;
mod key;
mod place;
mod text;
mod tree;

use std::collections::BTreeSet;

use memchr::memchr;

pub use key::Key;
pub use tree::{Branch, Tree};

use crate::flaw::Flaw;
use place::Growing;

/// How many brackets a key may have: `leads[add][0]` has two.
pub const MAX_DEPTH: usize = 10;
/// How many values a body may have.
pub const MAX_PAIRS: usize = 20_000;

/// What was read of a body, and why that is not all of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Form<'a> {
    pub root: Branch<'a>,
    pub flaws: BTreeSet<Flaw>,
}

/// Reads a body by its `Content-Type`; one without it is taken for a form, which is what AmoCRM sends.
pub fn read<'a>(content_type: Option<&str>, body: &'a [u8]) -> Form<'a> {
    let essence = content_type.map(|text| text.split(';').next().unwrap_or_default().trim());
    match essence.map(str::to_ascii_lowercase).as_deref() {
        None | Some("application/x-www-form-urlencoded") => from_form(body),
        Some("application/json") => json::read(body),
        Some(_) => Form { flaws: BTreeSet::from([Flaw::ContentType]), ..Form::default() },
    }
}

fn from_form(body: &[u8]) -> Form<'_> {
    let mut tree = Growing::default();
    let mut flaws = BTreeSet::new();
    let mut rest = body;
    let mut count = 0;
    while !rest.is_empty() {
        let pair;
        (pair, rest) = halves(rest, b'&');
        if pair.is_empty() {
            continue;
        }
        if count == MAX_PAIRS {
            flaws.insert(Flaw::TooManyPairs);
            break;
        }
        count += 1;
        let (key, value) = halves(pair, b'=');
        if let Err(flaw) = tree.place(key, text::decode(value)) {
            flaws.insert(flaw);
        }
    }
    Form { root: tree.finish(&mut flaws), flaws }
}

/// What is before and behind the first separator; without one, all is before it.
fn halves(text: &[u8], separator: u8) -> (&[u8], &[u8]) {
    match memchr(separator, text) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[]),
    }
}

#[cfg(test)]
mod tests;
