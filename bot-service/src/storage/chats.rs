//! `chats`: private chats with the bot, of people and of strangers.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{StorageError, one_row};
use crate::domain::ids::{ChatId, UserId};
use crate::domain::user::Language;

/// A chat as the rest of the service needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chat {
    pub chat_id: ChatId,
    /// Since when Telegram says that this person cannot be written to.
    pub unreachable_at: Option<DateTime<Utc>>,
}

/// What a chat turned out to be when somebody wrote in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    pub language: Language,
    /// Nobody had written here before.
    pub is_first: bool,
    /// What was meant for this chat has ended unsent.
    pub was_unreachable: bool,
}

/// Somebody wrote: the chat is known and reachable from now on. Its language is fixed the first time.
pub async fn contact(
    conn: &mut PgConnection,
    chat: ChatId,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Contact, StorageError> {
    let row = sqlx::query!(
        r#"
        with before as (select contacted_at, unreachable_at from chats where chat_id = $1)
        insert into chats (chat_id, language, contacted_at, created_at) values ($1, $2, $3, $3)
        on conflict (chat_id) do update set
            language = case when chats.contacted_at is null then excluded.language else chats.language end,
            contacted_at = coalesce(chats.contacted_at, excluded.contacted_at),
            unreachable_at = null
        returning language, (select contacted_at from before) is null as "is_first!",
                  (select unreachable_at from before) is not null as "was_unreachable!"
        "#,
        chat.0,
        language.as_str(),
        now,
    )
    .fetch_one(conn)
    .await?;
    let language = Language::parse(&row.language);
    let corrupt = StorageError::Corrupt { table: "chats", id: chat.0, what: "language" };
    let (is_first, was_unreachable) = (row.is_first, row.was_unreachable);
    Ok(Contact { language: language.ok_or(corrupt)?, is_first, was_unreachable })
}

/// Says whose chat this is.
pub async fn attach(
    conn: &mut PgConnection,
    chat: ChatId,
    user: UserId,
    language: Language,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    sqlx::query!(
        "insert into chats (chat_id, user_id, language, created_at) values ($1, $2, $3, $4)
         on conflict (chat_id) do update set user_id = excluded.user_id",
        chat.0,
        user.0,
        language.as_str(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn set_language(
    conn: &mut PgConnection,
    chat: ChatId,
    language: Language,
) -> Result<(), StorageError> {
    let done = sqlx::query!("update chats set language = $2 where chat_id = $1", chat.0, language.as_str())
        .execute(conn)
        .await?;
    one_row("chats", done.rows_affected())
}

pub async fn find_by_user(conn: &mut PgConnection, user: UserId) -> Result<Option<Chat>, StorageError> {
    let row = sqlx::query!("select chat_id, unreachable_at from chats where user_id = $1", user.0)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| Chat { chat_id: ChatId(row.chat_id), unreachable_at: row.unreachable_at }))
}

/// Whether an admin has written to the bot and can be reached: what is told before that reaches nobody.
pub async fn is_an_admin_in_touch(conn: &mut PgConnection) -> Result<bool, StorageError> {
    let is_so = sqlx::query_scalar!(
        r#"select exists (
               select 1 from user_roles r join chats c on c.user_id = r.user_id join users u on u.id = r.user_id
               where r.role = 'admin' and u.disabled_at is null and c.contacted_at is not null
                   and c.unreachable_at is null
           ) as "is_so!""#,
    )
    .fetch_one(conn)
    .await?;
    Ok(is_so)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::domain::user::Role;
    use crate::storage::outbox;
    use crate::testing::{at, person};

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_first_word_fixes_the_language_and_any_word_makes_reachable(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let chat = ChatId(5);
        let first = contact(conn, chat, Language::En, at(1)).await.unwrap();
        assert_eq!(first, Contact { language: Language::En, is_first: true, was_unreachable: false });
        outbox::mark_unreachable(conn, chat, at(2)).await.unwrap();
        let second = contact(conn, chat, Language::Ru, at(3)).await.unwrap();
        assert_eq!(second, Contact { language: Language::En, is_first: false, was_unreachable: true });

        let anna = person(conn, "Анна", Role::Admin).await;
        let known = find_by_user(conn, anna.id).await.unwrap().unwrap();
        let late = contact(conn, known.chat_id, Language::En, at(4)).await.unwrap();
        let expected = Contact { language: Language::En, is_first: true, was_unreachable: false };
        assert_eq!(late, expected, "made an admin before he wrote");
        outbox::mark_unreachable(conn, known.chat_id, at(5)).await.unwrap();
        assert_eq!(find_by_user(conn, anna.id).await.unwrap().unwrap().unreachable_at, Some(at(5)));
    }
}
