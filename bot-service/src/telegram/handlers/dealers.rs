//! /dealers: whose customers go to whom.

use super::{Ask, Outcome};
use crate::actions::{ActionError, dealers};
use crate::domain::conversation::Flow;
use crate::domain::ids::DealerId;
use crate::domain::permissions::{Area, check_area};
use crate::storage::conversations;
use crate::telegram::callback::DealerPress;
use crate::telegram::screens::dealers as screens;
use crate::telegram::toasts;

pub async fn press(ask: &mut Ask<'_>, press: DealerPress) -> Outcome {
    let (actor, now) = (ask.actor()?, ask.now);
    match press {
        DealerPress::List(page) => return list(ask, page).await,
        DealerPress::Create => {
            check_area(&actor, Area::Zones)?;
            conversations::ask(ask.conn, ask.chat, &Flow::NewDealer, now).await?;
            let screen = screens::ask(&ask.context());
            ask.show(&screen).await?;
        }
        DealerPress::Measurers(dealer, page) => measurers(ask, dealer, page).await?,
        DealerPress::Give(dealer, user) => {
            dealers::give(ask.conn, &actor, (dealer, user), now).await?;
            list(ask, 0).await?;
            return Ok(Some(toasts::done(&ask.context())));
        }
        DealerPress::Rename(dealer) => {
            check_area(&actor, Area::Zones)?;
            conversations::ask(ask.conn, ask.chat, &Flow::RenameDealer { dealer }, now).await?;
            let screen = screens::ask(&ask.context());
            ask.show(&screen).await?;
        }
        DealerPress::ChooseMerge(dealer, page) => {
            let view = dealers::others(ask.conn, &actor, dealer, page).await?;
            let screen = screens::choose_merge(&view, &ask.context());
            ask.show(&screen).await?;
        }
        DealerPress::Merge(dealer, into) => {
            dealers::merge(ask.conn, &actor, (dealer, into), now).await?;
            measurers(ask, into, 0).await?;
            return Ok(Some(toasts::done(&ask.context())));
        }
        DealerPress::Delete(dealer) => {
            dealers::delete(ask.conn, &actor, dealer, now).await?;
            list(ask, 0).await?;
            return Ok(Some(toasts::done(&ask.context())));
        }
        DealerPress::Adopt(name) => {
            let dealer = dealers::adopt(ask.conn, &actor, name, now).await?;
            measurers(ask, dealer, 0).await?;
        }
    }
    Ok(None)
}

pub async fn list(ask: &mut Ask<'_>, page: u32) -> Outcome {
    let actor = ask.actor()?;
    let view = dealers::list(ask.conn, &actor, page).await?;
    let screen = screens::list(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// A new dealer: next comes who gets his customers.
pub async fn named(ask: &mut Ask<'_>, words: &str) -> Outcome {
    let actor = ask.actor()?;
    let dealer = dealers::create(ask.conn, &actor, words, ask.now).await?;
    measurers(ask, dealer, 0).await?;
    Ok(None)
}

pub async fn renamed(ask: &mut Ask<'_>, dealer: DealerId, words: &str) -> Outcome {
    let actor = ask.actor()?;
    dealers::rename(ask.conn, &actor, (dealer, words), ask.now).await?;
    measurers(ask, dealer, 0).await?;
    Ok(None)
}

async fn measurers(ask: &mut Ask<'_>, dealer: DealerId, page: u32) -> Result<(), ActionError> {
    let actor = ask.actor()?;
    let view = dealers::measurers(ask.conn, &actor, dealer, page).await?;
    let screen = screens::measurers(&view, &ask.context());
    Ok(ask.show(&screen).await?)
}
