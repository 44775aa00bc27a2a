//! /status: how everything is.

use super::{Ask, Outcome};
use crate::actions::status;
use crate::domain::status::Equipment;
use crate::telegram::screens::status as screens;

pub async fn show(ask: &mut Ask<'_>) -> Outcome {
    let (actor, now) = (ask.actor()?, ask.now);
    let config = &ask.app.config;
    let equipment = Equipment {
        has_token: config.amocrm.has_token(),
        token_ends: config.amocrm.long_lived_times().map(|times| times.expires_at),
        keeps_webhook: config.keeps_webhook(),
    };
    let view = status::status(ask.conn, &actor, equipment, now).await?;
    let screen = screens::render(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}
