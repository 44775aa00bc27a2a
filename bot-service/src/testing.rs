//! What the tests of several parts need: people, a measurement, and what waits to be told.

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, LeadId};
use sqlx::{PgConnection, PgPool};

use crate::actions::measurements::{self, NewMeasurement};
use crate::actions::{ActionError, Refused, proposals};
use crate::domain::facts::Facts;
use crate::domain::ids::MeasurementId;
use crate::domain::user::{Actor, Language, Name, Role};
use crate::domain::{ids::UserId, phone};
use crate::storage::users::{self, NewUser};

/// So many seconds after the moment at which tests begin.
pub fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

/// Why an action was refused.
pub fn refused<T: Debug>(result: Result<T, ActionError>) -> Refused {
    match result {
        Err(ActionError::Refused(refused)) => refused,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// Until somebody waits for a lock in this database.
pub async fn somebody_waits(db: &PgPool) {
    let waits = "select exists (select from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(db).await.unwrap() {
        tokio::task::yield_now().await;
    }
}

/// A person with one role and a chat; the first name ends at the first space.
pub async fn person(conn: &mut PgConnection, name: &str, role: Role) -> Actor {
    let (first, last) = name.split_once(' ').map_or((name, None), |(first, last)| (first, Some(last)));
    let name = Name { first: first.into(), last: last.map(Into::into) };
    let new = NewUser { name, username: None, language: Language::Ru };
    let id = users::insert(conn, &new, at(0)).await.unwrap();
    users::grant(conn, id, role, at(0)).await.unwrap();
    sqlx::query("insert into chats (chat_id, user_id, language, created_at) values ($1, $2, 'ru', $3)")
        .bind(1_000 + id.0)
        .bind(id.0)
        .bind(at(0))
        .execute(&mut *conn)
        .await
        .unwrap();
    actor(conn, id).await
}

/// A manager who is this employee in AmoCRM.
pub async fn manager(conn: &mut PgConnection, name: &str, employee: AmoUserId) -> Actor {
    let id = person(conn, name, Role::Manager).await.id;
    users::link_employee(conn, id, employee).await.unwrap();
    actor(conn, id).await
}

async fn actor(conn: &mut PgConnection, id: UserId) -> Actor {
    users::find(conn, id).await.unwrap().unwrap().actor()
}

/// An open measurement of this deal, whose responsible employee has the number 7.
pub async fn measurement(conn: &mut PgConnection, lead: i64) -> MeasurementId {
    let facts = Facts {
        lead_name: "Окна в детскую".into(),
        address: Some("г. Химки, ул. Ленина, д. 5".into()),
        client_name: Some("Иванов Иван".into()),
        phones: phone::parse("8 916 123-45-67"),
        ..Facts::default()
    };
    let responsible = Some(AmoUserId(7));
    let new = NewMeasurement { facts, responsible, moved_on_to: None, is_provisional: false };
    opened(conn, LeadId(lead), &new, at(1)).await
}

/// Opens a measurement, and has the rules look at it.
pub async fn opened(
    conn: &mut PgConnection,
    lead: LeadId,
    new: &NewMeasurement,
    now: DateTime<Utc>,
) -> MeasurementId {
    let id = measurements::open(conn, lead, new, now).await.unwrap();
    proposals::renew(conn, id, now).await.unwrap();
    id
}

/// Who is to be told what, in the order of the messages.
pub async fn waiting(conn: &mut PgConnection) -> Vec<(i64, String)> {
    sqlx::query_as("select user_id, kind from outbox where state = 'pending' order by id")
        .fetch_all(conn)
        .await
        .unwrap()
}

/// Takes everything that waits for sent.
pub async fn drain(conn: &mut PgConnection) {
    sqlx::query("update outbox set state = 'sent', finished_at = $1 where state = 'pending'")
        .bind(at(0))
        .execute(conn)
        .await
        .unwrap();
}
