//! A tree that grows pair by pair.
//!
//! Neighbouring keys of a hook differ in their last steps only: `leads[add][0][id]`, `leads[add][0][name]`. So the
//! branches on the way to the last value stay open, and of the next key only what follows the innermost branch that
//! it leads through as well is read. What comes is kept as it comes; only at the end is it looked whether a branch
//! came in several pieces, and each gets its order. So nothing is ever searched for.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::mem;

use super::key::{self, Key, Step};
use super::{Branch, MAX_DEPTH, Tree};
use crate::flaw::Flaw;

#[derive(Debug, Default)]
pub struct Growing<'a> {
    root: Vec<Piece<'a>>,
    /// The way to the last value, each branch a child of the one before.
    open: Vec<Open<'a>>,
    /// Of the key that is being placed.
    steps: Vec<Step<'a>>,
}

#[derive(Debug)]
struct Open<'a> {
    /// Where it leads, and how keys begin that lead through it.
    step: Step<'a>,
    pieces: Vec<Piece<'a>>,
}

/// A child as it came: others may have the same key.
#[derive(Debug)]
struct Piece<'a> {
    /// See [`Step::to`].
    to: Option<Key<'a>>,
    part: Part<'a>,
}

#[derive(Debug)]
enum Part<'a> {
    Leaf(Cow<'a, str>),
    Branch(Vec<Piece<'a>>),
}

impl<'a> Growing<'a> {
    /// Puts a value where its key leads, making the branches that are missing. The key is as it stands in the
    /// body.
    ///
    /// # Errors
    ///
    /// If the key cannot be read. Then nothing is placed.
    pub fn place(&mut self, key: &'a [u8], value: Cow<'a, str>) -> Result<(), Flaw> {
        let known = self.close_beside(key);
        key::read(key, known, MAX_DEPTH + 1 - self.open.len(), &mut self.steps)?;
        let last = self.steps.pop().ok_or(Flaw::Key)?;
        self.open.extend(self.steps.drain(..).map(|step| Open { step, pieces: Vec::new() }));
        self.innermost().push(Piece { to: last.to, part: Part::Leaf(value) });
        Ok(())
    }

    /// Adds to the flaws what shows only now: a value where another one, or a branch, is too, which is a
    /// [`Flaw::Conflict`]; the branch stays, and of two values the later.
    pub fn finish(mut self, flaws: &mut BTreeSet<Flaw>) -> Branch<'a> {
        while !self.open.is_empty() {
            self.close();
        }
        ordered(self.root, flaws)
    }

    /// Closes the branches that a key does not lead through. Returns how much of the key is known by those that
    /// are left.
    fn close_beside(&mut self, key: &[u8]) -> usize {
        while let Some(open) = self.open.last() {
            match open.step.prefix {
                Some(prefix) if key.starts_with(prefix) => return prefix.len(),
                _ => self.close(),
            }
        }
        0
    }

    fn close(&mut self) {
        if let Some(Open { step, pieces }) = self.open.pop() {
            self.innermost().push(Piece { to: step.to, part: Part::Branch(pieces) });
        }
    }

    fn innermost(&mut self) -> &mut Vec<Piece<'a>> {
        self.open.last_mut().map_or(&mut self.root, |open| &mut open.pieces)
    }
}

/// Of what came under one key becomes one child. The sort is stable: what came later stands later.
fn ordered<'a>(pieces: Vec<Piece<'a>>, flaws: &mut BTreeSet<Flaw>) -> Branch<'a> {
    let mut children = numbered(pieces, flaws);
    if !children.is_sorted_by(|(one, _), (other, _)| one < other) {
        children.sort_by(|(one, _), (other, _)| one.cmp(other));
        children.dedup_by(|(later, part), (earlier, whole)| {
            let is_same = later == earlier;
            if is_same && let Err(flaw) = whole.join(mem::replace(part, Part::Branch(Vec::new()))) {
                flaws.insert(flaw);
            }
            is_same
        });
    }
    Branch::of(children.into_iter().map(|(key, part)| (key, part.finish(flaws))).collect())
}

/// Gives each `[]` the index after the largest before it. Where there is none, it is left out.
fn numbered<'a>(pieces: Vec<Piece<'a>>, flaws: &mut BTreeSet<Flaw>) -> Vec<(Key<'a>, Part<'a>)> {
    let mut next = Some(0);
    let number = |Piece { to, part }: Piece<'a>| {
        let Some(key) = to.or(next.map(Key::Index)) else {
            flaws.insert(Flaw::Key);
            return None;
        };
        if let Key::Index(index) = key
            && next.is_some_and(|next| next <= index)
        {
            next = index.checked_add(1);
        }
        Some((key, part))
    };
    pieces.into_iter().filter_map(number).collect()
}

impl<'a> Part<'a> {
    fn join(&mut self, later: Self) -> Result<(), Flaw> {
        match (&mut *self, later) {
            (Self::Branch(pieces), Self::Branch(more)) => {
                pieces.extend(more);
                Ok(())
            }
            (Self::Leaf(there), Self::Leaf(text)) if *there == text => Ok(()),
            (Self::Branch(_), Self::Leaf(_)) => Err(Flaw::Conflict),
            (Self::Leaf(_), later) => {
                *self = later;
                Err(Flaw::Conflict)
            }
        }
    }

    fn finish(self, flaws: &mut BTreeSet<Flaw>) -> Tree<'a> {
        match self {
            Self::Leaf(text) => Tree::Leaf(text),
            Self::Branch(pieces) => Tree::Branch(ordered(pieces, flaws)),
        }
    }
}
