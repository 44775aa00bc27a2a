//! /status: how everything is.

use super::{Ask, Outcome};
use crate::actions::status;
use crate::telegram::screens::status as screens;

pub async fn show(ask: &mut Ask<'_>) -> Outcome {
    let (actor, now) = (ask.actor()?, ask.now);
    let view = status::status(ask.conn, &actor, &ask.app.config, now).await?;
    let screen = screens::render(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}
