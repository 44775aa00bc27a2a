//! `measurement_comments`: what people said, once for each message however often it is handled.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::comment::{Place, Remark, TEXT};
use crate::domain::ids::{ChatId, CommentId, MeasurementId, UserId};

/// A comment as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    pub id: CommentId,
    pub measurement_id: MeasurementId,
    pub author: UserId,
    pub at: DateTime<Utc>,
    pub text: Option<String>,
    pub place: Option<Place>,
    /// How many files came with it so far.
    pub files: i64,
}

struct Row {
    id: i64,
    measurement_id: i64,
    author_id: i64,
    at: DateTime<Utc>,
    text: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    files: i64,
}

impl From<Row> for Comment {
    fn from(row: Row) -> Self {
        let place = row.latitude.zip(row.longitude);
        Self {
            id: CommentId(row.id),
            measurement_id: MeasurementId(row.measurement_id),
            author: UserId(row.author_id),
            at: row.at,
            text: row.text,
            place: place.map(|(latitude, longitude)| Place { latitude, longitude }),
            files: row.files,
        }
    }
}

/// `None` if this message, or another part of its album, is a comment already.
pub async fn insert(
    conn: &mut PgConnection,
    measurement: MeasurementId,
    author: UserId,
    remark: &Remark,
    now: DateTime<Utc>,
) -> Result<Option<CommentId>, StorageError> {
    let id = sqlx::query_scalar!(
        "insert into measurement_comments (measurement_id, author_id, at, text, latitude, longitude, chat_id,
             message_id, media_group_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning id",
        measurement.0,
        author.0,
        now,
        remark.text,
        remark.place.map(|place| place.latitude),
        remark.place.map(|place| place.longitude),
        remark.chat.0,
        remark.message_id,
        remark.album,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(CommentId))
}

/// The comment that an album is, once one of its parts has come.
pub async fn find_album(
    conn: &mut PgConnection,
    chat: ChatId,
    album: &str,
) -> Result<Option<(CommentId, MeasurementId)>, StorageError> {
    let row = sqlx::query!(
        "select id, measurement_id from measurement_comments where chat_id = $1 and media_group_id = $2",
        chat.0,
        album,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (CommentId(row.id), MeasurementId(row.measurement_id))))
}

/// Another part of the album has words too.
pub async fn add_words(conn: &mut PgConnection, id: CommentId, text: &str) -> Result<(), StorageError> {
    sqlx::query!(
        "update measurement_comments set text = left(concat_ws(E'\\n', text, $2::text), $3) where id = $1",
        id.0,
        text,
        i32::try_from(TEXT).unwrap_or(i32::MAX),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection, id: CommentId) -> Result<Option<Comment>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, measurement_id, author_id, at, text, latitude, longitude,
                  (select count(*) from measurement_files where comment_id = c.id) as "files!"
           from measurement_comments c where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Comment::from))
}

/// The latest ones, the latest first.
pub async fn list_latest(
    conn: &mut PgConnection,
    measurement: MeasurementId,
    limit: i64,
) -> Result<Vec<Comment>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, measurement_id, author_id, at, text, latitude, longitude,
                  (select count(*) from measurement_files where comment_id = c.id) as "files!"
           from measurement_comments c where measurement_id = $1 order by id desc limit $2"#,
        measurement.0,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Comment::from).collect())
}
