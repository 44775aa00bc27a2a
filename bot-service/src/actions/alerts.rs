//! What admins and supervisors must know besides measurements.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::views::Alert;
use crate::domain::ids::UserId;
use crate::storage::{StorageError, outbox, users};

/// Tells all of them, except the one whom it is about.
pub async fn tell_office_but(
    conn: &mut PgConnection,
    except: Option<UserId>,
    alert: &Alert,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    for person in users::list_office(conn).await?.distributing {
        if Some(person) != except {
            outbox::enqueue_alert(conn, person, alert, now).await?;
        }
    }
    Ok(())
}

/// Tells all of them.
pub async fn tell_office(
    conn: &mut PgConnection,
    alert: &Alert,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    tell_office_but(conn, None, alert, now).await
}
