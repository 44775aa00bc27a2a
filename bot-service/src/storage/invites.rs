//! `invites`, `invite_uses`: links that let people in. The code itself is never stored.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::ids::{InviteId, UserId};
use crate::domain::invite::{Code, Invite, Terms};
use crate::domain::user::{Actor, Name, Role};

/// A stored invite with the role it gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    pub id: InviteId,
    pub invite: Invite,
    pub role: Role,
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
}

struct Row {
    id: i64,
    role: String,
    created_by: i64,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    max_uses: Option<i32>,
    uses: i32,
    revoked_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Stored {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let corrupt = StorageError::Corrupt { table: "invites", id: row.id, what: "role" };
        let Row { expires_at, max_uses, uses, .. } = row;
        Ok(Self {
            id: InviteId(row.id),
            invite: Invite { expires_at, max_uses, uses, is_revoked: row.revoked_at.is_some() },
            role: Role::parse(&row.role).ok_or(corrupt)?,
            created_by: UserId(row.created_by),
            created_at: row.created_at,
        })
    }
}

pub async fn insert(
    conn: &mut PgConnection,
    code: &Code,
    role: Role,
    terms: Terms,
    created_by: UserId,
    now: DateTime<Utc>,
) -> Result<InviteId, StorageError> {
    let id = sqlx::query_scalar!(
        "insert into invites (code_hash, role, created_by, created_at, expires_at, max_uses)
         values ($1, $2, $3, $4, $5, $6) returning id",
        &code.hash()[..],
        role.as_str(),
        created_by.0,
        now,
        now + terms.lifetime(),
        terms.max_uses,
    )
    .fetch_one(conn)
    .await?;
    Ok(InviteId(id))
}

/// Whether this person has made such an invite after `since`, and nobody has come in by it yet.
pub async fn has_unspent(
    conn: &mut PgConnection,
    created_by: UserId,
    role: Role,
    terms: Terms,
    since: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let found = sqlx::query_scalar!(
        r#"
        select exists(
            select from invites
            where created_by = $1 and role = $2 and created_at > $3 and uses = 0 and revoked_at is null
              and max_uses is not distinct from $4 and expires_at - created_at = make_interval(days => $5)
        ) as "found!"
        "#,
        created_by.0,
        role.as_str(),
        since,
        terms.max_uses,
        i32::try_from(terms.days).unwrap_or(i32::MAX),
    )
    .fetch_one(conn)
    .await?;
    Ok(found)
}

/// Locks the invite, so that of two people who open one link at once the second finds it used.
pub async fn lock(conn: &mut PgConnection, code: &Code) -> Result<Option<Stored>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        "select id, role, created_by, created_at, expires_at, max_uses, uses, revoked_at
         from invites where code_hash = $1 for update",
        &code.hash()[..],
    )
    .fetch_optional(conn)
    .await?;
    row.map(Stored::try_from).transpose()
}

pub async fn find(conn: &mut PgConnection, id: InviteId) -> Result<Option<Stored>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        "select id, role, created_by, created_at, expires_at, max_uses, uses, revoked_at
         from invites where id = $1",
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Stored::try_from).transpose()
}

/// Locks it until the transaction ends.
pub async fn lock_by_id(conn: &mut PgConnection, id: InviteId) -> Result<Option<Stored>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        "select id, role, created_by, created_at, expires_at, max_uses, uses, revoked_at
         from invites where id = $1 for update",
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Stored::try_from).transpose()
}

pub async fn spend(
    conn: &mut PgConnection,
    id: InviteId,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let done =
        sqlx::query!("update invites set uses = uses + 1 where id = $1", id.0).execute(&mut *conn).await?;
    one_row("invites", done.rows_affected())?;
    sqlx::query!(
        "insert into invite_uses (invite_id, user_id, used_at) values ($1, $2, $3)",
        id.0,
        user.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn revoke(
    conn: &mut PgConnection,
    id: InviteId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let done = sqlx::query!(
        "update invites set revoked_at = $2, revoked_by = $3 where id = $1 and revoked_at is null",
        id.0,
        now,
        by.id.0,
    )
    .execute(conn)
    .await?;
    one_row("invites", done.rows_affected())
}

/// The newest invites before `before`.
pub async fn list(
    conn: &mut PgConnection,
    before: Option<InviteId>,
    limit: i64,
) -> Result<Vec<Stored>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        "select id, role, created_by, created_at, expires_at, max_uses, uses, revoked_at
         from invites where id < $1 order by id desc limit $2",
        before.map_or(i64::MAX, |id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// Who came in by it, the latest first.
pub async fn list_uses(
    conn: &mut PgConnection,
    id: InviteId,
    limit: i64,
) -> Result<Vec<(Name, DateTime<Utc>)>, StorageError> {
    let rows = sqlx::query!(
        "select u.first_name, u.last_name, i.used_at
         from invite_uses i join users u on u.id = i.user_id
         where i.invite_id = $1 order by i.used_at desc, u.id limit $2",
        id.0,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let used = |first, last, at| (Name { first, last }, at);
    Ok(rows.into_iter().map(|row| used(row.first_name, row.last_name, row.used_at)).collect())
}
