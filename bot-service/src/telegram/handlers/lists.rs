//! /pending, /all, /my, /orders and their pages.

use super::{Ask, Outcome};
use crate::actions::lists;
use crate::actions::views::{Cursor, ListKind};
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

/// «🔎 Фильтр»: by whom and by when all measurements are narrowed.
pub async fn sieve(ask: &mut Ask<'_>, kind: ListKind, page: Option<u32>) -> Outcome {
    let actor = ask.actor()?;
    let view = lists::sieve(ask.conn, &actor, kind, page.unwrap_or_default()).await?;
    let context = ask.context();
    let screen = match page {
        Some(_) => sieve::measurers(&view, &context),
        None => sieve::render(&view, &context),
    };
    ask.show(&screen).await?;
    Ok(None)
}
