//! `invites`: links that let one person in. The code itself is never stored.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::ids::UserId;
use crate::domain::invite::{Code, Invite};
use crate::domain::user::Role;

/// A stored invite with the role it gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    pub invite: Invite,
    pub role: Role,
    pub created_by: UserId,
}

pub async fn insert(
    conn: &mut PgConnection,
    code: &Code,
    role: Role,
    created_by: UserId,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "insert into invites (code_hash, role, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5)",
        &code.hash()[..],
        role.as_str(),
        created_by.0,
        now,
        now + crate::domain::invite::LIFETIME,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether this person has made an invite with this role after `since`, and nobody has come in by it yet.
pub async fn has_unspent(
    conn: &mut PgConnection,
    created_by: UserId,
    role: Role,
    since: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let found = sqlx::query_scalar!(
        r#"
        select exists(
            select from invites where created_by = $1 and role = $2 and created_at > $3 and used_at is null
        ) as "found!"
        "#,
        created_by.0,
        role.as_str(),
        since,
    )
    .fetch_one(conn)
    .await?;
    Ok(found)
}

/// Locks the invite, so that of two people who open one link at once the second finds it used.
pub async fn lock(conn: &mut PgConnection, code: &Code) -> Result<Option<Stored>, StorageError> {
    let row = sqlx::query!(
        "select role, created_by, expires_at, used_at from invites where code_hash = $1 for update",
        &code.hash()[..],
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let corrupt = StorageError::Corrupt { table: "invites", id: row.created_by, what: "role" };
        Ok(Stored {
            invite: Invite { expires_at: row.expires_at, is_used: row.used_at.is_some() },
            role: Role::parse(&row.role).ok_or(corrupt)?,
            created_by: UserId(row.created_by),
        })
    })
    .transpose()
}

pub async fn spend(
    conn: &mut PgConnection,
    code: &Code,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let done = sqlx::query!(
        "update invites set used_by = $2, used_at = $3 where code_hash = $1 and used_at is null",
        &code.hash()[..],
        user.0,
        now,
    )
    .execute(conn)
    .await?;
    one_row("invites", done.rows_affected())
}
