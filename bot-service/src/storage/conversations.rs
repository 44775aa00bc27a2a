//! `conversations`: the question that a chat was asked last.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StorageError;
use crate::domain::conversation::{Flow, LIFETIME};
use crate::domain::ids::ChatId;

/// Takes the place of an earlier question.
pub async fn ask(
    conn: &mut PgConnection,
    chat: ChatId,
    flow: &Flow,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let flow = serde_json::to_value(flow).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        "insert into conversations (chat_id, flow, expires_at) values ($1, $2, $3)
         on conflict (chat_id) do update set flow = excluded.flow, expires_at = excluded.expires_at",
        chat.0,
        flow,
        now + LIFETIME,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The question that still waits for an answer.
pub async fn find(
    conn: &mut PgConnection,
    chat: ChatId,
    now: DateTime<Utc>,
) -> Result<Option<Flow>, StorageError> {
    let flow = sqlx::query_scalar!(
        "select flow from conversations where chat_id = $1 and expires_at > $2",
        chat.0,
        now
    )
    .fetch_optional(conn)
    .await?;
    Ok(flow.and_then(|flow| serde_json::from_value(flow).ok()))
}

/// Ends the chat's question. Returns it if it still waits for words; a question of another version is none.
pub async fn take(
    conn: &mut PgConnection,
    chat: ChatId,
    now: DateTime<Utc>,
) -> Result<Option<Flow>, StorageError> {
    let row = sqlx::query!("delete from conversations where chat_id = $1 returning flow, expires_at", chat.0)
        .fetch_optional(conn)
        .await?;
    let alive = row.filter(|row| row.expires_at > now);
    Ok(alive.and_then(|row| serde_json::from_value(row.flow).ok()))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use sqlx::PgPool;

    use super::*;
    use crate::domain::ids::UserId;
    use crate::domain::user::Language;
    use crate::storage::chats;
    use crate::testing::at;

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_last_question_is_answered_once_and_in_time(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let chat = ChatId(5);
        chats::contact(conn, chat, Language::Ru, at(0)).await.unwrap();
        let [first, second] = [1, 2].map(|user| Flow::FindEmployee { user: UserId(user) });
        ask(conn, chat, &first, at(1)).await.unwrap();
        ask(conn, chat, &second, at(2)).await.unwrap();
        assert_eq!(take(conn, chat, at(3)).await.unwrap(), Some(second));
        assert_eq!(take(conn, chat, at(3)).await.unwrap(), None);
        ask(conn, chat, &first, at(4)).await.unwrap();
        assert_eq!(take(conn, chat, at(4) + LIFETIME + TimeDelta::seconds(1)).await.unwrap(), None);
        sqlx::query("insert into conversations values (5, '{\"flow\": \"of tomorrow\"}', $1)")
            .bind(at(99))
            .execute(&mut *conn)
            .await
            .unwrap();
        assert_eq!(take(conn, chat, at(5)).await.unwrap(), None);
    }
}
