//! /zones: where people measure.

use super::{Ask, Outcome};
use crate::actions::{ActionError, zones};
use crate::domain::conversation::Flow;
use crate::domain::ids::ZoneId;
use crate::domain::permissions::{Area, check_area};
use crate::storage::conversations;
use crate::telegram::callback::ZonePress;
use crate::telegram::screens::zones::{self as screens, Question};
use crate::telegram::toasts;

pub async fn press(ask: &mut Ask<'_>, press: ZonePress) -> Outcome {
    let (actor, now) = (ask.actor()?, ask.now);
    match press {
        ZonePress::List(page) => return list(ask, page).await,
        ZonePress::Open(zone) => open(ask, zone).await?,
        ZonePress::Create => return question(ask, Flow::NewZone, Question::NewName).await,
        ZonePress::Rename(zone) => {
            return question(ask, Flow::RenameZone { zone }, Question::OtherName(zone)).await;
        }
        ZonePress::Spell(zone) => {
            return question(ask, Flow::SpellZone { zone }, Question::Spelling(zone)).await;
        }
        ZonePress::Measurers(zone, page) => measurers(ask, zone, page).await?,
        ZonePress::Give(zone, user, page) => {
            zones::give(ask.conn, &actor, (zone, user), now).await?;
            measurers(ask, zone, page).await?;
        }
        ZonePress::Take(zone, user, page) => {
            zones::take(ask.conn, &actor, (zone, user), now).await?;
            measurers(ask, zone, page).await?;
        }
        ZonePress::ChooseMerge(zone) => choose_merge(ask, zone).await?,
        ZonePress::Merge(zone, into) => {
            zones::merge(ask.conn, &actor, (zone, into), now).await?;
            open(ask, into).await?;
            return Ok(Some(toasts::done(&ask.context())));
        }
        ZonePress::AskDelete(zone) => {
            let view = zones::zone(ask.conn, &actor, zone).await?;
            let screen = screens::ask_delete(&view, &ask.context());
            ask.show(&screen).await?;
        }
        ZonePress::Delete(zone) => {
            zones::delete(ask.conn, &actor, zone, now).await?;
            list(ask, 0).await?;
            return Ok(Some(toasts::done(&ask.context())));
        }
        ZonePress::Import => {
            zones::import(ask.conn, &actor, now).await?;
            list(ask, 0).await?;
            return Ok(Some(toasts::done(&ask.context())));
        }
        ZonePress::Unknown(name) => {
            let view = zones::open_unknown(ask.conn, &actor, name).await?;
            let screen = screens::unknown(&view, &ask.context());
            ask.show(&screen).await?;
        }
        ZonePress::Adopt(name) => {
            let zone = zones::adopt(ask.conn, &actor, name, now).await?;
            // A zone is of use once somebody measures there.
            measurers(ask, zone, 0).await?;
        }
        ZonePress::SpellUnknown(name, zone) => {
            zones::spell_unknown(ask.conn, &actor, (name, zone), now).await?;
            open(ask, zone).await?;
            return Ok(Some(toasts::done(&ask.context())));
        }
        ZonePress::Dismiss(name) => {
            zones::dismiss(ask.conn, &actor, name).await?;
            list(ask, 0).await?;
        }
    }
    Ok(None)
}

pub async fn list(ask: &mut Ask<'_>, page: u32) -> Outcome {
    let actor = ask.actor()?;
    let view = zones::list(ask.conn, &actor, page).await?;
    let screen = screens::list(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// A zone's new name, another one, or another spelling.
pub async fn named(ask: &mut Ask<'_>, flow: &Flow, words: &str) -> Outcome {
    let (actor, now) = (ask.actor()?, ask.now);
    match *flow {
        Flow::RenameZone { zone } => {
            zones::rename(ask.conn, &actor, (zone, words), now).await?;
            open(ask, zone).await?;
        }
        Flow::SpellZone { zone } => {
            zones::spell(ask.conn, &actor, (zone, words), now).await?;
            open(ask, zone).await?;
        }
        _ => {
            let zone = zones::create(ask.conn, &actor, words, now).await?;
            measurers(ask, zone, 0).await?;
        }
    }
    Ok(None)
}

async fn question(ask: &mut Ask<'_>, flow: Flow, question: Question) -> Outcome {
    check_area(&ask.actor()?, Area::Zones)?;
    conversations::ask(ask.conn, ask.chat, &flow, ask.now).await?;
    let screen = screens::ask(question, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

async fn open(ask: &mut Ask<'_>, zone: ZoneId) -> Result<(), ActionError> {
    let actor = ask.actor()?;
    let view = zones::zone(ask.conn, &actor, zone).await?;
    let screen = screens::zone(&view, &ask.context());
    Ok(ask.show(&screen).await?)
}

async fn measurers(ask: &mut Ask<'_>, zone: ZoneId, page: u32) -> Result<(), ActionError> {
    let actor = ask.actor()?;
    let view = zones::measurers(ask.conn, &actor, zone, page).await?;
    let screen = screens::measurers(&view, &ask.context());
    Ok(ask.show(&screen).await?)
}

async fn choose_merge(ask: &mut Ask<'_>, zone: ZoneId) -> Result<(), ActionError> {
    let actor = ask.actor()?;
    let view = zones::zone(ask.conn, &actor, zone).await?;
    let others = zones::others(ask.conn, &actor, zone).await?;
    let screen = screens::choose_merge(&view, &others, &ask.context());
    Ok(ask.show(&screen).await?)
}
