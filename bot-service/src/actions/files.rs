//! The files of a measurement, for who sees it.

use sqlx::PgConnection;

use super::views::{FILES_A_PAGE, FilesView};
use super::{ActionError, Refused, paging};
use crate::domain::comment::FileKind;
use crate::domain::ids::{FileId, MeasurementId};
use crate::domain::permissions::{self, Action};
use crate::domain::user::Actor;
use crate::storage::{files, measurements};

/// How many files Telegram shows together.
const ALBUM: usize = 10;

/// The newest files before `before`, the oldest of them first.
///
/// # Errors
///
/// Refused to who does not see the measurement, and for an unknown one.
pub async fn page(
    conn: &mut PgConnection,
    actor: &Actor,
    id: MeasurementId,
    before: Option<FileId>,
) -> Result<FilesView, ActionError> {
    let measurement = measurements::find(conn, id).await?.ok_or(Refused::Unknown)?;
    permissions::check(actor, Action::View, &measurement)?;
    let mut found = files::page(conn, id, before, i64::from(FILES_A_PAGE) + 1).await?;
    let has_older = paging::cut(&mut found, FILES_A_PAGE);
    let older = found.last().filter(|_| has_older).map(|(id, _)| *id);
    found.reverse();
    let counts = files::count(conn, id).await?;
    Ok(FilesView { id, lead_name: measurement.facts.lead_name, counts, albums: albums(&found), older })
}

/// What stands side by side and can be shown together.
fn albums(files: &[(FileId, FileKind)]) -> Vec<Vec<FileId>> {
    let mut albums: Vec<(Option<FileKind>, Vec<FileId>)> = Vec::new();
    for (id, kind) in files {
        let family = kind.family();
        match albums.last_mut() {
            Some((last, album)) if family.is_some() && *last == family && album.len() < ALBUM => {
                album.push(*id);
            }
            _ => albums.push((family, vec![*id])),
        }
    }
    albums.into_iter().map(|(_, album)| album).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_shown_together_is_and_in_its_order() {
        use FileKind::{Document, Photo, Video, Voice};
        let kinds = [Photo, Video, Voice, Voice, Photo, Document, Document];
        let files: Vec<_> = (0..).map(FileId).zip(kinds).collect();
        let shown: Vec<Vec<i64>> =
            albums(&files).into_iter().map(|album| album.into_iter().map(|id| id.0).collect()).collect();
        assert_eq!(shown, [vec![0, 1], vec![2], vec![3], vec![4], vec![5, 6]]);
        let many: Vec<_> = (0..23).map(|id| (FileId(id), Photo)).collect();
        assert_eq!(albums(&many).iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 3]);
    }
}
