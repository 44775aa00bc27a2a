//! Invite links: made by an admin, spent by whoever opens them first.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::views::Alert;
use super::{ActionError, DOUBLE_TAP, Refused, alerts};
use crate::domain::ids::ChatId;
use crate::domain::invite::{Code, InviteRefusal};
use crate::domain::permissions::check_people;
use crate::domain::user::{Actor, Role, User};
use crate::storage::users::NewUser;
use crate::storage::{chats, invites, outbox, users};

/// Makes a link's code for one new person. `random` is 16 bytes that nobody can guess.
///
/// # Errors
///
/// Refused to who is not an admin, and to one who has tapped twice: the other link would let one more person in.
pub async fn create(
    conn: &mut PgConnection,
    actor: &Actor,
    role: Role,
    random: [u8; 16],
    now: DateTime<Utc>,
) -> Result<Code, ActionError> {
    check_people(actor)?;
    if invites::has_unspent(conn, actor.id, role, now - DOUBLE_TAP).await? {
        return Err(Refused::AlreadyDone.into());
    }
    let code = Code::from_random(random);
    invites::insert(conn, &code, role, actor.id, now).await?;
    Ok(code)
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
    users::grant(conn, id, stored.role, now).await?;
    invites::spend(conn, code, id, now).await?;
    outbox::enqueue_commands(conn, chat, now).await?;
    let user = users::find(conn, id).await?.ok_or_else(|| anyhow::anyhow!("person {id} was just stored"))?;
    let alert = Alert::PersonJoined { name: user.name.full(), role: stored.role };
    alerts::tell_admins_but(conn, Some(id), &alert, now).await?;
    Ok(Opened::Accepted { user, role: stored.role })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::TimeDelta;
    use sqlx::PgPool;
    use tokio::time::timeout;

    use super::*;
    use crate::domain::invite::LIFETIME;
    use crate::domain::user::{Language, Name};
    use crate::testing::{at, drain, person, waiting};

    fn guest(name: &str) -> NewUser {
        let name = Name { first: name.into(), last: None };
        NewUser { name, username: None, language: Language::Ru }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_link_lets_one_person_in_and_tells_the_admins(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let anna = person(conn, "Анна", Role::Admin).await;
        let code = create(conn, &anna, Role::Measurer, [7; 16], at(1)).await.unwrap();
        let first = open(conn, ChatId(1), &guest("Иван"), Some(&code), at(2)).await.unwrap();
        let Opened::Accepted { user, role: Role::Measurer } = first else { panic!("{first:?}") };
        assert!(user.roles.has(Role::Measurer));
        let told = [(user.id.0, "commands".into()), (anna.id.0, "alert".into())];
        assert_eq!(waiting(conn).await, told);
        drain(conn).await;

        let second = open(conn, ChatId(2), &guest("Пётр"), Some(&code), at(3)).await.unwrap();
        assert_eq!(second, Opened::Refused(InviteRefusal::Used));
        let member = open(conn, ChatId(1), &guest("Иван"), Some(&code), at(4)).await.unwrap();
        assert!(matches!(member, Opened::Member(known) if known.id == user.id));
        assert_eq!(waiting(conn).await, []);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_second_tap_makes_no_second_link(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let anna = person(conn, "Анна", Role::Admin).await;
        let boris = person(conn, "Борис", Role::Admin).await;
        let code = create(conn, &anna, Role::Measurer, [7; 16], at(1)).await.unwrap();
        let again = create(conn, &anna, Role::Measurer, [8; 16], at(2)).await;
        assert!(matches!(again, Err(ActionError::Refused(Refused::AlreadyDone))));
        create(conn, &anna, Role::Manager, [9; 16], at(2)).await.unwrap();
        create(conn, &boris, Role::Measurer, [10; 16], at(2)).await.unwrap();
        open(conn, ChatId(1), &guest("Иван"), Some(&code), at(2)).await.unwrap();
        create(conn, &anna, Role::Measurer, [11; 16], at(2)).await.expect("the first one is spent");
        create(conn, &anna, Role::Measurer, [12; 16], at(4)).await.expect("no double tap any more");
    }

    /// Nothing but the second one waits for a lock in this database.
    async fn somebody_waits(db: &PgPool) {
        let sql = "select exists(select from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock')";
        while !sqlx::query_scalar::<_, bool>(sql).fetch_one(db).await.unwrap() {
            tokio::task::yield_now().await;
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn of_two_who_open_a_link_at_once_one_comes_in_and_the_other_reads_that_it_is_used(db: PgPool) {
        let anna = person(&mut db.acquire().await.unwrap(), "Анна", Role::Admin).await;
        let code =
            create(&mut db.acquire().await.unwrap(), &anna, Role::Measurer, [7; 16], at(1)).await.unwrap();
        let (mut first, mut second) = (db.begin().await.unwrap(), db.begin().await.unwrap());
        let (ivan, petr) = (guest("Иван"), guest("Пётр"));
        let faster = open(&mut first, ChatId(1), &ivan, Some(&code), at(2)).await.unwrap();
        let commit = async {
            somebody_waits(&db).await;
            first.commit().await.unwrap();
        };
        let slower = open(&mut second, ChatId(2), &petr, Some(&code), at(2));
        let both = timeout(Duration::from_secs(10), async { tokio::join!(slower, commit) });
        let (slower, ()) = both.await.unwrap();
        assert!(matches!(faster, Opened::Accepted { .. }), "{faster:?}");
        assert_eq!(slower.unwrap(), Opened::Refused(InviteRefusal::Used));
        second.commit().await.unwrap();
        let measurers = users::list_ids_by_role(&mut db.acquire().await.unwrap(), Role::Measurer).await;
        assert_eq!(measurers.unwrap().len(), 1);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_link_gives_nothing_to_the_late_the_lost_and_the_disabled(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let anna = person(conn, "Анна", Role::Admin).await;
        let code = create(conn, &anna, Role::Admin, [7; 16], at(1)).await.unwrap();
        let late = at(1) + LIFETIME + TimeDelta::seconds(1);
        let opened = open(conn, ChatId(1), &guest("Иван"), Some(&code), late).await.unwrap();
        assert_eq!(opened, Opened::Refused(InviteRefusal::Expired));
        for unknown in [None, Some(Code::from_random([9; 16]))] {
            let opened = open(conn, ChatId(1), &guest("Иван"), unknown.as_ref(), at(2)).await.unwrap();
            assert_eq!(opened, Opened::Refused(InviteRefusal::Unknown));
        }
        let gone = person(conn, "Пётр", Role::Measurer).await;
        users::set_disabled(conn, gone.id, Some(at(2))).await.unwrap();
        let opened = open(conn, ChatId(gone.id.0 + 1_000), &guest("Пётр"), Some(&code), at(3)).await.unwrap();
        assert_eq!(opened, Opened::Disabled);
        let by_measurer = create(conn, &gone, Role::Admin, [1; 16], at(4)).await;
        assert!(matches!(by_measurer, Err(ActionError::Refused(_))));
    }
}
