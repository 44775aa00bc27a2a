//! PHP's keys: `leads[add][0][id]` is a way through a tree.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::text;
use crate::flaw::Flaw;

/// One branch's name for a child. Numbers sort as numbers and come first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key<'a> {
    /// Written without sign and leading zeros; may be sparse, and as large as an id.
    Index(u64),
    Name(Cow<'a, str>),
}

impl<'a> Key<'a> {
    pub fn parse(text: Cow<'a, str>) -> Self {
        let index = match text.as_bytes() {
            b"0" => Some(0),
            [b'1'..=b'9', ..] => text.parse().ok(),
            _ => None,
        };
        index.map_or(Self::Name(text), Self::Index)
    }

    /// The name, where it is not a number.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Index(_) => None,
            Self::Name(name) => Some(name),
        }
    }
}

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Index(index) => serializer.serialize_u64(*index),
            Self::Name(name) => serializer.serialize_str(name),
        }
    }
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'a> {
    /// None for `[]`: one after the largest index.
    pub to: Option<Key<'a>>,
    /// How keys begin that go the same way up to here and then further. None behind `[]`, which leads to another
    /// child each time, and for the last step.
    pub prefix: Option<&'a [u8]>,
}

/// Reads the steps of a key, at least one and at most as many as there is `room` for; each bracket may be encoded.
/// The first `known` bytes, the prefix of a step that was read before, are passed over. What was in `steps` is
/// replaced.
pub fn read<'a>(key: &'a [u8], known: usize, room: usize, steps: &mut Vec<Step<'a>>) -> Result<(), Flaw> {
    let prefix = |rest: Option<&[u8]>| rest.map(|rest| &key[..key.len() - rest.len()]);
    steps.clear();
    // What follows an opening bracket; None at the end of the key.
    let mut inner = Some(&key[known..]);
    if known == 0 {
        let (name, after) = match cut(key) {
            None => (key, None),
            Some((name, Bracket::Opening, after)) => (name, Some(after)),
            Some((_, Bracket::Closing, _)) => return Err(Flaw::Key),
        };
        if name.is_empty() {
            return Err(Flaw::Key);
        }
        steps.push(Step { to: Some(Key::parse(text::decode(name))), prefix: prefix(after) });
        inner = after;
    }
    let mut is_fixed = true;
    while let Some(text) = inner {
        let Some((segment, Bracket::Closing, after)) = cut(text) else { return Err(Flaw::Key) };
        if steps.len() == room {
            return Err(Flaw::TooDeep);
        }
        inner = match cut(after) {
            None if after.is_empty() => None,
            Some(([], Bracket::Opening, inner)) => Some(inner),
            _ => return Err(Flaw::Key),
        };
        is_fixed &= !segment.is_empty();
        let to = (!segment.is_empty()).then(|| Key::parse(text::decode(segment)));
        steps.push(Step { to, prefix: prefix(inner.filter(|_| is_fixed)) });
    }
    Ok(())
}

enum Bracket {
    Opening,
    Closing,
}

/// What stands before the first bracket, which one it is, and what follows.
fn cut(text: &[u8]) -> Option<(&[u8], Bracket, &[u8])> {
    let mut from = 0;
    loop {
        let at = from + text[from..].iter().position(|byte| matches!(byte, b'[' | b']' | b'%'))?;
        let (before, bracket) = text.split_at(at);
        match bracket {
            [b'[', after @ ..] | [b'%', b'5', b'B' | b'b', after @ ..] => {
                return Some((before, Bracket::Opening, after));
            }
            [b']', after @ ..] | [b'%', b'5', b'D' | b'd', after @ ..] => {
                return Some((before, Bracket::Closing, after));
            }
            _ => from = at + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::MAX_DEPTH;

    fn name(text: &str) -> Key<'_> {
        Key::Name(text.into())
    }

    fn read(key: &str, known: usize) -> Result<Vec<Step<'_>>, Flaw> {
        let mut steps = Vec::new();
        super::read(key.as_bytes(), known, MAX_DEPTH + 1, &mut steps).map(|()| steps)
    }

    fn path(key: &str) -> Result<Vec<Option<Key<'_>>>, Flaw> {
        read(key, 0).map(|steps| steps.into_iter().map(|step| step.to).collect())
    }

    #[test]
    fn brackets_become_steps() {
        let expected =
            [Some(name("leads")), Some(name("add")), Some(Key::Index(12)), Some(name("tags")), None];
        assert_eq!(path("leads[add][12][tags][]").unwrap(), expected);
        assert_eq!(path("leads%5Badd%5D[12%5d%5btags][]").unwrap(), expected);
    }

    #[test]
    fn only_a_plain_number_is_an_index() {
        for text in ["01", "-1", "+1", "1.0", "1 ", "99999999999999999999999"] {
            assert!(matches!(Key::parse(text.into()), Key::Name(_)), "{text}");
        }
        assert_eq!(Key::parse("0".into()), Key::Index(0));
        assert_eq!(Key::parse("18446744073709551615".into()), Key::Index(u64::MAX));
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

    #[test]
    fn what_a_prefix_tells_is_not_read_again() {
        let steps = read("a%5Bb%5D[c][][d]", 0).unwrap();
        let prefixes: Vec<_> = steps.iter().map(|step| step.prefix).collect();
        assert_eq!(prefixes, [Some(&b"a%5B"[..]), Some(b"a%5Bb%5D["), Some(b"a%5Bb%5D[c]["), None, None]);
        for prefix in prefixes.into_iter().flatten() {
            let known = steps.iter().filter(|step| step.prefix.is_some_and(|p| p.len() <= prefix.len()));
            assert_eq!(read("a%5Bb%5D[c][][d]", prefix.len()).unwrap(), steps[known.count()..]);
        }
    }
}
