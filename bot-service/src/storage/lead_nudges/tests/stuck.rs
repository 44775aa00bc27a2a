//! Deals that fail, as people look at them.

use super::*;
use crate::domain::failures::EventKind;

/// A deal that has failed at this moment for the first time.
async fn fails(conn: &mut PgConnection, lead: i64, at_second: i64, why: WhyStuck) {
    ask(conn, LeadId(lead), at(0)).await.unwrap();
    let claims = claim(conn, at(0), 250).await.unwrap();
    let claim = claims.iter().find(|claim| claim.lead_id == LeadId(lead)).unwrap();
    let failure = Failure { error: why.as_str(), why };
    retry(conn, claim, at(at_second), at(9_000), failure).await.unwrap();
}

async fn leads(conn: &mut PgConnection, from: From, limit: i64) -> Vec<i64> {
    let stuck = list_stuck(conn, from, at(1_000), limit).await.unwrap();
    stuck.iter().map(|deal| deal.lead_id.0).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_is_stuck_since_its_first_failure_whatever_follows(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    push(&db, &[moved(1, 1, 20)], 1).await;
    let claimed = only(&db, 1).await;
    assert_eq!(find_stuck(conn, LEAD).await.unwrap(), None);
    postpone(conn, &[(&claimed, at(2))], at(1), "paused", None).await.unwrap();
    let stuck = find_stuck(conn, LEAD).await.unwrap().unwrap();
    assert_eq!(
        (stuck.since, stuck.why, stuck.name.as_deref()),
        (at(1), WhyStuck::AmoCrmAway, Some("as of 1"))
    );
    assert_eq!(stuck.event, EventKind::Entry);

    retry(conn, &claimed, at(5), at(9), failure("broken")).await.unwrap();
    postpone(conn, &[(&claimed, at(9))], at(7), "paused", None).await.unwrap();
    let stuck = find_stuck(conn, LEAD).await.unwrap().unwrap();
    assert_eq!((stuck.since, stuck.why), (at(1), WhyStuck::Ours), "a pause says nothing of its reason");
    postpone(conn, &[(&claimed, at(9))], at(8), "no", Some(WhyStuck::TokenRefused)).await.unwrap();
    assert_eq!(find_stuck(conn, LEAD).await.unwrap().unwrap().why, WhyStuck::TokenRefused);

    push(&db, &[moved(30, 30, 30)], 30).await;
    assert_eq!(find_stuck(conn, LEAD).await.unwrap().unwrap().since, at(1), "another hook mends nothing");
    settle(conn, &claimed, at(40)).await.unwrap();
    assert_eq!(find_stuck(conn, LEAD).await.unwrap(), None, "it was read; what came since is no failure");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_go_by_age_also_where_the_neighbour_is_gone(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    for (lead, second) in [(5, 10), (1, 20), (4, 20), (2, 30), (3, 2_000)] {
        fails(conn, lead, second, WhyStuck::Unreadable).await;
    }
    assert_eq!(leads(conn, From::Start, 9).await, [5, 1, 4, 2], "the last one has just begun to fail");
    assert_eq!(leads(conn, From::Start, 2).await, [5, 1]);
    let (one, four) = (From::After(at(20), LeadId(1)), From::Before(at(20), LeadId(4)));
    skip(conn, LeadId(1), 1).await.unwrap();
    assert_eq!(leads(conn, one, 2).await, [4, 2]);
    assert_eq!(leads(conn, four, 1).await, [5]);
    assert!(!any_beyond(conn, From::After(at(30), LeadId(2)), at(1_000)).await.unwrap());
    assert_eq!((count(conn, at(1_000), 9).await.unwrap(), count(conn, at(1_000), 2).await.unwrap()), (3, 2));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_ends_by_itself_is_not_counted_as_a_trouble(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let whys = [WhyStuck::NotShown, WhyStuck::Ours, WhyStuck::Ours, WhyStuck::AmoCrmAway];
    for (lead, why) in (1..).zip(whys) {
        fails(conn, lead, 10, why).await;
    }
    let counts = count_by_reason(conn, at(10)).await.unwrap();
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(WhyStuck::AmoCrmAway, 1), (WhyStuck::Ours, 2)]);
    assert!(count_by_reason(conn, at(9)).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_repeated_deal_is_due_at_once_and_as_patient_as_a_new_one(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    fails(conn, 1, 10, WhyStuck::Unreadable).await;
    assert_eq!(due(&db, 50).await, []);
    repeat(conn, LeadId(1), at(50)).await.unwrap();
    let claim = only(&db, 50).await;
    assert_eq!(claim.failing_for("unreadable", at(50)).num_seconds(), 0);
    assert_eq!(find_stuck(conn, LeadId(1)).await.unwrap().unwrap().since, at(10), "it has not been read yet");
}
