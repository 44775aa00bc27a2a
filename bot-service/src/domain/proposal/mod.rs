//! Who should measure, and why: a rule names him, a person agrees.
//!
//! Three rules in order: the deal's dealer has a measurer of his own; measurers belong to the zone; else it is the next
//! one's turn. Of several the least busy is named, and among equally busy ones he who got work longest ago. What is
//! proposed counts as work already, so that ten new deals are not all proposed to one person.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::UserId;

pub mod names;
pub mod place;

/// How a measurer is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    Dealer,
    Zone,
    Turn,
}

impl Rule {
    /// The first that names somebody decides.
    pub const ALL: [Self; 3] = [Self::Dealer, Self::Zone, Self::Turn];
}

/// What becomes of what a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Off,
    /// A person confirms it.
    Propose,
    /// Done at once.
    Assign,
}

/// What a name in a deal is a name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    Zone,
    Dealer,
}

impl NameKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Dealer => "dealer",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Zone, Self::Dealer].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The mode of each rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    pub dealer: Mode,
    pub zone: Mode,
    pub turn: Mode,
}

impl Default for Rules {
    fn default() -> Self {
        Self { dealer: Mode::Propose, zone: Mode::Propose, turn: Mode::Propose }
    }
}

impl Rules {
    pub fn mode(&self, rule: Rule) -> Mode {
        match rule {
            Rule::Dealer => self.dealer,
            Rule::Zone => self.zone,
            Rule::Turn => self.turn,
        }
    }
}

/// Why somebody is not proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// A day off.
    Away,
    /// He has no access, or is no measurer any more.
    Disabled,
    /// He has said that he cannot go to this one.
    Declined,
}

/// A measurer, and how busy he is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: UserId,
    /// Open measurements.
    pub open: i64,
    /// Measurements that are proposed to him.
    pub proposed: i64,
    /// When he got work, or was proposed for it, last.
    pub last: Option<DateTime<Utc>>,
    pub why_not: Option<WhyNot>,
}

/// What the rules look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Basis {
    /// The deal's dealer by name, and his measurer.
    pub dealer: Option<(String, UserId)>,
    /// The deal's zones by name, and their measurers.
    pub zones: Vec<(String, Vec<UserId>)>,
    /// Everybody with the role, and those whom dealer or zone name.
    pub measurers: Vec<Candidate>,
}

/// A name that a rule has found, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub measurer: UserId,
    pub rule: Rule,
    /// Of the dealer or the zones.
    pub name: Option<String>,
    /// What he has and is proposed for besides this one.
    pub busy: i64,
    pub last: Option<DateTime<Utc>>,
    /// Who would be next, with how busy they are.
    pub next: Vec<(UserId, i64)>,
    /// Who was passed over.
    pub passed: Vec<(UserId, WhyNot)>,
}

/// So many stand behind the first.
const NEXT: usize = 2;
/// Of so many it is said why they were passed over.
const PASSED: usize = 3;

/// The measurer for a deal; none where no rule that is switched on finds one. Whoever is proposed already stays, if the
/// same rule could still name him: nothing that has nothing to do with him takes his turn away.
pub fn choose(rules: &Rules, basis: &Basis, current: Option<(UserId, Rule)>) -> Option<Proposal> {
    let rule_of = |rule: &Rule| rules.mode(*rule) != Mode::Off;
    let mut passed = Vec::new();
    for rule in Rule::ALL.into_iter().filter(rule_of) {
        let (name, group) = group(rule, basis);
        let (mut able, unable): (Vec<_>, Vec<_>) =
            group.into_iter().partition(|candidate| candidate.why_not.is_none());
        for one in unable {
            passed.extend(
                one.why_not.filter(|_| passed.iter().all(|(id, _)| *id != one.id)).map(|why| (one.id, why)),
            );
        }
        able.sort_by_key(|one| (current != Some((one.id, rule)), turn(one)));
        let Some((first, others)) = able.split_first() else { continue };
        passed.truncate(PASSED);
        return Some(Proposal {
            measurer: first.id,
            rule,
            name,
            busy: first.open + first.proposed,
            last: first.last,
            next: next(others, first.id, basis),
            passed,
        });
    }
    None
}

/// Whom a rule means, and whose measurers they are.
fn group(rule: Rule, basis: &Basis) -> (Option<String>, Vec<&Candidate>) {
    let among = |ids: &[UserId]| basis.measurers.iter().filter(|one| ids.contains(&one.id)).collect();
    match rule {
        Rule::Dealer => match &basis.dealer {
            Some((name, measurer)) => (Some(name.clone()), among(&[*measurer])),
            None => (None, Vec::new()),
        },
        Rule::Zone => {
            let names: Vec<_> = basis.zones.iter().map(|(name, _)| name.as_str()).collect();
            let ids: Vec<_> = basis.zones.iter().flat_map(|(_, ids)| ids).copied().collect();
            (Some(names.join(", ")), among(&ids))
        }
        // Who is no measurer is nobody's turn, and nobody asks why.
        Rule::Turn => {
            (None, basis.measurers.iter().filter(|one| one.why_not != Some(WhyNot::Disabled)).collect())
        }
    }
}

/// First those of the same rule, then whoever else is free.
fn next(others: &[&Candidate], first: UserId, basis: &Basis) -> Vec<(UserId, i64)> {
    let is_among = |one: &Candidate| one.id == first || others.iter().any(|other| other.id == one.id);
    let mut rest: Vec<_> =
        basis.measurers.iter().filter(|one| one.why_not.is_none() && !is_among(one)).collect();
    rest.sort_by_key(|one| turn(one));
    let next = others.iter().copied().chain(rest).take(NEXT);
    next.map(|one| (one.id, one.open + one.proposed)).collect()
}

/// The smallest is the next.
fn turn(one: &Candidate) -> (i64, Option<DateTime<Utc>>, UserId) {
    (one.open + one.proposed, one.last, one.id)
}

#[cfg(test)]
mod tests;
