//! Somebody says something about a measurement. It moves nothing on, and may be said whatever its state.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Refused, audience, note};
use crate::actions::ActionError;
use crate::actions::views::Kept;
use crate::domain::comment::{Remark, words};
use crate::domain::history::{Author, What};
use crate::domain::ids::{CommentId, MeasurementId};
use crate::domain::measurement::Measurement;
use crate::domain::permissions::{self, Action, Refusal};
use crate::domain::user::Actor;
use crate::storage::{cards, comments, files, measurements, outbox};

/// The parts of an album come one by one; it is told after so much quiet.
const QUIET: TimeDelta = TimeDelta::seconds(3);

/// Keeps what was said, once however often the message is handled, and tells everybody concerned. `None` if it was
/// kept before.
///
/// # Errors
///
/// Refused to who does not see the measurement.
pub async fn comment(
    conn: &mut PgConnection,
    actor: &Actor,
    id: MeasurementId,
    remark: Remark,
    now: DateTime<Utc>,
) -> Result<Option<Kept>, ActionError> {
    let measurement = lock(conn, actor, id).await?;
    let role = permissions::speaks_as(actor, &measurement).ok_or(Refusal::NotYours)?;
    let (remark, is_cut) = trimmed(remark);
    let Some(comment) = comments::insert(conn, id, actor.id, &remark, now).await? else { return Ok(None) };
    let is_too_big = attach(conn, comment, &remark, now).await?.unwrap_or_default();
    cards::bump_keeping_face(conn, id).await?;
    let author = Author::Person(actor.id);
    let audience = audience(conn, &measurement, author).await?;
    let what = What::Commented { comment, role };
    note(conn, &measurement, author, &what, &audience, now).await?;
    if remark.album.is_some() {
        outbox::delay_comment(conn, id, comment, now + QUIET).await?;
    }
    Ok(Some(Kept { is_new: true, is_cut, is_too_big }))
}

/// Another part of an album that is a comment already. `None` if it was kept before.
///
/// # Errors
///
/// As [`comment`].
pub async fn comment_further(
    conn: &mut PgConnection,
    actor: &Actor,
    (comment, id): (CommentId, MeasurementId),
    remark: Remark,
    now: DateTime<Utc>,
) -> Result<Option<Kept>, ActionError> {
    lock(conn, actor, id).await?;
    let (remark, is_cut) = trimmed(remark);
    let Some(is_too_big) = attach(conn, comment, &remark, now).await? else { return Ok(None) };
    if let Some(text) = &remark.text {
        comments::add_words(conn, comment, text).await?;
    }
    cards::bump_keeping_face(conn, id).await?;
    outbox::delay_comment(conn, id, comment, now + QUIET).await?;
    Ok(Some(Kept { is_new: false, is_cut, is_too_big }))
}

/// Whoever changes what a card shows holds its measurement.
async fn lock(conn: &mut PgConnection, actor: &Actor, id: MeasurementId) -> Result<Measurement, ActionError> {
    let measurement = measurements::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    permissions::check(actor, Action::Comment, &measurement)?;
    Ok(measurement)
}

fn trimmed(remark: Remark) -> (Remark, bool) {
    let (text, is_cut) = remark.text.as_deref().map(words).unwrap_or_default();
    (Remark { text, ..remark }, is_cut)
}

/// Whether the file is too big to be copied; `None` if there is none, or it was kept before.
async fn attach(
    conn: &mut PgConnection,
    comment: CommentId,
    remark: &Remark,
    now: DateTime<Utc>,
) -> Result<Option<bool>, ActionError> {
    let Some(file) = &remark.file else { return Ok(None) };
    let is_new = files::insert(conn, comment, (remark.chat, remark.message_id), file, now).await?;
    Ok(is_new.then(|| file.is_too_big()))
}
