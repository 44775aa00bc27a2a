//! The files that came with the comments of a measurement.

use super::{Ask, Outcome};
use crate::actions::{DOUBLE_TAP, Refused, files};
use crate::domain::ids::{FileId, MeasurementId};
use crate::storage::outbox;
use crate::telegram::screens;

/// Sends them, after a message that says how many there are. A double tap brings them once.
pub async fn send(ask: &mut Ask<'_>, id: MeasurementId, before: Option<FileId>) -> Outcome {
    let member = ask.member()?.id;
    let actor = ask.actor()?;
    let view = files::page(ask.conn, &actor, id, before).await?;
    if outbox::has_asked_for_files(ask.conn, ask.chat, id, ask.now - DOUBLE_TAP).await? {
        return Err(Refused::AlreadyDone.into());
    }
    let screen = screens::files::render(&view, &ask.context());
    ask.say(&screen).await?;
    for album in &view.albums {
        outbox::enqueue_files(ask.conn, ask.chat, member, id, album, ask.now).await?;
    }
    Ok(None)
}
