//! Groups: the bot is taken in, spoken to and thrown out.

use anyhow::Context as _;

use super::{known, refused, written};
use crate::telegram::Simulator;
use crate::telegram::chat::{Chat, Draft, Group, Membership};
use crate::telegram::message::{Author, Body, Message};
use crate::telegram::state::State;
use crate::telegram::text::Formatted;

impl Simulator {
    /// Adds the bot to a group, which is created if it is new.
    pub fn add_bot_to_group(&self, group: Group, by: i64) -> anyhow::Result<()> {
        self.shared.change(|state| {
            let id = group.id;
            anyhow::ensure!(id < 0, "the id of a group is negative");
            let author = known(state, by)?;
            state.chats.entry(id).or_insert_with(|| Chat::group(group));
            let before = replace_membership(state, id, Membership::Member)?;
            state.membership_changed(id, &author, before, "member");
            let joined = Draft::new(Author::Person(by), Body::BotJoined, Formatted::default());
            state.deliver(id, joined).map_err(refused)?;
            Ok(())
        })
    }

    pub fn kick_bot_from_group(&self, group: i64, by: i64) -> anyhow::Result<()> {
        self.shared.change(|state| {
            let author = known(state, by)?;
            let before = replace_membership(state, group, Membership::Kicked)?;
            state.membership_changed(group, &author, before, "kicked");
            Ok(())
        })
    }

    /// From now on calls that name the old id are answered with the new one.
    pub fn upgrade_group(&self, group: i64, to: i64) -> anyhow::Result<()> {
        self.shared.change(|state| {
            let found = state.group_mut(group).with_context(|| format!("no group {group}"))?;
            found.migrated_to = Some(to);
            Ok(())
        })
    }

    /// Writes in a group. The bot, being in privacy mode, hears only commands and its own name.
    pub fn says_in_group(&self, group: i64, person: i64, text: &str) -> anyhow::Result<Message> {
        self.shared.change(|state| {
            known(state, person)?;
            let draft = Draft::new(Author::Person(person), Body::Text, written(text));
            let is_heard = text.starts_with('/') || text.contains(&format!("@{}", state.bot.username));
            let is_member = state.membership(group) == Some(Membership::Member);
            if is_heard && is_member { state.deliver(group, draft) } else { state.post(group, draft) }
                .map_err(refused)
        })
    }
}

/// Returns the status before, as the server names it.
fn replace_membership(state: &mut State, group: i64, to: Membership) -> anyhow::Result<&'static str> {
    let found = state.group_mut(group).with_context(|| format!("no group {group}"))?;
    let before = std::mem::replace(&mut found.bot, to);
    Ok(match before {
        Membership::Member => "member",
        Membership::Left => "left",
        Membership::Kicked => "kicked",
    })
}
