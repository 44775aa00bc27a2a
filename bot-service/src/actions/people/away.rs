//! Days off: who has one is proposed for nothing, and stands last where a person chooses.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::actions::{ActionError, Refused};
use crate::domain::audit::Change;
use crate::domain::ids::UserId;
use crate::domain::permissions::{Area, check_area};
use crate::domain::user::{Actor, Role, User};
use crate::storage::{audit, proposals, users};

/// Gives a measurer days off until a moment, or ends them. His open visits stay his.
///
/// # Errors
///
/// Refused to who does not look after people, and for who is no measurer.
pub async fn set_away(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<User, ActionError> {
    check_area(actor, Area::People)?;
    proposals::basis_changed(conn).await?;
    let user = users::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    if !user.actor().roles.has(Role::Measurer) {
        return Err(Refused::MeasurerUnavailable.into());
    }
    if user.away_until.filter(|at| *at > now) == until {
        return Err(Refused::AlreadyDone.into());
    }
    users::set_away(conn, id, until).await?;
    audit::append(conn, actor, Some(id), &Change::Away { until }, now).await?;
    Ok(User { away_until: until, ..user })
}
