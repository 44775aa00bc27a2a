//! Plays what the plan has for people, and keeps the book of what they did.

use std::collections::BTreeMap;

use anyhow::Result;
use simulator::telegram::{CallbackId, Simulator};
use tokio::time::{Instant, sleep_until};

use super::buttons::{self, Found};
use super::cast;
use super::plan::At;
use super::plan::people::{Button, PersonAct, PersonStep, Role};

/// A button that somebody pressed.
#[derive(Debug, Clone)]
pub struct Pressed {
    pub id: CallbackId,
    pub person: i64,
    pub data: String,
}

/// Everything that people did.
#[derive(Debug, Default)]
pub struct PeopleBook {
    pub presses: Vec<Pressed>,
    /// Chat and message id of what was typed.
    pub typed: Vec<(i64, i64)>,
    /// Nothing on the screen fitted the plan.
    pub nothing_to_press: usize,
    /// Buttons as they once were, by chat.
    seen: BTreeMap<i64, Vec<Found>>,
}

/// # Errors
///
/// If a person cannot do what people can.
pub async fn play(telegram: &Simulator, steps: &[At<PersonStep>], start: Instant) -> Result<PeopleBook> {
    let mut book = PeopleBook::default();
    for step in steps {
        sleep_until(start + step.after).await;
        book.act(telegram, step.what)?;
    }
    Ok(book)
}

impl PeopleBook {
    fn act(&mut self, telegram: &Simulator, step: PersonStep) -> Result<()> {
        let people = cast::with(step.who);
        let person = people[step.person % people.len()];
        match step.act {
            PersonAct::Twice => telegram.deliver_twice(1),
            PersonAct::Types(text) => self.typed.push((person, telegram.says(person, text)?.id)),
            PersonAct::Press { button, taps } => {
                let buttons = self.look_at(telegram, person);
                let fitting: Vec<_> =
                    buttons.into_iter().filter(|found| buttons::kind(&found.data) == Some(button)).collect();
                self.press(telegram, person, choose(&fitting, step.choice, button), taps)?;
            }
            PersonAct::Stale => {
                self.look_at(telegram, person);
                let old = self.seen.get(&person).map(Vec::as_slice).unwrap_or_default();
                let old = old.get(step.choice % old.len().max(1)).cloned();
                self.press(telegram, person, old.as_ref(), 1)?;
            }
            PersonAct::Foreign => {
                let others = cast::with(if step.who == Role::Admin { Role::Measurer } else { Role::Admin });
                let other = others[step.choice % others.len()];
                let buttons = buttons::in_messages(&telegram.bot_messages(other));
                let foreign = choose(&buttons, step.choice, Button::Start);
                let own = telegram.last_message(person).map_or(1, |message| message.id);
                let forged = foreign.map(|found| Found { message_id: own, ..found.clone() });
                self.press(telegram, person, forged.as_ref(), 1)?;
            }
        }
        Ok(())
    }

    fn press(&mut self, telegram: &Simulator, person: i64, found: Option<&Found>, taps: usize) -> Result<()> {
        let Some(Found { message_id, label, data }) = found else {
            return self.looks_for_work(telegram, person);
        };
        for _ in 0..taps {
            let id = telegram.press_shown(person, *message_id, label, data)?;
            self.presses.push(Pressed { id, person, data: data.clone() });
        }
        Ok(())
    }

    /// Nothing on the screen fits: what one does then is to open a list.
    fn looks_for_work(&mut self, telegram: &Simulator, person: i64) -> Result<()> {
        let is_admin = cast::with(Role::Admin).contains(&person);
        let list = if is_admin { "/pending" } else { "/my" };
        self.nothing_to_press += 1;
        self.typed.push((person, telegram.says(person, list)?.id));
        Ok(())
    }

    /// What is on the screen now. It is remembered, and may be pressed when it is long gone.
    fn look_at(&mut self, telegram: &Simulator, person: i64) -> Vec<Found> {
        const REMEMBERED: usize = 400;
        let buttons = buttons::in_messages(&telegram.bot_messages(person));
        let seen = self.seen.entry(person).or_default();
        let new: Vec<_> = buttons.iter().filter(|found| !seen.contains(found)).cloned().collect();
        seen.extend(new);
        seen.drain(..seen.len().saturating_sub(REMEMBERED));
        buttons
    }
}

/// Work is done on what is near the end of the chat, as people do.
fn choose(found: &[Found], choice: usize, button: Button) -> Option<&Found> {
    const NEAR: usize = 40;
    let near = if button == Button::Assign { &found[found.len().saturating_sub(NEAR)..] } else { found };
    near.get(choice % near.len().max(1))
}
