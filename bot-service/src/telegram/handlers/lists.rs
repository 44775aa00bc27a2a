//! /pending, /all, /my, /orders and their pages.

use super::{Ask, Outcome};
use crate::actions::lists;
use crate::actions::views::{Cursor, ListKind, SieveBy};
use crate::telegram::screens::{list, sieve};

pub async fn page(ask: &mut Ask<'_>, kind: ListKind, cursor: Cursor) -> Outcome {
    let actor = ask.actor()?;
    let period = kind.narrowed().and_then(|(_, sieve)| sieve.period);
    let since = period.map(|period| period.start(ask.now, ask.app.timezone()));
    let view = lists::page_since(ask.conn, &actor, kind, cursor, since).await?;
    let screen = list::render(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// «🔎 Фильтр»: by what all measurements are narrowed.
pub async fn sieve(ask: &mut Ask<'_>, kind: ListKind) -> Outcome {
    let actor = ask.actor()?;
    let view = lists::sieve(ask.conn, &actor, kind).await?;
    let screen = sieve::render(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// A page of measurers or zones.
pub async fn choices(ask: &mut Ask<'_>, kind: ListKind, by: SieveBy, page: u32) -> Outcome {
    let actor = ask.actor()?;
    let view = lists::choices(ask.conn, &actor, kind, by, page).await?;
    let screen = sieve::choices(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}
