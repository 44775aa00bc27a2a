//! /pending, /all, /my, /orders and their pages.

use super::{Ask, Outcome};
use crate::actions::lists;
use crate::actions::views::{Cursor, ListKind};
use crate::telegram::screens::list;

pub async fn page(ask: &mut Ask<'_>, kind: ListKind, cursor: Cursor) -> Outcome {
    let actor = ask.actor()?;
    let view = lists::page(ask.conn, &actor, kind, cursor).await?;
    let screen = list::render(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}
