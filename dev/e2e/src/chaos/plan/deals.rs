//! What happens to deals in AmoCRM, and how well AmoCRM tells of it.

use std::fmt;
use std::time::Duration;

use super::{At, Size};
use crate::chaos::dice::Dice;

/// One act of a person in AmoCRM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealStep {
    /// From 0.
    pub deal: usize,
    pub act: DealAct,
    pub telling: Telling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DealAct {
    Create { place: Place },
    Move { to: Place },
    Address { house: usize },
    Phone { number: usize },
    Price { roubles: usize },
    Responsible { employee: usize },
    Delete,
}

/// Where a deal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    New,
    /// Here measurements open.
    Measurement,
    Production,
    Sold,
    Refused,
}

/// What becomes of the hooks of one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    AtOnce,
    Twice,
    /// Overtaken by what happens meanwhile.
    Late(Duration),
    Never,
}

const SECOND: Duration = Duration::from_secs(1);
/// Deals come in heaps: an import, a Monday morning.
const HEAP: usize = 12;
pub const EMPLOYEES: usize = 3;

pub fn draw(seed: u64, size: Size) -> Vec<At<DealStep>> {
    let mut dice = Dice::new(seed, "deals");
    let mut steps = Vec::new();
    let mut heap_at = Duration::ZERO;
    // A life takes half a minute at most, and all of it is load.
    let last_birth = size.load.saturating_sub(25 * SECOND);
    for deal in 0..size.deals {
        if deal % HEAP == 0 {
            heap_at = dice.between(Duration::ZERO, last_birth);
        }
        let born_at = heap_at + dice.between(Duration::ZERO, 3 * SECOND);
        let mut life =
            Life { deal, at: born_at, end: size.load, is_gone: false, dice: &mut dice, steps: &mut steps };
        life.live();
    }
    steps.sort_by_key(|step: &At<DealStep>| step.after);
    steps
}

/// One deal from its creation on.
struct Life<'a> {
    deal: usize,
    at: Duration,
    end: Duration,
    is_gone: bool,
    dice: &'a mut Dice,
    steps: &'a mut Vec<At<DealStep>>,
}

impl Life<'_> {
    fn live(&mut self) {
        let is_direct = self.dice.percent(30);
        let place = if is_direct { Place::Measurement } else { Place::New };
        self.act(DealAct::Create { place });
        // Before it enters: a change of an open measurement is shown in every chat that has its card.
        for _ in 0..self.dice.below(if is_direct { 3 } else { 10 }) {
            self.edit();
        }
        if !is_direct && self.dice.percent(90) {
            self.act(DealAct::Move { to: Place::Measurement });
        }
        if self.dice.percent(35) {
            self.end_or_move_on();
        }
        for _ in 0..2 {
            let is_edited = self.dice.percent(40);
            if is_edited && !self.is_gone {
                self.act(DealAct::Price { roubles: 1_000 + self.deal });
            }
        }
    }

    fn edit(&mut self) {
        let number = self.dice.below(90);
        let act = match self.dice.below(8) {
            0..3 => DealAct::Address { house: number },
            3..5 => DealAct::Phone { number },
            5 => DealAct::Responsible { employee: number % EMPLOYEES },
            _ => DealAct::Price { roubles: number * 1_000 },
        };
        self.act(act);
    }

    fn end_or_move_on(&mut self) {
        match self.dice.below(10) {
            0..3 => self.act(DealAct::Move { to: Place::Refused }),
            3..5 => {
                self.act(DealAct::Delete);
                self.is_gone = true;
            }
            5 => self.act(DealAct::Move { to: Place::Sold }),
            6..8 => self.act(DealAct::Move { to: Place::Production }),
            _ => {
                self.act(DealAct::Move { to: Place::Production });
                self.act(DealAct::Move { to: Place::Measurement });
            }
        }
    }

    fn act(&mut self, act: DealAct) {
        let telling = match self.dice.below(100) {
            0..62 => Telling::AtOnce,
            62..80 => Telling::Twice,
            80..92 => Telling::Late(self.dice.between(SECOND / 4, 7 * SECOND)),
            _ => Telling::Never,
        };
        if self.at < self.end || matches!(act, DealAct::Create { .. }) {
            self.steps.push(At { after: self.at, what: DealStep { deal: self.deal, act, telling } });
        }
        // AmoCRM's clock has whole seconds, and two entries within two are one: people are slower than that.
        self.at += self.dice.between(SECOND / 2, 3 * SECOND);
    }
}

impl fmt::Display for DealStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "deal {} {:?}, told {:?}", self.deal, self.act, self.telling)
    }
}
