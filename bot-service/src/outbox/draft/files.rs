//! Files that a person asked for, each with who sent it and when; and those of a comment that he is told of.

use sqlx::PgConnection;

use super::{Draft, context, person};
use crate::actions::views_of;
use crate::app::App;
use crate::domain::ids::{CommentId, FileId};
use crate::domain::permissions;
use crate::outbox::albums::{Album, Captioned, Source};
use crate::outbox::call::Call;
use crate::storage::outbox::Row;
use crate::storage::{files, measurements};
use crate::telegram::screens::{self, Screen};
use crate::telegram::sender::media::ALBUM;

/// Characters of what stands under a file.
const CAPTION: usize = 1024;
/// Files that did not go out after so many tries are not tried any more.
pub const TRIES: i32 = 12;

/// None if the person does not see the measurement any more.
pub async fn draw(app: &App, conn: &mut PgConnection, row: &Row) -> anyhow::Result<Option<Draft>> {
    let (Some(user), Some(id)) = (person(conn, row).await?, row.measurement) else { return Ok(None) };
    let Some(measurement) = measurements::find(conn, id).await? else { return Ok(None) };
    if permissions::look(&user.actor(), &measurement).is_none() {
        return Ok(None);
    }
    let wanted: Vec<FileId> = serde_json::from_value(row.payload["files"].clone())?;
    let found = files::list(conn, id, &wanted).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let context = context(app, user.language);
    let away = screens::files::away(id, &context);
    if row.attempts >= TRIES {
        return Ok(Some(Call::Send { screen: away, reply_to: None }.into()));
    }
    let mut captioned = Vec::with_capacity(found.len());
    let (mut comment, mut said) = (None, None);
    for file in found {
        let is_first = comment != Some(file.comment);
        if is_first {
            comment = Some(file.comment);
            said = views_of::comment_with(conn, file.comment).await?;
        }
        let caption = said.as_ref().map(|said| screens::comment::under_file(said, is_first, &context));
        captioned.push(Captioned { file, caption });
    }
    let lost = match &captioned[..] {
        [Captioned { file, caption }] => {
            Some(screens::files::lost(id, file.name.as_deref(), caption.as_deref(), &context))
        }
        _ => None,
    };
    let album = Album { files: captioned, from: Source::Telegram, rows: vec![], lost, away, reply_to: None };
    Ok(Some(Call::from(album).into()))
}

/// The files of a comment with `screen` as their caption; none where its words and files do not fit into one message, or
/// one album. `instead` says so in words.
pub async fn of_comment(
    conn: &mut PgConnection,
    comment: CommentId,
    screen: &Screen,
    instead: &Screen,
    reply_to: Option<i32>,
) -> anyhow::Result<Option<Album>> {
    let found = files::list_of_comment(conn, comment).await?;
    let is_alone = found.len() == 1;
    let family = found.first().and_then(|file| file.kind.family());
    let is_album = family.is_some() && found.iter().all(|file| file.kind.family() == family);
    let has_place = found.iter().all(|file| file.kind.has_caption());
    let fits = (1..=ALBUM).contains(&found.len()) && screen.text.chars().count() <= CAPTION;
    if !(fits && has_place && (is_alone || is_album)) {
        return Ok(None);
    }
    let captions = std::iter::once(Some(screen.text.clone())).chain(std::iter::repeat(None));
    let files = found.into_iter().zip(captions).map(|(file, caption)| Captioned { file, caption }).collect();
    let rows = screen.rows.clone();
    let (lost, away) = (Some(instead.clone()), instead.clone());
    Ok(Some(Album { files, from: Source::Telegram, rows, lost, away, reply_to }))
}
