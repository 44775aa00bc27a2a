//! Which deals become measurements, where their facts stand and what time it is, as admins set it. A change counts on
//! every replica and from the next deal on.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{ActionError, Refused};
use crate::domain::audit::Change;
use crate::domain::permissions::{Area, check_area};
use crate::domain::setup::Intake;
use crate::domain::setup::{CHANNEL, SETTING, Setup, SetupChange};
use crate::domain::user::Actor;
use crate::storage::{StorageError, audit, proposals, settings};

mod fields;
mod stages;

pub use fields::{field, fields};
pub use stages::stages;

pub async fn find(conn: &mut PgConnection) -> Result<Setup, StorageError> {
    Ok(settings::find(conn, SETTING).await?.unwrap_or_default())
}

/// How deals become measurements today; `start` is how the service was started.
pub async fn intake(conn: &mut PgConnection, start: &Intake) -> Result<Intake, StorageError> {
    Ok(start.under(&find(conn).await?))
}

/// Changes one thing.
///
/// # Errors
///
/// Refused to who is not an admin, where it is so already, where AmoCRM has no such stage or field, and where a stage
/// would both open and end measurements, or none would open any.
pub async fn change(
    conn: &mut PgConnection,
    actor: &Actor,
    to: SetupChange,
    start: &Intake,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    check_area(actor, Area::Settings)?;
    // One at a time; and zones and dealers may stand elsewhere from now on.
    proposals::basis_changed(conn).await?;
    let before = find(conn).await?;
    let (after, name) = match to {
        SetupChange::Stage { role, stage, is_on } => {
            stages::changed(conn, &before, (role, stage, is_on), start).await?
        }
        SetupChange::Field { fact, choice } => fields::changed(conn, &before, (fact, choice)).await?,
        SetupChange::Timezone { to } => {
            (Setup { timezone: Some(to), ..before.clone() }, to.name().to_owned())
        }
    };
    if after == before {
        return Err(Refused::AlreadyDone.into());
    }
    settings::save(conn, SETTING, &after, now).await?;
    audit::append(conn, actor, None, &Change::SetupChanged { to, name }, now).await?;
    Ok(settings::announce(conn, CHANNEL).await?)
}

#[cfg(test)]
mod tests;
