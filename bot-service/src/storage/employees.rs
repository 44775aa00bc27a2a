//! `amo_users` as people of the bot see it: employees to link a person to.

use shared::ids::AmoUserId;
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::user::{Name, User};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employee {
    pub id: AmoUserId,
    pub name: String,
    pub is_likely: bool,
}

/// By what a person is recognised among employees. Lower case.
#[derive(Clone, PartialEq, Eq)]
pub struct Traits {
    /// Both orders of first and last name.
    names: [String; 2],
    /// In E.164.
    phone: Option<String>,
    /// His name in Telegram, which some people have as their e-mail too: letters and digits alone.
    nickname: Option<String>,
}

impl Traits {
    pub fn of(user: &User) -> Self {
        let Name { first, last } = &user.name;
        let turned = last.as_ref().map_or_else(|| first.clone(), |last| format!("{last} {first}"));
        let letters = |name: &String| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        Self {
            names: [user.name.full().to_lowercase(), turned.to_lowercase()],
            phone: user.phone.clone(),
            nickname: user.username.as_ref().map(letters).map(|name| name.to_lowercase()),
        }
    }
}

/// Active employees whom nobody with access is linked to, the likely ones first, then by name.
pub async fn list_free(
    conn: &mut PgConnection,
    traits: &Traits,
    offset: i64,
    limit: i64,
) -> Result<Vec<Employee>, StorageError> {
    let rows = sqlx::query!(
        r#"
        select amo_user_id, name,
               lower(name) = any($1) or coalesce(phone = $2, false)
                   or coalesce(lower(regexp_replace(split_part(email, '@', 1), '[^[:alnum:]]', '', 'g')) = $3, false)
                   as "is_likely!"
        from amo_users a
        where is_active
          and not exists(select from users u where u.amo_user_id = a.amo_user_id and u.disabled_at is null)
        order by 3 desc, lower(name), amo_user_id offset $4 limit $5
        "#,
        &traits.names[..],
        traits.phone,
        traits.nickname,
        offset,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let employee = |id, name, is_likely| Employee { id: AmoUserId(id), name, is_likely };
    Ok(rows.into_iter().map(|row| employee(row.amo_user_id, row.name, row.is_likely)).collect())
}

/// Free employees with these words in their name or e-mail, by name.
pub async fn search_free(
    conn: &mut PgConnection,
    words: &str,
    limit: i64,
) -> Result<Vec<Employee>, StorageError> {
    let rows = sqlx::query!(
        "select amo_user_id, name from amo_users a
         where is_active and (strpos(lower(name), lower($1)) > 0 or strpos(lower(email), lower($1)) > 0)
           and not exists(select from users u where u.amo_user_id = a.amo_user_id and u.disabled_at is null)
         order by lower(name), amo_user_id limit $2",
        words,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let employee = |id, name| Employee { id: AmoUserId(id), name, is_likely: false };
    Ok(rows.into_iter().map(|row| employee(row.amo_user_id, row.name)).collect())
}

/// The only free employee with this number, if there is exactly one.
pub async fn find_free_by_phone(
    conn: &mut PgConnection,
    phone: &str,
) -> Result<Option<Employee>, StorageError> {
    let rows = sqlx::query!(
        "select amo_user_id, name from amo_users a
         where is_active and phone = $1
           and not exists(select from users u where u.amo_user_id = a.amo_user_id and u.disabled_at is null)
         limit 2",
        phone,
    )
    .fetch_all(conn)
    .await?;
    let only = <[_; 1]>::try_from(rows).ok();
    Ok(only.map(|[row]| Employee { id: AmoUserId(row.amo_user_id), name: row.name, is_likely: true }))
}

/// Whether the list was ever received.
pub async fn are_known(conn: &mut PgConnection) -> Result<bool, StorageError> {
    let known =
        sqlx::query_scalar!(r#"select exists(select from amo_users) as "known!""#).fetch_one(conn).await?;
    Ok(known)
}

pub async fn find_name(conn: &mut PgConnection, id: AmoUserId) -> Result<Option<String>, StorageError> {
    let name = sqlx::query_scalar!("select name from amo_users where amo_user_id = $1", id.0)
        .fetch_optional(conn)
        .await?;
    Ok(name)
}

/// Wakes the leader's job that mirrors AmoCRM's lists, once this transaction commits.
pub async fn ask_for_list(conn: &mut PgConnection) -> Result<(), StorageError> {
    sqlx::query!("select pg_notify($1, '')", super::amo_directory::CHANNEL).execute(conn).await?;
    Ok(())
}
