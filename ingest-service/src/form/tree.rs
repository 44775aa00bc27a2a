//! A tree whose leaves are texts. Lists are branches with numbers for keys: indexes may be sparse.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::key::Key;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Tree<'a> {
    Leaf(Cow<'a, str>),
    Branch(Branch<'a>),
}

/// Children by key, in the order of their keys. As JSON it is an object, also where it stands for a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branch<'a>(Vec<(Key<'a>, Tree<'a>)>);

impl<'a> Branch<'a> {
    /// The children must be in the order of their keys, each key once.
    pub(super) fn of(children: Vec<(Key<'a>, Tree<'a>)>) -> Self {
        Self(children)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Key<'a>, &Tree<'a>)> {
        self.0.iter().map(|(key, tree)| (key, tree))
    }

    pub fn get(&self, name: &'static str) -> Option<&Tree<'a>> {
        let wanted = Key::Name(name.into());
        let at = self.0.binary_search_by(|(key, _)| key.cmp(&wanted)).ok()?;
        Some(&self.0[at].1)
    }

    pub fn branch(&self, name: &'static str) -> Option<&Self> {
        self.get(name).and_then(Tree::as_branch)
    }

    /// The text of a leaf without surrounding spaces; an empty one counts as absent.
    pub fn text(&self, name: &'static str) -> Option<&str> {
        self.get(name).and_then(Tree::as_leaf).map(str::trim).filter(|text| !text.is_empty())
    }
}

impl<'a> Tree<'a> {
    pub fn as_branch(&self) -> Option<&Branch<'a>> {
        match self {
            Self::Leaf(_) => None,
            Self::Branch(branch) => Some(branch),
        }
    }

    pub fn as_leaf(&self) -> Option<&str> {
        match self {
            Self::Leaf(text) => Some(text),
            Self::Branch(_) => None,
        }
    }
}

impl Serialize for Branch<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
