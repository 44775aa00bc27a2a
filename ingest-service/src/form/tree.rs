//! A tree whose leaves are texts. Lists are branches with numbers for keys: indexes may be sparse.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use compact_str::CompactString;
use serde::{Serialize, Serializer};

use super::key::{Key, Step};
use crate::flaw::Flaw;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Tree {
    Leaf(CompactString),
    Branch(Branch),
}

/// Children by key, in the order of their keys. As JSON it is an object, also where it stands for a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branch(BTreeMap<Key, Tree>);

impl Branch {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Tree)> {
        self.0.iter()
    }

    pub fn get(&self, name: &str) -> Option<&Tree> {
        self.0.get(&Key::Name(name.into()))
    }

    pub fn branch(&self, name: &str) -> Option<&Branch> {
        self.get(name).and_then(Tree::as_branch)
    }

    /// The text of a leaf without surrounding spaces; an empty one counts as absent.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Tree::as_leaf).map(str::trim).filter(|text| !text.is_empty())
    }

    /// Puts a value at the end of a way, making the branches that are missing.
    ///
    /// # Errors
    ///
    /// [`Flaw::Conflict`] if another value, or a branch, is there already: the branch stays, and of two
    /// values the later.
    pub(super) fn place(
        &mut self,
        steps: impl Iterator<Item = Step>,
        value: CompactString,
    ) -> Result<(), Flaw> {
        let mut steps = steps.peekable();
        let mut branch = self;
        let mut outcome = Ok(());
        while let Some(step) = steps.next() {
            let key = branch.key(step)?;
            if steps.peek().is_none() {
                return branch.put(key, value).and(outcome);
            }
            let child = branch.0.entry(key).or_insert_with(|| Tree::Branch(Self::default()));
            if matches!(child, Tree::Leaf(_)) {
                *child = Tree::Branch(Self::default());
                outcome = Err(Flaw::Conflict);
            }
            match child {
                Tree::Branch(next) => branch = next,
                Tree::Leaf(_) => return Err(Flaw::Conflict),
            }
        }
        outcome
    }

    /// Adds a child whose key is not there yet.
    pub(super) fn insert(&mut self, key: Key, tree: Tree) {
        self.0.insert(key, tree);
    }

    fn put(&mut self, key: Key, value: CompactString) -> Result<(), Flaw> {
        match self.0.entry(key) {
            Entry::Vacant(place) => {
                place.insert(Tree::Leaf(value));
                Ok(())
            }
            Entry::Occupied(mut place) => match place.get_mut() {
                Tree::Leaf(there) if *there == value => Ok(()),
                Tree::Leaf(there) => {
                    *there = value;
                    Err(Flaw::Conflict)
                }
                Tree::Branch(_) => Err(Flaw::Conflict),
            },
        }
    }

    fn key(&self, step: Step) -> Result<Key, Flaw> {
        match step {
            Step::To(key) => Ok(key),
            Step::Append => {
                let last = self.0.range(..Key::Name(CompactString::default())).next_back();
                match last {
                    Some((Key::Index(index), _)) => index.checked_add(1).map(Key::Index).ok_or(Flaw::Key),
                    _ => Ok(Key::Index(0)),
                }
            }
        }
    }
}

impl Tree {
    pub fn as_branch(&self) -> Option<&Branch> {
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

impl Serialize for Branch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}
