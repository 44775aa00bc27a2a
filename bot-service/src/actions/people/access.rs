//! A person's access is taken or given back, and his visits go to somebody else.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::actions::measurements::give_all;
use crate::actions::views::{COUNT_CAP, Candidate, PEOPLE_A_PAGE, SuccessorsView};
use crate::actions::{ActionError, Refused, paging};
use crate::domain::audit::Change;
use crate::domain::ids::UserId;
use crate::domain::measurement::Measurement;
use crate::domain::permissions::{Area, check_access, check_area};
use crate::domain::user::{Actor, User};
use crate::storage::chats::Chat;
use crate::storage::measurements::lists::{self, Which, Whose};
use crate::storage::{StorageError, audit, cards, chats, measurements, outbox, proposals, users};

/// Measurers who can take over what a person has, the least busy first.
///
/// # Errors
///
/// Refused to who does not look after people, and for an unknown person.
pub async fn successors(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    is_leaving: bool,
    (page, now): (u32, DateTime<Utc>),
) -> Result<SuccessorsView, ActionError> {
    check_area(actor, Area::People)?;
    let user = users::find(conn, id).await?.ok_or(Refused::Unknown)?;
    let (offset, limit) = paging::window(page, PEOPLE_A_PAGE);
    let mut rows =
        users::list_candidates(conn, (None, Some(id)), offset, limit, (COUNT_CAP + 1, now)).await?;
    let has_next = paging::cut(&mut rows, PEOPLE_A_PAGE);
    let rows = rows.into_iter().map(Candidate::from).collect();
    Ok(SuccessorsView { visits: open_work(conn, id).await?, user, is_leaving, page, rows, has_next })
}

/// Takes all open visits from a person: to one other measurer, or back into the queue. Returns the person and how many.
///
/// # Errors
///
/// Refused to who does not look after people, and where the other is no measurer with access. Failed, to be tried again,
/// if somebody gave him a measurement at this very moment.
pub async fn hand_over(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    to: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<(User, i64), ActionError> {
    check_area(actor, Area::People)?;
    let (user, open) = hold(conn, id, to).await?;
    if open.is_empty() {
        return Err(Refused::AlreadyDone.into());
    }
    let visits = give(conn, actor, open, to, now).await?;
    audit::append(conn, actor, Some(id), &Change::HandedOver { visits, to }, now).await?;
    Ok((user, visits))
}

/// Takes a person's access at once; his open visits go to `to`, or back into the queue, in the same transaction.
/// Returns the person and how many went.
///
/// # Errors
///
/// As [`hand_over`], and refused for people who must not be disabled.
pub async fn disable(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    to: Option<UserId>,
    protected: &[i64],
    now: DateTime<Utc>,
) -> Result<(User, i64), ActionError> {
    check_area(actor, Area::People)?;
    proposals::basis_changed(conn).await?;
    let chat = chats::find_by_user(conn, id).await?;
    let user = users::find(conn, id).await?.ok_or(Refused::Unknown)?;
    check_disabling(actor, &user, chat, protected)?;
    let (user, open) = hold(conn, id, to).await?;
    check_disabling(actor, &user, chat, protected)?;
    if user.is_disabled {
        return Err(Refused::AlreadyDone.into());
    }
    // First, so that what comes back is not proposed to him.
    users::set_disabled(conn, id, Some(now)).await?;
    let visits = give(conn, actor, open, to, now).await?;
    cards::bump_of_user(conn, id).await?;
    audit::append(conn, actor, Some(id), &Change::Disabled { visits, to }, now).await?;
    renew_commands(conn, chat, now).await?;
    Ok((user, visits))
}

/// Gives a person his access back, with the roles he had.
///
/// # Errors
///
/// Refused to who may not decide about him, and for an unknown person.
pub async fn enable(
    conn: &mut PgConnection,
    actor: &Actor,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<User, ActionError> {
    check_area(actor, Area::People)?;
    proposals::basis_changed(conn).await?;
    let user = users::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    check_access(actor, user.roles)?;
    if !user.is_disabled {
        return Err(Refused::AlreadyDone.into());
    }
    users::set_disabled(conn, id, None).await?;
    cards::bump_of_user(conn, id).await?;
    audit::append(conn, actor, Some(id), &Change::Enabled {}, now).await?;
    let chat = chats::find_by_user(conn, id).await?;
    renew_commands(conn, chat, now).await?;
    Ok(User { is_disabled: false, ..user })
}

/// The person and his open visits, locked.
async fn hold(
    conn: &mut PgConnection,
    id: UserId,
    to: Option<UserId>,
) -> Result<(User, Vec<Measurement>), ActionError> {
    if to == Some(id) {
        return Err(Refused::MeasurerUnavailable.into());
    }
    let open = measurements::lock_open_of_measurer(conn, id).await?;
    let user = users::lock(conn, id).await?.ok_or(Refused::Unknown)?;
    // Assigning holds the person's row shared, so from here on nothing is added to what he has.
    if usize::try_from(open_work(conn, id).await?).ok() != Some(open.len()) {
        return Err(anyhow::anyhow!("measurements of person {id} changed meanwhile").into());
    }
    Ok((user, open))
}

/// Returns how many went.
async fn give(
    conn: &mut PgConnection,
    actor: &Actor,
    open: Vec<Measurement>,
    to: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<i64, ActionError> {
    let visits = i64::try_from(open.len()).unwrap_or(i64::MAX);
    if !open.is_empty() {
        give_all(conn, open, to, actor.id, now).await?;
    }
    Ok(visits)
}

pub(super) async fn renew_commands(
    conn: &mut PgConnection,
    chat: Option<Chat>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    match chat {
        Some(chat) => outbox::enqueue_commands(conn, chat.chat_id, now).await,
        None => Ok(()),
    }
}

pub(super) async fn open_work(conn: &mut PgConnection, id: UserId) -> Result<i64, StorageError> {
    use crate::domain::measurement::StatusKind::{Assigned, InProgress};
    let which = Which { statuses: &[Assigned, InProgress], whose: Whose::Measurer(id), ..Which::default() };
    lists::count(conn, which, i64::MAX).await
}

/// Nobody locks himself out, nor somebody of `ADMIN_IDS`.
pub(super) fn check_disabling(
    actor: &Actor,
    user: &User,
    chat: Option<Chat>,
    protected: &[i64],
) -> Result<(), ActionError> {
    check_access(actor, user.roles)?;
    if actor.id == user.id || is_protected(chat, protected) {
        return Err(Refused::Protected.into());
    }
    Ok(())
}

pub(super) fn is_protected(chat: Option<Chat>, protected: &[i64]) -> bool {
    chat.is_some_and(|chat| protected.contains(&chat.chat_id.0))
}
