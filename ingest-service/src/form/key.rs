//! PHP's keys: `leads[add][0][id]` is a way through a tree.

use compact_str::CompactString;
use serde::{Serialize, Serializer};

use super::MAX_DEPTH;
use crate::flaw::Flaw;

/// One branch's name for a child. Numbers sort as numbers and come first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Written without sign and leading zeros; may be sparse, and as large as an id.
    Index(u64),
    Name(CompactString),
}

impl Key {
    pub fn parse(text: &str) -> Self {
        let canonical = text == "0" || !text.starts_with(['0', '+']);
        match text.parse() {
            Ok(index) if canonical => Self::Index(index),
            _ => Self::Name(super::clean(text)),
        }
    }

    /// The name, where it is not a number.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Index(_) => None,
            Self::Name(name) => Some(name),
        }
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Index(index) => serializer.serialize_u64(*index),
            Self::Name(name) => serializer.serialize_str(name),
        }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Index(index) => index.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    To(Key),
    /// `[]`: one after the largest index.
    Append,
}

/// Reads the steps of a decoded key, at least one, in place of those that are in `steps`.
pub fn read(key: &str, steps: &mut Vec<Step>) -> Result<(), Flaw> {
    steps.clear();
    let (name, mut rest) = key.split_at(key.find('[').unwrap_or(key.len()));
    if name.is_empty() || name.contains(']') {
        return Err(Flaw::Key);
    }
    steps.push(Step::To(Key::parse(name)));
    while let Some(inner) = rest.strip_prefix('[') {
        let (segment, after) = inner.split_once(']').ok_or(Flaw::Key)?;
        if segment.contains('[') {
            return Err(Flaw::Key);
        }
        if steps.len() > MAX_DEPTH {
            return Err(Flaw::TooDeep);
        }
        steps.push(if segment.is_empty() { Step::Append } else { Step::To(Key::parse(segment)) });
        rest = after;
    }
    if rest.is_empty() { Ok(()) } else { Err(Flaw::Key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Step {
        Step::To(Key::Name(text.into()))
    }

    fn path(key: &str) -> Result<Vec<Step>, Flaw> {
        let mut steps = vec![Step::Append];
        read(key, &mut steps).map(|()| steps)
    }

    #[test]
    fn brackets_become_steps() {
        let steps = path("leads[add][12][tags][]").unwrap();
        assert_eq!(steps, [name("leads"), name("add"), Step::To(Key::Index(12)), name("tags"), Step::Append]);
    }

    #[test]
    fn only_a_plain_number_is_an_index() {
        for text in ["01", "-1", "+1", "1.0", "1 ", "99999999999999999999999"] {
            assert!(matches!(Key::parse(text), Key::Name(_)), "{text}");
        }
        assert_eq!(Key::parse("0"), Key::Index(0));
        assert_eq!(Key::parse("18446744073709551615"), Key::Index(u64::MAX));
    }

    #[test]
    fn brackets_that_do_not_match_are_refused() {
        for key in ["", "[a]", "a[", "a[b", "a[b]c", "a[b]c[d]", "a[b[c]]", "a]b", "a[b]]"] {
            assert_eq!(path(key), Err(Flaw::Key), "{key}");
        }
    }

    #[test]
    fn ten_brackets_are_read_and_eleven_refused() {
        let ten = format!("a{}", "[b]".repeat(10));
        assert_eq!(path(&ten).unwrap().len(), 11);
        assert_eq!(path(&format!("{ten}[b]")), Err(Flaw::TooDeep));
    }
}
