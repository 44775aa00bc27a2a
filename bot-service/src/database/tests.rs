use futures_util::future::join_all;
use sqlx::{ConnectOptions, Connection};
use tokio::time::{Instant, timeout};

use super::*;
use crate::storage::{Cause, StorageError, heard};
use crate::test_relay::{Commit, Relay};
use crate::testing::somebody_waits;

const SOON: Duration = Duration::from_secs(10);

#[sqlx::test]
async fn opening_migrates_an_empty_database_and_sets_limits(db: PgPool) {
    let url = SecretString::from(db.connect_options().to_url_lossy().to_string());
    let pool = open(&url, &CancellationToken::new()).await.unwrap().unwrap();
    let leases: i64 = sqlx::query_scalar("select count(*) from leases").fetch_one(&pool).await.unwrap();
    assert_eq!(leases, 1);
    let limit: String = sqlx::query_scalar("show statement_timeout").fetch_one(&pool).await.unwrap();
    let name: String = sqlx::query_scalar("show application_name").fetch_one(&pool).await.unwrap();
    assert_eq!((limit.as_str(), name.as_str()), ("10s", "bot-service"));
    pool.close().await;
}

#[tokio::test]
async fn a_database_that_is_away_is_waited_for_until_the_process_stops() {
    let url = SecretString::from("postgres://nobody@127.0.0.1:1/none");
    let shutdown = CancellationToken::new();
    let opening = open(&url, &shutdown);
    shutdown.cancel();
    assert!(timeout(SOON, opening).await.unwrap().unwrap().is_none());
}

#[test]
fn a_bad_address_is_not_quoted() {
    let error = options(&SecretString::from("postgres://anna:secret@[")).unwrap_err();
    assert!(!format!("{error:#}").contains("secret"));
}

#[sqlx::test]
async fn whoever_is_gone_is_noticed_by_the_server(db: PgPool) {
    let url = SecretString::from(db.connect_options().to_url_lossy().to_string());
    let mut connection = PgConnection::connect_with(&options(&url).unwrap()).await.unwrap();
    for (name, value) in KEEPALIVES {
        let set: String = sqlx::query_scalar("select current_setting($1)")
            .bind(name)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(set, value, "{name}");
    }
}

#[sqlx::test]
async fn a_schema_is_brought_up_to_date_though_the_database_goes_away_meanwhile(db: PgPool) {
    let relay = Relay::before(&db).await;
    let losing = async {
        for commit in [Commit::Lost, Commit::AnswerLost, Commit::Lost, Commit::AnswerLost] {
            relay.on_next_commit(commit);
            while !relay.has_met_the_commit() {
                tokio::task::yield_now().await;
            }
        }
    };
    let through = relay.options();
    let migrating = async { tokio::join!(migrate::migrate(&through), losing).0 };
    timeout(3 * SOON, migrating).await.expect("each try comes further").unwrap();
    let done: i64 = sqlx::query_scalar("select count(*) from _sqlx_migrations where success")
        .fetch_one(&db)
        .await
        .unwrap();
    assert_eq!(usize::try_from(done).unwrap(), crate::MIGRATOR.iter().count());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_replica_that_goes_silent_while_it_migrates_holds_up_neither_itself_nor_others(db: PgPool) {
    let relay = Relay::before(&db).await;
    let mut locking = db.begin().await.unwrap();
    sqlx::query("lock table _sqlx_migrations in access exclusive mode").execute(&mut *locking).await.unwrap();
    let going_silent = async {
        somebody_waits(&db).await;
        relay.silence();
        locking.rollback().await.unwrap();
        migrate::migrate(&db.connect_options()).await
    };
    let (through, direct) = (relay.options(), timeout(6 * SOON, going_silent));
    let (silent, other) = tokio::join!(timeout(6 * SOON, migrate::migrate(&through)), direct);
    silent.expect("it notices").unwrap();
    other.expect("the lock is free").unwrap();
}

/// As many as there may be, all in use.
async fn lent(pool: &PgPool) -> Vec<sqlx::pool::PoolConnection<sqlx::Postgres>> {
    let lending = join_all((0..pool::CONNECTIONS).map(|_| pool.acquire())).await;
    lending.into_iter().map(Result::unwrap).collect()
}

async fn works(pool: &PgPool) -> sqlx::Result<()> {
    let mut connection = pool.acquire().await?;
    sqlx::query("select 1").execute(&mut *connection).await?;
    Ok(())
}

#[sqlx::test]
async fn idle_connections_that_went_silent_cost_a_moment(db: PgPool) {
    let relay = Relay::before(&db).await;
    let pool = pool(relay.options());
    drop(lent(&pool).await);
    while pool.num_idle() < pool::CONNECTIONS as usize {
        tokio::task::yield_now().await;
    }
    relay.silence();
    let asked_at = Instant::now();
    timeout(SOON, works(&pool)).await.unwrap().unwrap();
    assert!(asked_at.elapsed() < Duration::from_secs(5), "{:?}", asked_at.elapsed());
    timeout(SOON, pool.close()).await.unwrap();
}

#[sqlx::test]
async fn connections_that_went_silent_while_they_were_lent_give_their_places_back(db: PgPool) {
    let relay = Relay::before(&db).await;
    let pool = pool(relay.options());
    let lent = lent(&pool).await;
    let asking = lent.into_iter().map(async |mut connection| {
        heard(async { Ok::<_, StorageError>(sqlx::query("select 1").execute(&mut *connection).await?) }).await
    });
    relay.silence();
    let silent_at = Instant::now();
    for asked in timeout(3 * SOON, join_all(asking)).await.expect("nobody waits for ever") {
        assert_eq!(asked.unwrap_err().cause(), Cause::Away);
    }
    while works(&pool).await.is_err() {
        assert!(silent_at.elapsed() < Duration::from_secs(50));
    }
    assert!(silent_at.elapsed() < Duration::from_secs(40), "{:?}", silent_at.elapsed());
    let all = timeout(SOON, self::lent(&pool)).await.expect("every place is free again");
    drop(all);
    timeout(SOON, pool.close()).await.unwrap();
}
