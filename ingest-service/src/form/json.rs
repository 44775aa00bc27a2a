//! JSON as the same tree that a form gives: lists become branches with numbers, values become texts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::text::clean;
use super::{Branch, Form, Key, MAX_DEPTH, MAX_PAIRS, Tree};
use crate::flaw::Flaw;

/// Reads a JSON object. Values that are null are left out, as AmoCRM leaves out what is empty.
pub fn read(body: &[u8]) -> Form<'static> {
    let Ok(Value::Object(object)) = shared::json::read(body) else {
        return Form { flaws: BTreeSet::from([Flaw::Json]), ..Form::default() };
    };
    let mut reader = Reader::default();
    let pairs = object.into_iter().map(|(name, value)| (Key::parse(clean(name.into())), value));
    let root = reader.branch(pairs, 0);
    Form { root, flaws: reader.flaws }
}

#[derive(Default)]
struct Reader {
    pairs: usize,
    flaws: BTreeSet<Flaw>,
}

impl Reader {
    fn branch(
        &mut self,
        children: impl Iterator<Item = (Key<'static>, Value)>,
        depth: usize,
    ) -> Branch<'static> {
        let trees = children.filter_map(|(key, value)| Some((key, self.tree(value, depth)?)));
        let mut children: Vec<_> = trees.collect();
        children.sort_by(|(one, _), (other, _)| one.cmp(other));
        Branch::of(children)
    }

    /// `depth` counts the brackets that the form's key would have by now. A branch is counted by what hangs on
    /// it, an empty one like a value.
    fn tree(&mut self, value: Value, depth: usize) -> Option<Tree<'static>> {
        let tree = match value {
            Value::Null => return None,
            Value::Array(_) | Value::Object(_) if depth == MAX_DEPTH => {
                self.flaws.insert(Flaw::TooDeep);
                return None;
            }
            Value::Array(elements) => {
                let pairs = (0..).map(Key::Index).zip(elements);
                Tree::Branch(self.branch(pairs, depth + 1))
            }
            Value::Object(object) => {
                let pairs = object.into_iter().map(|(name, value)| (Key::parse(clean(name.into())), value));
                Tree::Branch(self.branch(pairs, depth + 1))
            }
            Value::Bool(flag) => Tree::Leaf(if flag { "1" } else { "0" }.into()),
            Value::Number(number) => Tree::Leaf(number.to_string().into()),
            Value::String(text) => Tree::Leaf(clean(text.into())),
        };
        if tree.as_branch().is_none_or(Branch::is_empty) {
            if self.pairs == MAX_PAIRS {
                self.flaws.insert(Flaw::TooManyPairs);
                return None;
            }
            self.pairs += 1;
        }
        Some(tree)
    }
}
