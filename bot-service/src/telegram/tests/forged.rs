//! Data that no button of this person holds: whatever is asked for is refused, and nothing changes.

use shared::ids::{AmoUserId, LeadId};
use sqlx::postgres::PgListener;

use super::*;
use crate::actions::views::{DealCursor, MessageCursor};
use crate::domain::ids::ParkedId;
use crate::domain::ids::UserId;
use crate::storage::amo_directory;
use crate::testing::manager;
use callback::FailurePress;

/// A deal that cannot be read.
const STUCK: LeadId = LeadId(70);

/// A manager of other deals, a measurer without access, and an employee of AmoCRM who is nobody yet.
struct Others {
    oleg: Actor,
    gone: UserId,
    employee: AmoUserId,
}

async fn others(scene: &Scene) -> Others {
    let conn = &mut *scene.app.db.acquire().await.unwrap();
    let oleg = manager(conn, "Олег", AmoUserId(8)).await;
    let gone = person(conn, "Вера", Role::Measurer).await.id;
    users::set_disabled(conn, gone, Some(at(2))).await.unwrap();
    sqlx::query(
        "insert into amo_users (amo_user_id, name, is_active, seen_at) values (9, 'Антон', true, $1)",
    )
    .bind(at(2))
    .execute(&mut *conn)
    .await
    .unwrap();
    stuck(conn).await;
    Others { oleg, gone, employee: AmoUserId(9) }
}

/// A deal that cannot be read, an event that can be read by now, and one that cannot.
async fn stuck(conn: &mut PgConnection) {
    let readable = r#"{"version":1,"id":"00000000-0000-0000-0000-000000000000","received_at":"2026-11-24T00:00:00Z",
                       "subject":{"kind":"lead","lead_id":71,"action":"update"}}"#;
    for (number, body) in [("1", readable), ("2", "?")] {
        sqlx::query(
            "insert into parked_messages
                 (kind, digest, message_id, why, reason, body, size, received_at, parked_at)
             values ('event', sha256($1::text::bytea), $2, 'newer', '', $1::text::bytea, 1, $3, $3)",
        )
        .bind(body)
        .bind(number)
        .bind(at(2))
        .execute(&mut *conn)
        .await
        .unwrap();
    }
    sqlx::query(
        "insert into lead_nudges (lead_id, first_at, next_attempt_at, stuck_since, trouble)
         values ($1, $2, $2, $2, 'unreadable')",
    )
    .bind(STUCK.0)
    .bind(at(2))
    .execute(conn)
    .await
    .unwrap();
}

/// Every row that a press could change.
async fn everything(scene: &Scene) -> Vec<String> {
    let mut rows = Vec::new();
    for table in [
        "users",
        "user_roles",
        "invites",
        "outbox",
        "cards",
        "measurements",
        "measurement_history",
        "settings",
        "lead_nudges",
        "parked_messages",
        "failure_decisions",
    ] {
        let sql = format!("select concat('{table} ', to_jsonb(t)) from {table} t order by 1");
        let sql = sqlx::AssertSqlSafe(sql);
        rows.extend(sqlx::query_scalar::<_, String>(sql).fetch_all(&scene.app.db).await.unwrap());
    }
    rows
}

/// All that only an administrator is offered, each such that it would work for one.
fn of_an_administrator(scene: &Scene, others: &Others, by: Actor) -> Vec<Callback> {
    let (petr, boris) = (scene.petr.id, scene.boris.id);
    let mut callbacks = vec![
        Callback::Invite,
        Callback::People { only: None, page: 0 },
        Callback::Person(petr),
        Callback::Employees { user: petr, page: 0 },
        Callback::Link { user: by.id, employee: others.employee },
        Callback::RefreshEmployees(petr),
        Callback::AskDisable(petr),
        Callback::Disable(petr),
        Callback::Disable(boris),
        Callback::Enable(others.gone),
    ];
    callbacks.extend(
        [
            FailurePress::Overview,
            FailurePress::Decisions,
            FailurePress::Deals(DealCursor::First),
            FailurePress::Deal(STUCK),
            FailurePress::RepeatDeal(STUCK),
            FailurePress::AskSkipDeal(STUCK),
            FailurePress::SkipDeal { lead: STUCK, seq: 1 },
            FailurePress::Messages(MessageCursor::First),
            FailurePress::Message(ParkedId(1)),
            FailurePress::RepeatMessage(ParkedId(1)),
            FailurePress::AskSkipMessage(ParkedId(2)),
            FailurePress::SkipMessage { id: ParkedId(2), arrivals: 1 },
        ]
        .map(Callback::Failure),
    );
    for role in Role::ALL {
        callbacks.extend([Callback::InviteAs(role), Callback::People { only: Some(role), page: 0 }]);
    }
    callbacks
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_an_administrators_is_refused_to_everybody_else(db: PgPool) {
    let scene = Scene::new(db).await;
    let others = others(&scene).await;
    let mut listener = PgListener::connect_with(&scene.app.db).await.unwrap();
    listener.listen(amo_directory::CHANNEL).await.unwrap();
    let refusal = Some(Toast {
        text: "⛔ Нет прав: это делает администратор".into(), is_alert: true
    });
    let mut went_through = Vec::new();
    for by in [scene.ivan, others.oleg] {
        for callback in of_an_administrator(&scene, &others, by) {
            let before = everything(&scene).await;
            let toast = scene.send(by, &callback.encode()).await;
            if toast != refusal || everything(&scene).await != before {
                went_through.push(callback);
            }
        }
    }
    assert_eq!(went_through, []);
    sqlx::query("select pg_notify($1, 'the end')")
        .bind(amo_directory::CHANNEL)
        .execute(&scene.app.db)
        .await
        .unwrap();
    assert_eq!(listener.recv().await.unwrap().payload(), "the end", "nobody has AmoCRM asked");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_administrator_may_do_all_of_it(db: PgPool) {
    let scene = Scene::new(db).await;
    let others = others(&scene).await;
    for callback in of_an_administrator(&scene, &others, scene.anna) {
        let toast = scene.send(scene.anna, &callback.encode()).await;
        assert!(toast.is_none_or(|toast| !toast.is_alert), "{callback:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_card_of_a_foreign_measurement_is_not_opened(db: PgPool) {
    let scene = Scene::new(db).await;
    let others = others(&scene).await;
    scene.assigned(scene.petr, 0).await;
    for by in [scene.ivan, others.oleg] {
        let before = everything(&scene).await;
        let text = alert(scene.send(by, &Callback::Open(scene.id).encode()).await);
        assert_eq!(text, "⛔ Нет прав: это не ваш замер");
        assert_eq!(everything(&scene).await, before);
    }
    assert_eq!(scene.send(scene.petr, &Callback::Open(scene.id).encode()).await, None);
}
