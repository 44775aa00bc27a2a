//! What people do in Telegram. What they find on their screens is not known before: a choice among it is a number,
//! taken by the count of what is there.

use std::fmt;
use std::time::Duration;

use super::{At, Size};
use crate::chaos::dice::Dice;

/// One act of a person in his chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonStep {
    pub who: Role,
    /// Which of those with this role.
    pub person: usize,
    pub act: PersonAct,
    pub choice: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Admin,
    Measurer,
    Manager,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonAct {
    /// A button with one of these letters, once or as a double tap.
    Press {
        button: Button,
        taps: usize,
    },
    /// A button that was on the screen some time ago.
    Stale,
    /// The button of somebody else.
    Foreign,
    Types(&'static str),
    /// Telegram brings the next update once more.
    Twice,
}

/// What a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    Assign,
    Reassign,
    Start,
    Complete,
    AskCancel,
    Cancel,
    Keep,
    Restore,
    /// From a list.
    Open,
    /// Another page of a list.
    Page,
}

const ADMINS_WORDS: [&str; 6] = ["/pending", "/all", "/measurers", "/menu", "/help", "ау?"];
const MEASURERS_WORDS: [&str; 4] = ["/my", "/menu", "/completed", "где я?"];
const MANAGERS_WORDS: [&str; 2] = ["/orders", "/menu"];

pub fn draw(seed: u64, size: Size) -> Vec<At<PersonStep>> {
    let mut dice = Dice::new(seed, "people");
    // The first deals have to become cards before there is anything to press.
    let first = Duration::from_secs(4);
    let mut steps: Vec<_> = (0..size.presses)
        .map(|_| At { after: dice.between(first, size.load), what: step(&mut dice) })
        .collect();
    steps.sort_by_key(|step| step.after);
    steps
}

fn step(dice: &mut Dice) -> PersonStep {
    let who = match dice.below(100) {
        0..48 => Role::Admin,
        48..94 => Role::Measurer,
        _ => Role::Manager,
    };
    let act = match (dice.below(100), who) {
        (_, Role::Manager) => PersonAct::Types(dice.one_of(&MANAGERS_WORDS)),
        (0..8, Role::Admin) => PersonAct::Types(dice.one_of(&ADMINS_WORDS)),
        (0..8, Role::Measurer) => PersonAct::Types(dice.one_of(&MEASURERS_WORDS)),
        (8..12, _) => PersonAct::Twice,
        (12..19, _) => PersonAct::Stale,
        (19..22, _) => PersonAct::Foreign,
        (_, Role::Admin) => press(dice, &ADMINS_BUTTONS),
        (_, Role::Measurer) => press(dice, &MEASURERS_BUTTONS),
    };
    PersonStep { who, person: dice.below(60), act, choice: dice.below(5_040) }
}

/// As often as each stands here.
const ADMINS_BUTTONS: [Button; 18] = [
    Button::Assign,
    Button::Assign,
    Button::Assign,
    Button::Assign,
    Button::Assign,
    Button::Assign,
    Button::Assign,
    Button::Assign,
    Button::Assign,
    Button::Reassign,
    Button::AskCancel,
    Button::AskCancel,
    Button::Cancel,
    Button::Keep,
    Button::Restore,
    Button::Open,
    Button::Open,
    Button::Page,
];
const MEASURERS_BUTTONS: [Button; 5] =
    [Button::Start, Button::Start, Button::Complete, Button::Complete, Button::Open];

fn press(dice: &mut Dice, buttons: &[Button]) -> PersonAct {
    let taps = if dice.percent(15) { 2 } else { 1 };
    PersonAct::Press { button: dice.one_of(buttons), taps }
}

impl fmt::Display for PersonStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} {:?}, choice {}", self.who, self.person, self.act, self.choice)
    }
}
