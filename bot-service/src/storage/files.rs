//! `measurement_files`: what came with comments, and how far its copying is.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::comment::{Attachment, FileCounts, FileKind, NotCopied};
use crate::domain::ids::{ChatId, CommentId, FileId, MeasurementId};

/// The channel of PostgreSQL that wakes the copying.
pub const CHANNEL: &str = "files";

/// A file as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub id: FileId,
    pub comment: CommentId,
    pub kind: FileKind,
    pub file_id: String,
    pub name: Option<String>,
    /// In bytes, where it is known.
    pub size: Option<i64>,
    /// The name of the copy, once there is one.
    pub sha256: Option<[u8; 32]>,
}

struct Row {
    id: i64,
    comment_id: i64,
    kind: String,
    file_id: String,
    name: Option<String>,
    size: Option<i64>,
    sha256: Option<Vec<u8>>,
}

impl TryFrom<Row> for File {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let corrupt = |what| StorageError::Corrupt { table: "measurement_files", id: row.id, what };
        let sha256 = row.sha256.map(<[u8; 32]>::try_from).transpose().map_err(|_| corrupt("sha256"))?;
        let kind = FileKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?;
        let (id, comment) = (FileId(row.id), CommentId(row.comment_id));
        Ok(Self { id, comment, kind, file_id: row.file_id, name: row.name, size: row.size, sha256 })
    }
}

/// Says whether it is new: each message brings a file once. One that is too big is kept as Telegram has it.
pub async fn insert(
    conn: &mut PgConnection,
    comment: CommentId,
    (chat, message_id): (ChatId, i32),
    file: &Attachment,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let is_too_big = file.is_too_big();
    let done = sqlx::query!(
        "insert into measurement_files (comment_id, chat_id, message_id, kind, file_id, file_unique_id, name, mime,
             size, next_attempt_at, last_error)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing",
        comment.0,
        chat.0,
        message_id,
        file.kind.as_str(),
        file.file_id,
        file.file_unique_id,
        file.name,
        file.mime,
        file.size,
        (!is_too_big).then_some(now),
        is_too_big.then_some(NotCopied::TooBig.as_str()),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("select pg_notify($1, '')", CHANNEL).fetch_one(conn).await?;
    Ok(done.rows_affected() > 0)
}

pub async fn count(conn: &mut PgConnection, measurement: MeasurementId) -> Result<FileCounts, StorageError> {
    let counts = sqlx::query_as!(
        FileCounts,
        r#"select count(*) as "all!",
                  count(*) filter (where copied_at is null and last_error is null) as "waiting!",
                  count(*) filter (where copied_at is null and last_error is not null) as "failed!"
           from measurement_files f join measurement_comments c on c.id = f.comment_id
           where c.measurement_id = $1"#,
        measurement.0,
    )
    .fetch_one(conn)
    .await?;
    Ok(counts)
}

/// Those of one measurement that have these ids, the oldest first.
pub async fn list(
    conn: &mut PgConnection,
    measurement: MeasurementId,
    ids: &[FileId],
) -> Result<Vec<File>, StorageError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        Row,
        "select f.id, f.comment_id, f.kind, f.file_id, f.name, f.size, f.sha256
         from measurement_files f join measurement_comments c on c.id = f.comment_id
         where f.id = any($2) and c.measurement_id = $1 order by f.id",
        measurement.0,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(File::try_from).collect()
}

/// What came with a comment, in the order of its messages.
pub async fn list_of_comment(conn: &mut PgConnection, comment: CommentId) -> Result<Vec<File>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        "select id, comment_id, kind, file_id, name, size, sha256 from measurement_files
         where comment_id = $1 order by message_id",
        comment.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(File::try_from).collect()
}

/// The newest before `before`, the newest first.
pub async fn page(
    conn: &mut PgConnection,
    measurement: MeasurementId,
    before: Option<FileId>,
    limit: i64,
) -> Result<Vec<(FileId, FileKind)>, StorageError> {
    let rows = sqlx::query!(
        "select f.id, f.kind from measurement_files f join measurement_comments c on c.id = f.comment_id
         where c.measurement_id = $1 and f.id < $2 order by f.id desc limit $3",
        measurement.0,
        before.map_or(i64::MAX, |id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    let known = |id, kind: &str| {
        let corrupt = StorageError::Corrupt { table: "measurement_files", id, what: "kind" };
        FileKind::parse(kind).map(|kind| (FileId(id), kind)).ok_or(corrupt)
    };
    rows.into_iter().map(|row| known(row.id, &row.kind)).collect()
}

/// A file to be copied now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub id: FileId,
    pub measurement_id: MeasurementId,
    pub file_id: String,
    pub attempts: i32,
}

/// Those that have waited longest come first.
pub async fn list_due(
    conn: &mut PgConnection,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Due>, StorageError> {
    let rows = sqlx::query!(
        "select f.id, c.measurement_id, f.file_id, f.attempts
         from measurement_files f join measurement_comments c on c.id = f.comment_id
         where f.copied_at is null and f.next_attempt_at <= $2
         order by f.next_attempt_at, f.id limit $1",
        limit,
        now,
    )
    .fetch_all(conn)
    .await?;
    let due = rows.into_iter().map(|row| Due {
        id: FileId(row.id),
        measurement_id: MeasurementId(row.measurement_id),
        file_id: row.file_id,
        attempts: row.attempts,
    });
    Ok(due.collect())
}

/// The whole content is in our storage under this name. A file that was copied already stays as it was.
pub async fn copied(
    conn: &mut PgConnection,
    id: FileId,
    sha256: &[u8; 32],
    size: i64,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update measurement_files
         set sha256 = $2, size = $3, copied_at = $4, attempts = attempts + 1, next_attempt_at = null, last_error = null
         where id = $1 and copied_at is null",
        id.0,
        sha256.as_slice(),
        size,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It is tried again then, or never.
pub async fn not_copied(
    conn: &mut PgConnection,
    id: FileId,
    why: NotCopied,
    again: Option<DateTime<Utc>>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update measurement_files set attempts = attempts + 1, next_attempt_at = $3, last_error = $2
         where id = $1 and copied_at is null",
        id.0,
        why.as_str(),
        again,
    )
    .execute(conn)
    .await?;
    Ok(())
}
