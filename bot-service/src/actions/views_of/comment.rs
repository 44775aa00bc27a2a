//! What somebody said, for who reads it.

use sqlx::PgConnection;

use super::name;
use crate::actions::views::CommentView;
use crate::domain::history::What;
use crate::domain::ids::{CommentId, MeasurementId};
use crate::domain::user::Role;
use crate::storage::StorageError;
use crate::storage::comments::{self, Comment};

/// What a history line tells of, where it is a comment.
pub async fn comment_of(conn: &mut PgConnection, what: &What) -> Result<Option<CommentView>, StorageError> {
    let What::Commented { comment, role } = what else { return Ok(None) };
    match comments::find(conn, *comment).await? {
        Some(comment) => view(conn, comment, Some(*role)).await.map(Some),
        None => Ok(None),
    }
}

/// A comment without who its author was for the measurement.
pub async fn comment_with(
    conn: &mut PgConnection,
    id: CommentId,
) -> Result<Option<CommentView>, StorageError> {
    match comments::find(conn, id).await? {
        Some(comment) => view(conn, comment, None).await.map(Some),
        None => Ok(None),
    }
}

/// The last ones, the latest at the end.
pub(super) async fn latest(
    conn: &mut PgConnection,
    id: MeasurementId,
    limit: i64,
) -> Result<Vec<CommentView>, StorageError> {
    let mut views = Vec::new();
    for comment in comments::list_latest(conn, id, limit).await?.into_iter().rev() {
        views.push(view(conn, comment, None).await?);
    }
    Ok(views)
}

async fn view(
    conn: &mut PgConnection,
    comment: Comment,
    role: Option<Role>,
) -> Result<CommentView, StorageError> {
    let Comment { author, at, text, place, files, .. } = comment;
    Ok(CommentView { author: name(conn, Some(author)).await?, role, at, text, place, files })
}
