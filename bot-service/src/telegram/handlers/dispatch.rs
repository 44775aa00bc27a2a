//! /settings: how work is given out.

use super::{Ask, Outcome};
use crate::actions::dispatch;
use crate::telegram::callback::DispatchPress;
use crate::telegram::screens::dispatch as screens;

pub async fn press(ask: &mut Ask<'_>, press: DispatchPress) -> Outcome {
    let (actor, now) = (ask.actor()?, ask.now);
    let view = match press {
        DispatchPress::Open => dispatch::settings(ask.conn, &actor).await?,
        DispatchPress::Set(change) => dispatch::change(ask.conn, &actor, change, now).await?,
    };
    let screen = screens::render(&view, ask.app.config.accept_within, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}
