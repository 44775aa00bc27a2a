//! `searches`: what was looked for last in a chat, for the buttons of its pages.

use std::fmt;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::ids::{ChatId, SearchId};

/// As it was typed. Never in a log.
pub struct Search {
    pub id: SearchId,
    pub words: String,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Search").field(&self.id.0).finish()
    }
}

/// Remembers it instead of the one before, under a number that no search had.
pub async fn save(
    conn: &mut PgConnection,
    chat: ChatId,
    words: &str,
    now: DateTime<Utc>,
) -> Result<SearchId, StorageError> {
    let id = sqlx::query_scalar!(
        "insert into searches (chat_id, words, at) values ($1, $2, $3)
         on conflict (chat_id) do update set number = default, words = excluded.words, at = excluded.at
         returning number",
        chat.0,
        words,
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(SearchId(id))
}

/// The chat's search of this number, unless there was another one since or its words are erased.
pub async fn find(
    conn: &mut PgConnection,
    chat: ChatId,
    id: SearchId,
) -> Result<Option<Search>, StorageError> {
    let words =
        sqlx::query_scalar!("select words from searches where chat_id = $1 and number = $2", chat.0, id.0)
            .fetch_optional(conn)
            .await?;
    Ok(words.map(|words| Search { id, words }))
}

/// Forgets what was looked for before this moment; how much that was.
pub async fn erase(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, StorageError> {
    let done = sqlx::query!("delete from searches where at < $1", before).execute(conn).await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::domain::user::Role;
    use crate::testing::{at, person};

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_chat_has_one_search_and_it_is_forgotten_in_time(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let chats = [person(conn, "Анна", Role::Admin).await, person(conn, "Иван", Role::Measurer).await];
        let [anna, ivan] = chats.map(|actor| ChatId(1_000 + actor.id.0));
        let first = save(conn, anna, "Иванов", at(1)).await.unwrap();
        let other = save(conn, ivan, "4567", at(2)).await.unwrap();
        let second = save(conn, anna, "Петров", at(3)).await.unwrap();
        assert!(find(conn, anna, first).await.unwrap().is_none(), "there was another one since");
        assert!(find(conn, anna, other).await.unwrap().is_none(), "it is somebody else's");
        let found = find(conn, anna, second).await.unwrap().unwrap();
        assert_eq!(found.words, "Петров");
        assert!(!format!("{found:?}").contains("Петров"));
        assert_eq!(erase(conn, at(3)).await.unwrap(), 1);
        assert!(find(conn, ivan, other).await.unwrap().is_none());
        assert!(find(conn, anna, second).await.unwrap().is_some());
    }
}
