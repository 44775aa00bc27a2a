//! Bodies of webhooks that are to be sent again. A body that comes back meanwhile, unreadable as before, has raised
//! `arrivals`, and what comes of the older sending says nothing of it.

use sqlx::PgConnection;

use crate::domain::failures::NotSent;
use crate::domain::ids::ParkedId;
use crate::storage::StorageError;

/// A body on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub id: ParkedId,
    pub arrivals: i32,
    pub content_type: Option<String>,
    pub body: Vec<u8>,
}

/// Has the leader send the body again.
pub async fn send(conn: &mut PgConnection, id: ParkedId) -> Result<(), StorageError> {
    sqlx::query!("update parked_messages set state = 'sending' where id = $1", id.0).execute(conn).await?;
    Ok(())
}

/// The oldest body that is to be sent again.
pub async fn due(conn: &mut PgConnection) -> Result<Option<Outgoing>, StorageError> {
    let row = sqlx::query!(
        r#"select id, arrivals, content_type, body as "body!"
           from parked_messages where state = 'sending' order by id limit 1"#,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Outgoing {
        id: ParkedId(row.id),
        arrivals: row.arrivals,
        content_type: row.content_type,
        body: row.body,
    }))
}

/// ingest-service has it.
pub async fn sent(conn: &mut PgConnection, outgoing: &Outgoing) -> Result<(), StorageError> {
    sqlx::query!(
        "update parked_messages set state = 'done', body = null, last_error = null
         where id = $1 and state = 'sending' and arrivals = $2",
        outgoing.id.0,
        outgoing.arrivals,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It is where it was.
pub async fn not_sent(
    conn: &mut PgConnection,
    outgoing: &Outgoing,
    why: NotSent,
) -> Result<(), StorageError> {
    sqlx::query!(
        "update parked_messages set state = 'parked', last_error = $3
         where id = $1 and state = 'sending' and arrivals = $2",
        outgoing.id.0,
        outgoing.arrivals,
        why.to_text(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
