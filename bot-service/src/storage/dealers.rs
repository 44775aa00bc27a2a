//! `dealers`: who sells for us, and the measurer whom his customers get; and `dealer_names`, how else he is written.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::ids::{DealerId, UserId};
use crate::domain::user::Name;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dealer {
    pub id: DealerId,
    pub name: String,
    pub measurer: Option<(UserId, Name)>,
}

struct Row {
    id: i64,
    name: String,
    measurer_id: Option<i64>,
    first_name: Option<String>,
    last_name: Option<String>,
}

impl From<Row> for Dealer {
    fn from(row: Row) -> Self {
        let name = row.first_name.map(|first| Name { first, last: row.last_name });
        let measurer = row.measurer_id.map(UserId).zip(name);
        Self { id: DealerId(row.id), name: row.name, measurer }
    }
}

pub async fn are_there(conn: &mut PgConnection) -> Result<bool, StorageError> {
    let exists = sqlx::query_scalar!(r#"select exists(select from dealers) as "exists!""#);
    Ok(exists.fetch_one(conn).await?)
}

/// By name.
pub async fn list(conn: &mut PgConnection, offset: i64, limit: i64) -> Result<Vec<Dealer>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select d.id, d.name, d.measurer_id, u.first_name as "first_name?", u.last_name
           from dealers d left join users u on u.id = d.measurer_id order by d.name, d.id offset $1 limit $2"#,
        offset,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Dealer::from).collect())
}

pub async fn find(conn: &mut PgConnection, id: DealerId) -> Result<Option<Dealer>, StorageError> {
    let row = sqlx::query_as!(
        Row,
        r#"select d.id, d.name, d.measurer_id, u.first_name as "first_name?", u.last_name
           from dealers d left join users u on u.id = d.measurer_id where d.id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Dealer::from))
}

/// The dealers whose customers somebody gets, by name.
pub async fn list_of_measurer(conn: &mut PgConnection, user: UserId) -> Result<Vec<String>, StorageError> {
    let names = sqlx::query_scalar!("select name from dealers where measurer_id = $1 order by name", user.0);
    Ok(names.fetch_all(conn).await?)
}

/// The dealer with this name, made if there is none.
pub async fn ensure(
    conn: &mut PgConnection,
    (normal, name): (&str, &str),
    now: DateTime<Utc>,
) -> Result<DealerId, StorageError> {
    let id = sqlx::query_scalar!(
        "insert into dealers (normal, name, created_at) values ($1, $2, $3)
         on conflict (normal) do update set normal = excluded.normal returning id",
        normal,
        name,
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(DealerId(id))
}

/// Whose name this is, his own or one that he has besides.
pub async fn find_by_spelling(
    conn: &mut PgConnection,
    normal: &str,
) -> Result<Option<DealerId>, StorageError> {
    let id = sqlx::query_scalar!(
        r#"select id as "id!" from dealers where normal = $1
           union all
           select dealer_id from dealer_names where normal = $1 limit 1"#,
        normal,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(DealerId))
}

/// How else he is written.
pub async fn list_spellings(conn: &mut PgConnection, id: DealerId) -> Result<Vec<String>, StorageError> {
    let names = sqlx::query_scalar!("select name from dealer_names where dealer_id = $1 order by name", id.0);
    Ok(names.fetch_all(conn).await?)
}

/// A name that he had besides becomes his own.
///
/// # Errors
///
/// With the constraint `dealers_normal_key` if another dealer is called so.
pub async fn rename(
    conn: &mut PgConnection,
    id: DealerId,
    (normal, name): (&str, &str),
) -> Result<(), StorageError> {
    let done = sqlx::query!(
        "with besides as (delete from dealer_names where dealer_id = $1 and normal = $2)
         update dealers set normal = $2, name = $3 where id = $1",
        id.0,
        normal,
        name,
    )
    .execute(conn)
    .await?;
    one_row("dealers", done.rows_affected())
}

/// The names of a dealer become another one's, and so does his measurer where the other has none; he is gone.
pub async fn merge(conn: &mut PgConnection, id: DealerId, into: DealerId) -> Result<(), StorageError> {
    sqlx::query!("update dealer_names set dealer_id = $2 where dealer_id = $1", id.0, into.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "with named as (
             insert into dealer_names (normal, name, dealer_id) select normal, name, $2 from dealers where id = $1)
         update dealers d set measurer_id = coalesce(d.measurer_id, other.measurer_id)
         from dealers other where d.id = $2 and other.id = $1",
        id.0,
        into.0,
    )
    .execute(&mut *conn)
    .await?;
    remove(conn, id).await
}

/// Returns whether that changes anything.
pub async fn set_measurer(
    conn: &mut PgConnection,
    id: DealerId,
    measurer: Option<UserId>,
) -> Result<bool, StorageError> {
    let done = sqlx::query!(
        "update dealers set measurer_id = $2 where id = $1 and measurer_id is distinct from $2",
        id.0,
        measurer.map(|user| user.0),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub async fn remove(conn: &mut PgConnection, id: DealerId) -> Result<(), StorageError> {
    let done = sqlx::query!("delete from dealers where id = $1", id.0).execute(conn).await?;
    one_row("dealers", done.rows_affected())
}
