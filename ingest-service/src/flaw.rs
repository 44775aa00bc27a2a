//! Why a body, or a part of it, cannot be read.

use std::collections::BTreeSet;

/// One kind of trouble with a body. A body with any of them is kept raw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flaw {
    /// Neither a form nor JSON, by its header.
    ContentType,
    Json,
    /// Not a single `entity[action]`.
    NotAHook,
    TooDeep,
    TooManyPairs,
    /// Brackets that do not match.
    Key,
    /// Two values for one key, or a value where there is a branch.
    Conflict,
    /// A value where a list of entities belongs, or the other way round.
    Shape,
    /// An entity that does not say which one it is.
    NoId,
    /// A field that must be a number is not, or is out of its range.
    Number,
}

impl Flaw {
    /// The name in metrics, logs and the header of the kept message.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ContentType => "content_type",
            Self::Json => "json",
            Self::NotAHook => "not_a_hook",
            Self::TooDeep => "too_deep",
            Self::TooManyPairs => "too_many_pairs",
            Self::Key => "key",
            Self::Conflict => "conflict",
            Self::Shape => "shape",
            Self::NoId => "no_id",
            Self::Number => "number",
        }
    }

    /// All names, separated by commas.
    pub fn list(flaws: &BTreeSet<Self>) -> String {
        flaws.iter().map(|flaw| flaw.as_str()).collect::<Vec<_>>().join(",")
    }
}
