//! How work is given out, as admins set it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{ActionError, Refused, proposals as proposing};
use crate::domain::audit::Change;
use crate::domain::dispatch::{Dispatch, DispatchChange, SETTING};
use crate::domain::permissions::{Area, check_area};
use crate::domain::user::Actor;
use crate::storage::{audit, proposals, settings};

/// # Errors
///
/// Refused to who is not an admin.
pub async fn settings(conn: &mut PgConnection, actor: &Actor) -> Result<Dispatch, ActionError> {
    check_area(actor, Area::Settings)?;
    Ok(proposing::dispatch(conn).await?)
}

/// Changes one thing, for every replica and from the next deal on.
///
/// # Errors
///
/// As [`settings()`], and refused where it is so already.
pub async fn change(
    conn: &mut PgConnection,
    actor: &Actor,
    to: DispatchChange,
    now: DateTime<Utc>,
) -> Result<Dispatch, ActionError> {
    check_area(actor, Area::Settings)?;
    // One at a time: each changes what the one before has left.
    proposals::basis_changed(conn).await?;
    let before = proposing::dispatch(conn).await?;
    let after = before.changed(to);
    if after == before {
        return Err(Refused::AlreadyDone.into());
    }
    settings::save(conn, SETTING, &after, now).await?;
    audit::append(conn, actor, None, &Change::SettingChanged { to }, now).await?;
    Ok(after)
}
