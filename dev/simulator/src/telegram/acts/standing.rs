//! How a person stands towards the bot, and whether that allows the act.

use anyhow::Context as _;

use crate::telegram::message::Author;
use crate::telegram::people::Standing;
use crate::telegram::refusal::Refusal;
use crate::telegram::state::State;
use crate::telegram::wire;

pub(super) fn known(state: &State, person: i64) -> anyhow::Result<serde_json::Value> {
    standing(state, person)?;
    Ok(wire::author(state, Author::Person(person)))
}

pub(super) fn standing(state: &State, person: i64) -> anyhow::Result<Standing> {
    let resident = state.people.get(&person).with_context(|| format!("nobody has the id {person}"))?;
    Ok(resident.standing)
}

/// Only who has started the bot and not blocked it can press and block.
pub(super) fn active(state: &State, person: i64) -> anyhow::Result<()> {
    let standing = standing(state, person)?;
    anyhow::ensure!(
        standing == Standing::Started,
        "person {person} has no open chat with the bot: {standing:?}"
    );
    Ok(())
}

pub(super) fn set_standing(state: &mut State, person: i64, standing: Standing) -> anyhow::Result<()> {
    let resident = state.people.get_mut(&person).with_context(|| format!("nobody has the id {person}"))?;
    resident.standing = standing;
    Ok(())
}

pub(super) fn refused(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!(refusal.description)
}
