//! Invite links: made by an admin or a supervisor, spent by whoever opens them first.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::views::{Alert, CHANGES_A_PAGE, InviteRow, InviteView, InvitesView};
use super::{ActionError, DOUBLE_TAP, Refused, alerts, paging};
use crate::domain::audit::Change;
use crate::domain::ids::{ChatId, InviteId};
use crate::domain::invite::{Code, InviteRefusal, Terms};
use crate::domain::permissions::{Area, check_access, check_area};
use crate::domain::user::{Actor, Role, Roles, User};
use crate::storage::invites::Stored;
use crate::storage::users::NewUser;
use crate::storage::{audit, chats, invites, outbox, proposals, users};

/// So many of those who came in by an invite are named.
const USES_SHOWN: i64 = 20;

/// Makes a link's code. `random` is 16 bytes that nobody can guess.
///
/// # Errors
///
/// Refused to who may not give this role, and to one who has tapped twice: the other link would let one more person in.
pub async fn create(
    conn: &mut PgConnection,
    actor: &Actor,
    role: Role,
    terms: Terms,
    random: [u8; 16],
    now: DateTime<Utc>,
) -> Result<(Code, InviteId), ActionError> {
    check_access(actor, Roles::NONE.with(role))?;
    if !terms.is_offered() {
        return Err(Refused::Unknown.into());
    }
    if invites::has_unspent(conn, actor.id, role, terms, now - DOUBLE_TAP).await? {
        return Err(Refused::AlreadyDone.into());
    }
    let code = Code::from_random(random);
    let id = invites::insert(conn, &code, role, terms, actor.id, now).await?;
    audit::append(conn, actor, None, &Change::InviteMade { role, uses: terms.max_uses }, now).await?;
    Ok((code, id))
}

/// Ends a link.
///
/// # Errors
///
/// Refused to who may not give its role, and where it is over already.
pub async fn revoke(
    conn: &mut PgConnection,
    actor: &Actor,
    id: InviteId,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    check_area(actor, Area::People)?;
    let stored = invites::lock_by_id(conn, id).await?.ok_or(Refused::Unknown)?;
    check_access(actor, Roles::NONE.with(stored.role))?;
    if stored.invite.check(now).is_err() {
        return Err(Refused::AlreadyDone.into());
    }
    invites::revoke(conn, id, actor, now).await?;
    Ok(audit::append(conn, actor, None, &Change::InviteRevoked { role: stored.role }, now).await?)
}

/// A page of invites, the newest first.
///
/// # Errors
///
/// Refused to who does not look after people.
pub async fn list(
    conn: &mut PgConnection,
    actor: &Actor,
    before: Option<InviteId>,
    now: DateTime<Utc>,
) -> Result<InvitesView, ActionError> {
    check_area(actor, Area::People)?;
    let mut stored = invites::list(conn, before, i64::from(CHANGES_A_PAGE) + 1).await?;
    let has_next = paging::cut(&mut stored, CHANGES_A_PAGE);
    let next = stored.last().filter(|_| has_next).map(|last| last.id);
    let rows = stored.iter().map(|stored| row(stored, now)).collect();
    Ok(InvitesView { rows, is_first: before.is_none(), next })
}

/// One invite with who came in by it.
///
/// # Errors
///
/// Refused to who does not look after people, and for an unknown invite.
pub async fn view(
    conn: &mut PgConnection,
    actor: &Actor,
    id: InviteId,
    now: DateTime<Utc>,
) -> Result<InviteView, ActionError> {
    check_area(actor, Area::People)?;
    let stored = invites::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let row = row(&stored, now);
    Ok(InviteView {
        can_be_revoked: row.over.is_none() && check_access(actor, Roles::NONE.with(row.role)).is_ok(),
        row,
        created_by: users::find(conn, stored.created_by).await?.map(|user| user.name),
        created_at: stored.created_at,
        used_by: invites::list_uses(conn, id, USES_SHOWN).await?,
    })
}

fn row(stored: &Stored, now: DateTime<Utc>) -> InviteRow {
    let Stored { id, role, invite, .. } = *stored;
    InviteRow {
        id,
        role,
        uses: invite.uses,
        max_uses: invite.max_uses,
        expires_at: invite.expires_at,
        over: invite.check(now).err(),
    }
}

/// What came of opening a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    Accepted {
        user: User,
        role: Role,
    },
    /// He has access already; the link is not spent.
    Member(User),
    /// He had access once; a link does not give it back.
    Disabled,
    Refused(InviteRefusal),
}

/// A person opens a link in his private chat.
pub async fn open(
    conn: &mut PgConnection,
    chat: ChatId,
    person: &NewUser,
    code: Option<&Code>,
    now: DateTime<Utc>,
) -> Result<Opened, ActionError> {
    let known = users::find_by_chat(conn, chat).await?;
    match known {
        Some(user) if user.is_disabled => return Ok(Opened::Disabled),
        Some(user) if !user.roles.is_empty() => return Ok(Opened::Member(user)),
        _ => {}
    }
    let Some(code) = code else { return Ok(Opened::Refused(InviteRefusal::Unknown)) };
    let Some(stored) = invites::lock(conn, code).await? else {
        return Ok(Opened::Refused(InviteRefusal::Unknown));
    };
    if let Err(refusal) = stored.invite.check(now) {
        return Ok(Opened::Refused(refusal));
    }
    let id = if let Some(user) = known {
        user.id
    } else {
        let id = users::insert(conn, person, now).await?;
        chats::attach(conn, chat, id, person.language, now).await?;
        id
    };
    let role = stored.role;
    proposals::basis_changed(conn).await?;
    users::grant(conn, id, role, now).await?;
    invites::spend(conn, stored.id, id, now).await?;
    outbox::enqueue_commands(conn, chat, now).await?;
    let user = users::find(conn, id).await?.ok_or_else(|| anyhow::anyhow!("person {id} was just stored"))?;
    audit::append(conn, &user.actor(), Some(id), &Change::Joined { role }, now).await?;
    let alert = Alert::PersonJoined { user: Some(id), name: user.name.full(), role };
    alerts::tell_office_but(conn, Some(id), &alert, now).await?;
    Ok(Opened::Accepted { user, role })
}

#[cfg(test)]
mod tests;
