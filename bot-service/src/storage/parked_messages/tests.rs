use sqlx::PgPool;

use super::*;
use crate::testing::at;

pub fn arrival(body: &str, message_id: &str) -> Arrival {
    Arrival {
        kind: ParkedKind::Webhook,
        message_id: Some(message_id.into()),
        content_type: Some("application/json".into()),
        why: WhyParked::Json,
        reason: "json".into(),
        body: body.into(),
        received_at: at(0),
    }
}

async fn waiting(conn: &mut PgConnection) -> Vec<Listed> {
    list(conn, From::Start, 10).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_message_that_comes_again_because_its_acknowledgement_was_lost_is_one_row(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    assert!(park(conn, &arrival("{", "1"), at(1)).await.unwrap());
    assert!(!park(conn, &arrival("{", "1"), at(2)).await.unwrap());
    let id = waiting(conn).await[0].id;
    set_skipped(conn, id).await.unwrap();
    assert!(!park(conn, &arrival("{", "1"), at(3)).await.unwrap(), "a decision is not undone by it");
    assert_eq!(lock(conn, id).await.unwrap().unwrap().state, State::Skipped);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_same_bytes_under_another_number_open_their_row_anew(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    for (number, body) in [("1", "{"), ("2", "{"), ("3", "[")] {
        park(conn, &arrival(body, number), at(1)).await.unwrap();
    }
    let rows = waiting(conn).await;
    assert_eq!(rows.iter().map(|row| row.arrivals).collect::<Vec<_>>(), [1, 2]);
    let id = rows[1].id;
    set_skipped(conn, id).await.unwrap();
    assert_eq!(lock(conn, id).await.unwrap().unwrap().body, None, "nothing of it need be kept");
    take_untold(conn, at(2)).await.unwrap();
    park(conn, &arrival("{", "4"), at(5)).await.unwrap();
    let parked = lock(conn, id).await.unwrap().unwrap();
    assert_eq!((parked.state, parked.arrivals, parked.last_error), (State::Parked, 3, None));
    assert_eq!(parked.body.as_deref(), Some(b"{".as_slice()));
    let told = take_untold(conn, at(6)).await.unwrap();
    assert_eq!(told, [(ParkedKind::Webhook, WhyParked::Json, 1)], "it is news again");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nul_and_whatever_bytes_are_kept(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let odd = Arrival {
        content_type: Some("a\0b".into()),
        reason: "\0".into(),
        body: vec![0, 0xff, 0],
        ..arrival("", "\0")
    };
    park(conn, &odd, at(1)).await.unwrap();
    park(conn, &Arrival { message_id: None, ..arrival("", "") }, at(1)).await.unwrap();
    let rows = waiting(conn).await;
    let parked = lock(conn, rows[1].id).await.unwrap().unwrap();
    assert_eq!((parked.body, parked.content_type.as_deref()), (Some(odd.body), Some("ab")));
    assert_eq!(parked.size, 3);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_body_that_is_sent_again_ends_or_is_where_it_was(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    park(conn, &arrival("{", "1"), at(1)).await.unwrap();
    let id = waiting(conn).await[0].id;
    assert_eq!(due(conn).await.unwrap(), None);
    send(conn, id).await.unwrap();
    let outgoing = due(conn).await.unwrap().unwrap();
    assert_eq!((outgoing.id, outgoing.body.as_slice()), (id, b"{".as_slice()));
    not_sent(conn, &outgoing, NotSent::Refused(503)).await.unwrap();
    assert_eq!(waiting(conn).await[0].last_error, Some(NotSent::Refused(503)));

    send(conn, id).await.unwrap();
    // It is back, unreadable as before, even before the answer to its sending is.
    park(conn, &arrival("{", "2"), at(3)).await.unwrap();
    sent(conn, &outgoing).await.unwrap();
    let row = waiting(conn).await[0];
    assert_eq!((row.last_error, row.is_sending), (Some(NotSent::CameBack), false));

    send(conn, id).await.unwrap();
    let outgoing = due(conn).await.unwrap().unwrap();
    sent(conn, &outgoing).await.unwrap();
    assert_eq!((waiting(conn).await, due(conn).await.unwrap()), (vec![], None));
    park(conn, &arrival("{", "3"), at(4)).await.unwrap();
    assert_eq!(waiting(conn).await[0].last_error, Some(NotSent::CameBack));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_go_by_key_also_where_the_neighbour_is_gone(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    for n in 0..5 {
        park(conn, &arrival(&"[".repeat(n + 1), &n.to_string()), at(1)).await.unwrap();
    }
    let ids: Vec<ParkedId> = waiting(conn).await.iter().map(|row| row.id).collect();
    assert!(ids.is_sorted_by(|a, b| a > b), "the newest first: {ids:?}");
    set_skipped(conn, ids[1]).await.unwrap();
    set_skipped(conn, ids[2]).await.unwrap();
    let page = async |conn: &mut PgConnection, from, limit| {
        let rows = list(conn, from, limit).await.unwrap();
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(page(conn, From::After(ids[1]), 2).await, ids[3..]);
    assert_eq!(page(conn, From::Before(ids[2]), 2).await, ids[..1]);
    assert!(!any_beyond(conn, From::After(ids[4])).await.unwrap());
    assert_eq!((count(conn, 100).await.unwrap(), count(conn, 2).await.unwrap()), (3, 2));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_nobody_decides_about_is_erased_in_the_end(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    park(conn, &arrival("{", "1"), at(1)).await.unwrap();
    park(conn, &arrival("[", "2"), at(9)).await.unwrap();
    assert_eq!(expire(conn, at(9)).await.unwrap(), 1);
    assert_eq!(waiting(conn).await.len(), 1);
    let bodies = "select count(*) from parked_messages where body is not null";
    assert_eq!(sqlx::query_scalar::<_, i64>(bodies).fetch_one(conn).await.unwrap(), 1);
}
