//! What a person says about a measurement: by answering its card or a notice of it, or after a button.

use super::{Ask, Outcome, menu};
use crate::actions::measurements as actions;
use crate::actions::views::Kept;
use crate::actions::{ActionError, Refused};
use crate::domain::comment::Remark;
use crate::domain::conversation::Flow;
use crate::domain::ids::MeasurementId;
use crate::domain::permissions::{self, Action};
use crate::storage::{comments, conversations, measurements, outbox};
use crate::telegram::incoming::{Brought, Media};
use crate::telegram::screens::texts;

/// What he sends next is the comment.
pub async fn ask(ask: &mut Ask<'_>, id: MeasurementId) -> Outcome {
    let actor = ask.actor()?;
    let measurement = measurements::find(ask.conn, id).await?.ok_or(Refused::Unknown)?;
    permissions::check(&actor, Action::Comment, &measurement)?;
    conversations::ask(ask.conn, ask.chat, &Flow::Comment { id }, ask.now).await?;
    let screen = texts::ask_comment(id, &ask.context());
    ask.say(&screen).await?;
    Ok(None)
}

/// The measurement whose card or notice this message answers.
pub async fn answered(ask: &mut Ask<'_>) -> Result<Option<MeasurementId>, ActionError> {
    match ask.message.and_then(|message| message.reply_to) {
        Some(message) => Ok(outbox::about(ask.conn, ask.chat, message).await?),
        None => Ok(None),
    }
}

pub async fn words(ask: &mut Ask<'_>, id: MeasurementId, text: &str) -> Outcome {
    let actor = ask.actor()?;
    let Some(remark) = remark(ask, Some(text.to_owned())) else { return Ok(None) };
    let kept = actions::comment(ask.conn, &actor, id, remark, ask.now).await?;
    confirm(ask, id, kept).await
}

/// A file or a place. Where nothing tells what it is about, the person is told how to say that.
pub async fn media(ask: &mut Ask<'_>, media: &Media) -> Outcome {
    let actor = ask.actor()?;
    let Some(remark) = remark(ask, media.text.clone()) else { return Ok(None) };
    let (file, place) = match &media.what {
        Brought::File(file) => (Some(file.clone()), None),
        Brought::Place(place) => (None, Some(*place)),
    };
    let remark = Remark { file, place, album: media.album.clone(), ..remark };
    if let Some(album) = &media.album
        && let Some(begun) = comments::find_album(ask.conn, ask.chat, album).await?
    {
        let kept = actions::comment_further(ask.conn, &actor, begun, remark, ask.now).await?;
        return confirm(ask, begun.1, kept).await;
    }
    match subject(ask).await? {
        Some(id) => {
            let kept = actions::comment(ask.conn, &actor, id, remark, ask.now).await?;
            confirm(ask, id, kept).await
        }
        None => {
            let screen = texts::about_what(&ask.context());
            ask.say(&screen).await?;
            Ok(None)
        }
    }
}

/// A sticker, a poll: no comment, also where one is asked for. The question stays.
pub async fn nothing(ask: &mut Ask<'_>) -> Outcome {
    ask.actor()?;
    let asked = conversations::find(ask.conn, ask.chat, ask.now).await?;
    if answered(ask).await?.is_none() && !matches!(asked, Some(Flow::Comment { .. })) {
        return menu::hint(ask).await;
    }
    let screen = texts::no_comment(&ask.context());
    ask.say(&screen).await?;
    Ok(None)
}

/// What a message without words is about. Another question than for a comment stays asked.
async fn subject(ask: &mut Ask<'_>) -> Result<Option<MeasurementId>, ActionError> {
    if let Some(id) = answered(ask).await? {
        return Ok(Some(id));
    }
    match conversations::find(ask.conn, ask.chat, ask.now).await? {
        Some(Flow::Comment { id }) => {
            conversations::take(ask.conn, ask.chat, ask.now).await?;
            Ok(Some(id))
        }
        _ => Ok(None),
    }
}

fn remark(ask: &Ask<'_>, text: Option<String>) -> Option<Remark> {
    let (chat, message_id) = (ask.chat, ask.message?.id);
    Some(Remark { chat, message_id, text, file: None, place: None, album: None })
}

/// Says that it is kept, once for an album, and what of it is not.
async fn confirm(ask: &mut Ask<'_>, id: MeasurementId, kept: Option<Kept>) -> Outcome {
    let said = kept.filter(|kept| kept.is_new || kept.is_cut || kept.is_too_big);
    if let Some(kept) = said {
        let screen = texts::comment_kept(id, kept, &ask.context());
        ask.say(&screen).await?;
    }
    Ok(None)
}
