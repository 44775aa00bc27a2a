use sqlx::PgPool;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::test_app::app;

const SOON: Duration = Duration::from_secs(10);

/// A replica that leads as long as it may, and says by which epochs.
fn replica(
    tasks: &mut JoinSet<Result<(), LeaderError>>,
    db: &PgPool,
    stop: &CancellationToken,
) -> watch::Receiver<Option<Fence>> {
    let (fences, seen) = watch::channel(None);
    let (app, stop) = (app(db.clone(), &[]), stop.clone());
    tasks.spawn(async move {
        run(&app, &watch::Sender::new(false), &stop, async |fence, over| {
            fences.send_replace(Some(fence));
            over.cancelled().await;
            fences.send_replace(None);
        })
        .await
    });
    seen
}

async fn leading(fences: &mut watch::Receiver<Option<Fence>>) -> Fence {
    let fence = timeout(SOON, fences.wait_for(Option::is_some)).await.unwrap().unwrap();
    fence.clone().unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_stopped_leader_gives_way_at_once_and_its_fence_holds_no_more(db: PgPool) {
    let mut tasks = JoinSet::new();
    let (first_stop, second_stop) = (CancellationToken::new(), CancellationToken::new());
    let mut first = replica(&mut tasks, &db, &first_stop);
    let old = leading(&mut first).await;
    let mut second = replica(&mut tasks, &db, &second_stop);
    let conn = &mut *db.acquire().await.unwrap();
    old.hold(conn).await.unwrap();
    assert!(second.borrow().is_none(), "one leads");

    let before = Instant::now();
    first_stop.cancel();
    let new = leading(&mut second).await;
    assert!(matches!(old.hold(conn).await, Err(LostLeadership::Taken)));
    new.hold(conn).await.unwrap();
    assert_eq!(old.predecessor_until(), None, "nobody led before the first");
    // The database counts whole milliseconds.
    let margin = Duration::from_millis(1);
    assert!(
        new.predecessor_until().is_some_and(|until| until + margin >= before),
        "the other one led till now"
    );

    second_stop.cancel();
    while let Some(ended) = timeout(SOON, tasks.join_next()).await.unwrap() {
        ended.unwrap().unwrap();
    }
    assert!(leases::take(conn, uuid::Uuid::new_v4(), Duration::ZERO).await.unwrap().is_some());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_leader_learns_of_another_at_its_next_beat(db: PgPool) {
    let mut tasks = JoinSet::new();
    let stop = CancellationToken::new();
    let mut fences = replica(&mut tasks, &db, &stop);
    let old = leading(&mut fences).await;

    sqlx::query("update leases set expires_at = '-infinity'").execute(&db).await.unwrap();
    let conn = &mut *db.acquire().await.unwrap();
    leases::take(conn, uuid::Uuid::new_v4(), Duration::ZERO).await.unwrap().unwrap();
    timeout(SOON, fences.wait_for(Option::is_none)).await.unwrap().unwrap();
    let new = leading(&mut fences).await;
    assert_eq!(new.epoch, old.epoch + 2, "it leads again once the other has let go");
    assert_eq!(new.predecessor_until(), None, "a lease that runs out is older than any call");
    stop.cancel();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn work_that_ends_by_itself_ends_the_process(db: PgPool) {
    let app = app(db, &[]);
    let leads = watch::Sender::new(false);
    let ended = run(&app, &leads, &CancellationToken::new(), async |_, _| ()).await;
    assert!(matches!(ended, Err(LeaderError::Ended)));
    assert!(!*leads.borrow());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn work_that_does_not_stop_is_dropped(db: PgPool) {
    let app = app(db, &[]);
    let stop = CancellationToken::new();
    let (dropped, seen) = oneshot::channel::<()>();
    let dropped = Mutex::new(Some(dropped));
    let leads = watch::Sender::new(false);
    let leading = run(&app, &leads, &stop, async |_, _| {
        let _kept = dropped.lock().unwrap().take();
        stop.cancel();
        std::future::pending::<()>().await;
    });
    timeout(SOON, leading).await.unwrap().unwrap();
    assert!(seen.await.is_err());
}

#[test]
fn a_loop_that_says_nothing_for_a_minute_stands_still() {
    let (fence, minute) = (Fence::new(1), Duration::from_mins(1));
    fence.progressed("one");
    fence.progressed("two");
    assert_eq!(fence.stalled(minute), None);
    let long_ago = Instant::now().checked_sub(2 * minute).unwrap();
    fence.loops.lock().unwrap().values_mut().for_each(|at| *at = long_ago);
    fence.clone().progressed("one");
    assert_eq!(fence.stalled(minute), Some("two"));
}

#[tokio::test]
async fn a_loop_that_rests_does_not_stand_still_and_rests_no_longer_than_the_term() {
    let (fence, over) = (Fence::new(1), CancellationToken::new());
    let resting = fence.rest_with_signs("one", sleep(Duration::MAX), Duration::from_millis(1), &over);
    let hearing = async {
        while fence.loops.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        over.cancel();
    };
    timeout(SOON, async { tokio::join!(resting, hearing) }).await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_loop_that_stands_still_ends_the_process_although_the_others_move(db: PgPool) {
    let app = app(db, &[]);
    let (leads, stop) = (watch::Sender::new(false), CancellationToken::new());
    let leading = run(&app, &leads, &stop, async |fence, over| {
        fence.progressed("stuck");
        let long_ago = Instant::now().checked_sub(Duration::from_mins(2)).unwrap();
        fence.loops.lock().unwrap().insert("stuck", long_ago);
        fence.rest_with_signs("moves", std::future::pending(), Duration::from_millis(50), &over).await;
    });
    let ended = timeout(SOON, leading).await.unwrap();
    assert!(matches!(ended, Err(LeaderError::Stalled("stuck"))), "{ended:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_leader_whose_beats_do_not_come_through_stops_before_another_may_lead(db: PgPool) {
    let mut tasks = JoinSet::new();
    let stop = CancellationToken::new();
    let mut first = replica(&mut tasks, &db, &stop);
    let old = leading(&mut first).await;

    // Its beats wait for this one, and so would whoever wants to lead.
    let mut blocking = db.begin().await.unwrap();
    sqlx::query("select from leases for update").execute(&mut *blocking).await.unwrap();
    timeout(SOON, first.wait_for(Option::is_none)).await.unwrap().unwrap();
    let left: bool = sqlx::query_scalar("select expires_at > clock_timestamp() from leases")
        .fetch_one(&mut *blocking)
        .await
        .unwrap();
    assert!(left, "its lease has not run out yet");
    blocking.rollback().await.unwrap();

    let mut second = replica(&mut tasks, &db, &stop);
    let both = async {
        tokio::select! {
            fence = leading(&mut first) => fence,
            fence = leading(&mut second) => fence,
        }
    };
    let new = timeout(SOON * 2, both).await.unwrap();
    let conn = &mut *db.acquire().await.unwrap();
    assert!(matches!(old.hold(conn).await, Err(LostLeadership::Taken)), "what it still has is not committed");
    new.hold(conn).await.unwrap();
    stop.cancel();
}
