//! What admins must know besides measurements.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::views::Alert;
use crate::domain::ids::UserId;
use crate::domain::user::Role;
use crate::storage::{StorageError, outbox, users};

/// Tells every admin, except the one whom it is about.
pub async fn tell_admins_but(
    conn: &mut PgConnection,
    except: Option<UserId>,
    alert: &Alert,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    for admin in users::list_ids_by_role(conn, Role::Admin).await? {
        if Some(admin) != except {
            outbox::enqueue_alert(conn, admin, alert, now).await?;
        }
    }
    Ok(())
}

/// Tells every admin.
pub async fn tell_admins(
    conn: &mut PgConnection,
    alert: &Alert,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    tell_admins_but(conn, None, alert, now).await
}
