//! PHP's keys: `leads[add][0][id]` is a way through a tree.

use super::MAX_DEPTH;
use crate::flaw::Flaw;

/// `leads[add][0][custom_fields][0][values][0][value]` has eight.
const USUAL_STEPS: usize = 8;

/// One branch's name for a child. Numbers sort as numbers and come first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Written without sign and leading zeros; may be sparse, and as large as an id.
    Index(u64),
    Name(String),
}

impl Key {
    pub fn parse(text: &str) -> Self {
        let canonical = text == "0" || !text.starts_with(['0', '+']);
        match text.parse() {
            Ok(index) if canonical => Self::Index(index),
            _ => Self::Name(super::clean(text.into())),
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

/// The steps of a decoded key, at least one.
pub fn path(key: &str) -> Result<Vec<Step>, Flaw> {
    let (name, mut rest) = key.split_at(key.find('[').unwrap_or(key.len()));
    if name.is_empty() || name.contains(']') {
        return Err(Flaw::Key);
    }
    let mut steps = Vec::with_capacity(USUAL_STEPS);
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
    if rest.is_empty() { Ok(steps) } else { Err(Flaw::Key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Step {
        Step::To(Key::Name(text.to_owned()))
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
