//! What was changed of people, and by whom.

use sqlx::PgConnection;

use crate::actions::names::Names;
use crate::actions::views::{AuditRow, AuditView, CHANGES_A_PAGE};
use crate::actions::{ActionError, paging};
use crate::domain::audit::{AuditLine, Change};
use crate::domain::ids::{AuditId, UserId};
use crate::domain::permissions::{Area, check_area};
use crate::domain::user::Actor;
use crate::storage::{StorageError, audit};

/// A page of changes, the latest first: of one person, or of all.
///
/// # Errors
///
/// Refused to who does not look after people.
pub async fn changes(
    conn: &mut PgConnection,
    actor: &Actor,
    subject: Option<UserId>,
    before: Option<AuditId>,
) -> Result<AuditView, ActionError> {
    check_area(actor, Area::People)?;
    let mut lines = audit::list(conn, subject, before, i64::from(CHANGES_A_PAGE) + 1).await?;
    let has_next = paging::cut(&mut lines, CHANGES_A_PAGE);
    let next = lines.last().filter(|_| has_next).map(|line| line.id);
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        rows.push(row(conn, &mut names, line).await?);
    }
    Ok(AuditView { subject, rows, is_first: before.is_none(), next })
}

async fn row(conn: &mut PgConnection, names: &mut Names, line: AuditLine) -> Result<AuditRow, StorageError> {
    let to = match line.change {
        Change::Disabled { to, .. } | Change::HandedOver { to, .. } => to,
        _ => None,
    };
    Ok(AuditRow {
        at: line.at,
        actor: names.of(conn, line.actor).await?,
        subject: names.of(conn, line.subject).await?,
        to: names.of(conn, to).await?,
        change: line.change,
    })
}
