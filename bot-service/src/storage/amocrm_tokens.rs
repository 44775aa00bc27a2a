//! `amocrm_tokens`: the one pair of an integration with OAuth. Leases are by the database's own clock.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;

use super::StorageError;

/// Deliberately without a way to see the tokens by accident.
#[derive(Debug, Clone)]
pub struct Pair {
    pub version: i64,
    pub refresh: SecretString,
    pub access: Option<SecretString>,
    /// Of the access token.
    pub expires_at: Option<DateTime<Utc>>,
    pub received_at: Option<DateTime<Utc>>,
    pub is_refused: bool,
    /// Refused for so long that another replica's answer is not on its way any more.
    pub is_lost: bool,
}

/// A pair that AmoCRM has just given.
#[derive(Debug)]
pub struct NewPair {
    pub refresh: SecretString,
    pub access: SecretString,
    pub expires_at: DateTime<Utc>,
}

/// Begins with a refresh token of the settings, unless it is one that was there before.
pub async fn plant(
    conn: &mut PgConnection,
    refresh: &SecretString,
    access: Option<&SecretString>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "insert into amocrm_tokens as old (id, refresh_token, access_token, seeds)
         values (1, $1, $2, array[encode(sha256(convert_to($1, 'UTF8')), 'hex')])
         on conflict (id) do update set
             version = old.version + 1, refresh_token = excluded.refresh_token,
             access_token = excluded.access_token, expires_at = null, received_at = null,
             refreshing_since = null, refused_at = null, seeds = old.seeds || excluded.seeds
         where not old.seeds @> excluded.seeds",
        refresh.expose_secret(),
        access.map(ExposeSecret::expose_secret),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection) -> Result<Option<Pair>, StorageError> {
    let row = sqlx::query!(
        r#"select version, refresh_token, access_token, expires_at, received_at,
                  refused_at is not null as "is_refused!",
                  coalesce(refused_at < clock_timestamp() - interval '60 seconds', false) as "is_lost!"
           from amocrm_tokens"#
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Pair {
        version: row.version,
        refresh: row.refresh_token.into(),
        access: row.access_token.map(SecretString::from),
        expires_at: row.expires_at,
        received_at: row.received_at,
        is_refused: row.is_refused,
        is_lost: row.is_lost,
    }))
}

/// Whether the caller is the one who refreshes this pair. Whoever claimed it and died is waited for; a refused
/// one is tried again now and then.
pub async fn claim(conn: &mut PgConnection, version: i64) -> Result<bool, StorageError> {
    let done = sqlx::query!(
        "update amocrm_tokens set refreshing_since = clock_timestamp()
         where version = $1 and (refreshing_since is null or refreshing_since < clock_timestamp()
             - case when refused_at is null then interval '45 seconds' else interval '10 minutes' end)",
        version,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stores what was received for this version; `false` if another pair has taken its place meanwhile.
pub async fn store(
    conn: &mut PgConnection,
    version: i64,
    pair: &NewPair,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let done = sqlx::query!(
        "update amocrm_tokens set
             version = version + 1, refresh_token = $2, access_token = $3, expires_at = $4, received_at = $5,
             refreshing_since = null, refused_at = null
         where version = $1",
        version,
        pair.refresh.expose_secret(),
        pair.access.expose_secret(),
        pair.expires_at,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// There was no answer: it may be tried again at once.
pub async fn release(conn: &mut PgConnection, version: i64) -> Result<(), StorageError> {
    sqlx::query!("update amocrm_tokens set refreshing_since = null where version = $1", version)
        .execute(conn)
        .await?;
    Ok(())
}

/// AmoCRM refuses the refresh token.
pub async fn refuse(conn: &mut PgConnection, version: i64) -> Result<(), StorageError> {
    sqlx::query!(
        "update amocrm_tokens set refused_at = coalesce(refused_at, clock_timestamp()) where version = $1",
        version,
    )
    .execute(conn)
    .await?;
    Ok(())
}
