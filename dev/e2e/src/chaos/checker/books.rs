//! What the database holds, read as plain rows: nothing of the bot's own code explains them here.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};

#[derive(Debug, Clone, FromRow)]
pub struct Measurement {
    pub id: i64,
    pub lead_id: i64,
    /// A person asked for it; no entry of its deal opened it.
    pub is_of_person: bool,
    pub status: String,
    pub step: i32,
    pub measurer_id: Option<i64>,
    pub lead_name: String,
    pub address: Option<String>,
    /// As JSON text.
    pub phones: String,
}

#[derive(Debug, Clone, FromRow)]
pub struct Line {
    pub id: i64,
    pub measurement_id: i64,
    pub step: i32,
    pub at: DateTime<Utc>,
    pub actor_id: Option<i64>,
    pub what: String,
    /// Of an assignment: to whom, and from whom.
    pub to_id: Option<i64>,
    pub from_id: Option<i64>,
    /// Of a cancellation: it came from AmoCRM.
    pub is_of_amocrm: bool,
}

#[derive(Debug, Clone, FromRow)]
pub struct Notice {
    pub id: i64,
    pub chat_id: i64,
    pub user_id: Option<i64>,
    pub kind: String,
    pub history_id: Option<i64>,
    pub is_edit: bool,
    pub state: String,
}

/// A call to Telegram whose message is known.
#[derive(Debug, Clone, FromRow)]
pub struct Delivered {
    pub outbox: i64,
    pub chat: i64,
    pub message: i32,
}

#[derive(Debug, Clone, FromRow)]
pub struct Card {
    pub chat_id: i64,
    pub measurement_id: i64,
    pub message_id: i32,
    pub is_up_to_date: bool,
    pub is_live: bool,
}

#[derive(Debug, Clone, FromRow)]
pub struct User {
    pub id: i64,
    pub chat_id: i64,
    pub is_admin: bool,
}

#[derive(Debug, Clone, FromRow)]
pub struct Update {
    pub chat_id: i64,
    pub body: Vec<u8>,
    pub is_handled: bool,
    pub is_parked: bool,
}

/// Everything at one moment.
#[derive(Debug)]
pub struct Books {
    pub measurements: Vec<Measurement>,
    /// In the order in which they were written.
    pub history: Vec<Line>,
    pub notices: Vec<Notice>,
    pub delivered: Vec<Delivered>,
    pub cards: Vec<Card>,
    pub users: Vec<User>,
    pub updates: Vec<Update>,
    /// Of deals, as JSON text, for a person who looks for what went wrong.
    pub leads: Vec<(i64, String)>,
}

impl Books {
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn read(conn: &mut PgConnection) -> Result<Self> {
        Ok(Self {
            measurements: all(
                conn,
                "select id, lead_id, origin = 'person' as is_of_person, status, step, measurer_id, lead_name, address, phones::text as phones
                 from measurements order by id",
            )
            .await?,
            history: all(
                conn,
                "select id, measurement_id, step, at, actor_id, what,
                        case when what in ('assigned', 'reassigned') then (details ->> 'to')::bigint end as to_id,
                        case when what in ('reassigned', 'returned', 'declined') then (details ->> 'from')::bigint end as from_id,
                        what = 'cancelled' and actor = 'amocrm' as is_of_amocrm
                 from measurement_history order by id",
            )
            .await?,
            notices: all(
                conn,
                "select id, chat_id, user_id, kind, history_id,
                        edit_message_id is not null as is_edit, state
                 from outbox order by id",
            )
            .await?,
            delivered: all(
                conn,
                "select a.outbox_id as outbox, o.chat_id as chat, a.message_id as message
                 from outbox_attempts a join outbox o on o.id = a.outbox_id
                 where a.message_id is not null order by a.id",
            )
            .await?,
            cards: all(
                conn,
                "select chat_id, measurement_id, message_id, shown_version >= wanted_version as is_up_to_date,
                        ended_at is null as is_live
                 from cards where message_id is not null",
            )
            .await?,
            users: all(
                conn,
                "select u.id, c.chat_id, exists (
                     select from user_roles r where r.user_id = u.id and r.role = 'admin') as is_admin
                 from users u join chats c on c.user_id = u.id",
            )
            .await?,
            updates: all(
                conn,
                "select chat_id, coalesce(body, '') as body, handled_at is not null as is_handled,
                        parked_at is not null as is_parked
                 from telegram_updates",
            )
            .await?,
            leads: all(conn, "select lead_id, to_jsonb(leads)::text from leads").await?,
        })
    }

    pub fn chat_of(&self, user: i64) -> Option<i64> {
        self.users.iter().find(|known| known.id == user).map(|known| known.chat_id)
    }

    pub fn user_of(&self, chat: i64) -> Option<i64> {
        self.users.iter().find(|known| known.chat_id == chat).map(|known| known.id)
    }
}

async fn all<T>(conn: &mut PgConnection, query: &'static str) -> Result<Vec<T>>
where
    T: for<'r> FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
{
    sqlx::query_as(query).fetch_all(conn).await.with_context(|| format!("reading the books: {query}"))
}
