//! What breaks, when, and for how long.

use std::fmt;
use std::time::Duration;

use super::{At, Size};
use crate::chaos::dice::Dice;
use crate::relay::Line;

/// One thing that goes wrong, until it is mended again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `kill -9`, and a new start this much later.
    Kill {
        who: Who,
        down: Duration,
    },
    /// SIGTERM, and a new start this much later.
    Stop {
        who: Who,
        down: Duration,
    },
    /// SIGSTOP, and this much later SIGCONT: a machine that slept.
    Freeze {
        who: Who,
        time: Duration,
    },
    KillBroker {
        down: Duration,
    },
    KillDatabase {
        down: Duration,
    },
    /// SIGSTOP, and this much later SIGCONT: connections stay, and nobody answers.
    FreezeBroker {
        time: Duration,
    },
    FreezeDatabase {
        time: Duration,
    },
    Network {
        link: Link,
        line: Line,
        time: Duration,
    },
    AmoCrm {
        trouble: AmoCrmTrouble,
        calls: u32,
    },
    Telegram {
        trouble: TelegramTrouble,
        method: Option<&'static str>,
        calls: u32,
    },
    /// AmoCRM has had enough of bad answers and sends nothing any more.
    SwitchOff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Ingest(usize),
    Bot(usize),
    /// Whichever bot leads at that moment.
    Leader,
}

/// Between whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    HooksToIngest,
    IngestToBroker,
    BotToBroker,
    BotToDatabase,
    BotToAmoCrm,
    BotToTelegram,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmoCrmTrouble {
    TooMany,
    Broken,
    Gateway,
    Garbage,
    Silence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TelegramTrouble {
    TooMany,
    Broken,
    Gateway,
    Silence,
    HangsUp,
    /// Done, and nobody hears of it.
    LosesAnswer,
}

impl Link {
    pub const ALL: [Self; 6] = [
        Self::HooksToIngest,
        Self::IngestToBroker,
        Self::BotToBroker,
        Self::BotToDatabase,
        Self::BotToAmoCrm,
        Self::BotToTelegram,
    ];
}

impl Fault {
    /// For the table at the end.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Kill { who: Who::Ingest(_), .. } => "kill -9 of ingest-service",
            Self::Kill { .. } => "kill -9 of bot-service",
            Self::Stop { .. } => "SIGTERM",
            Self::Freeze { .. } => "SIGSTOP",
            Self::KillBroker { .. } => "kill -9 of RabbitMQ",
            Self::KillDatabase { .. } => "kill -9 of PostgreSQL",
            Self::FreezeBroker { .. } => "SIGSTOP of RabbitMQ",
            Self::FreezeDatabase { .. } => "SIGSTOP of PostgreSQL",
            Self::Network { line: Line::Cut, .. } => "network: refused",
            Self::Network { line: Line::BreaksAnswers, .. } => "network: cut in mid-response",
            Self::Network { .. } => "network: black hole",
            Self::AmoCrm { .. } => "AmoCRM answers badly",
            Self::Telegram { .. } => "Telegram answers badly",
            Self::SwitchOff => "AmoCRM switches the webhook off",
        }
    }
}

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
/// What a sleeping laptop or a paused virtual machine does.
const NAP: Duration = Duration::from_secs(20);

pub fn draw(seed: u64, size: Size) -> Vec<At<Fault>> {
    let mut dice = Dice::new(seed, "faults");
    let mut deck: Vec<Fault> = vec![Fault::Freeze { who: Who::Leader, time: NAP }, Fault::SwitchOff];
    deck.extend(std::iter::repeat_with(|| broker(&mut dice)).take(size.broker_kills));
    let rest = size.faults.saturating_sub(deck.len() + 1);
    deck.extend((0..rest).map(|number| usual(number, &mut dice)));
    dice.shuffle(&mut deck);
    let mut faults = spread(deck, size.load, &mut dice);
    if let Some(down) = size.outage {
        faults.push(At { after: size.load / 4, what: Fault::KillBroker { down } });
    }
    faults.sort_by_key(|fault| fault.after);
    faults
}

/// One in each stretch of the load. The nap and the last of the rest must be over before it ends.
fn spread(deck: Vec<Fault>, load: Duration, dice: &mut Dice) -> Vec<At<Fault>> {
    let count = u32::try_from(deck.len()).unwrap_or(u32::MAX).max(1);
    let stretch = load / count;
    let mut deck = deck;
    let latest = deck.len() * 2 / 3;
    if let Some(nap) = deck.iter().position(|fault| matches!(fault, Fault::Freeze { time: NAP, .. }))
        && nap > latest
    {
        deck.swap(nap, latest);
    }
    // Where AmoCRM is just in trouble, a leader looks after the hook a minute later, and till then none is sent.
    let earliest = deck.len().saturating_sub(3);
    if let Some(off) = deck.iter().position(|fault| matches!(fault, Fault::SwitchOff))
        && off < earliest
    {
        deck.swap(off, earliest);
    }
    let at = |number: u32, dice: &mut Dice| stretch * number + dice.between(Duration::ZERO, stretch);
    (0..).zip(deck).map(|(number, what)| At { after: at(number, dice), what }).collect()
}

fn broker(dice: &mut Dice) -> Fault {
    Fault::KillBroker { down: dice.between(100 * MS, 2 * SECOND) }
}

/// A round of [`usual`] faults.
const KINDS: usize = 16;

/// Every kind comes in turn, so that no seed is without one.
fn usual(number: usize, dice: &mut Dice) -> Fault {
    let down = dice.between(200 * MS, 3 * SECOND);
    match number % KINDS {
        0 => Fault::Kill { who: Who::Leader, down },
        1 => Fault::Kill { who: Who::Bot(dice.below(2)), down },
        2 | 8 => Fault::Kill { who: Who::Ingest(dice.below(2)), down },
        3 => Fault::KillDatabase { down },
        4 => Fault::Freeze { who: frozen(dice), time: dice.between(SECOND, 7 * SECOND) },
        5 if number < KINDS => Fault::Stop { who: Who::Bot(dice.below(2)), down },
        5 => Fault::Stop { who: Who::Ingest(dice.below(2)), down },
        6 | 11 => amocrm(dice),
        7 | 12 => telegram(dice),
        14 => Fault::FreezeBroker { time: dice.between(SECOND, 7 * SECOND) },
        15 => Fault::FreezeDatabase { time: dice.between(SECOND, 7 * SECOND) },
        _ => network(dice),
    }
}

fn frozen(dice: &mut Dice) -> Who {
    dice.one_of(&[Who::Ingest(0), Who::Ingest(1), Who::Bot(0), Who::Bot(1)])
}

fn network(dice: &mut Dice) -> Fault {
    let between = dice.one_of(&Link::ALL);
    let (line, time) = match dice.below(3) {
        0 => (Line::Cut, dice.between(500 * MS, 4 * SECOND)),
        1 => (Line::Silent, dice.between(SECOND, 5 * SECOND)),
        _ => (Line::BreaksAnswers, dice.between(100 * MS, 900 * MS)),
    };
    Fault::Network { link: between, line, time }
}

fn amocrm(dice: &mut Dice) -> Fault {
    let trouble = dice.one_of(&[
        AmoCrmTrouble::TooMany,
        AmoCrmTrouble::Broken,
        AmoCrmTrouble::Gateway,
        AmoCrmTrouble::Garbage,
        AmoCrmTrouble::Silence,
    ]);
    Fault::AmoCrm { trouble, calls: dice.one_of(&[1, 2, 4]) }
}

fn telegram(dice: &mut Dice) -> Fault {
    let trouble = dice.one_of(&[
        TelegramTrouble::TooMany,
        TelegramTrouble::Broken,
        TelegramTrouble::Gateway,
        TelegramTrouble::Silence,
        TelegramTrouble::HangsUp,
        TelegramTrouble::LosesAnswer,
    ]);
    let method = dice.one_of(&[
        None,
        Some("sendMessage"),
        Some("editMessageText"),
        Some("getUpdates"),
        Some("answerCallbackQuery"),
    ]);
    let calls = if trouble == TelegramTrouble::LosesAnswer { 1 } else { dice.one_of(&[1, 2, 4]) };
    Fault::Telegram { trouble, method, calls }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
