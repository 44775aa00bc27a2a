//! Every migration is applied over rows of the time before it (`migrations/samples`), and what they mean is read at
//! the end by the code of today.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sqlx::migrate::Migration;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use crate::domain::facts::Facts;
use crate::domain::ids::{CardId, ChatId, HistoryId, MeasurementId, OutboxId, UserId};
use crate::domain::measurement::StatusKind;
use crate::storage::parked_messages::From;
use crate::storage::{
    amo_directory, amocrm_tokens, cards, chats, failure_decisions, history, lead_nudges, leads, leases,
    measurements, outbox, parked_messages, recorded_deals, settings, telegram_updates, users,
};
use crate::testing::at;
use shared::ids::LeadId;

/// The rows that a migration takes away on purpose, by table: the lines `-- takes: TABLE COUNT` of its samples.
type Taken = BTreeMap<String, i64>;

fn samples(migration: &Migration) -> (String, Taken) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/samples");
    let name = format!("{}_{}.sql", migration.version, migration.description.replace(' ', "_"));
    let rows = fs::read_to_string(folder.join(&name)).unwrap_or_else(|error| {
        panic!("a migration comes with sample rows: migrations/samples/{name} cannot be read: {error}")
    });
    let takes = rows.lines().filter_map(|line| line.strip_prefix("-- takes: ")?.split_once(' '));
    let takes = takes.map(|(table, count)| (table.to_owned(), count.trim().parse().unwrap())).collect();
    (rows, takes)
}

/// How many rows each table has.
async fn counts(conn: &mut PgConnection) -> BTreeMap<String, i64> {
    let tables: Vec<String> =
        sqlx::query_scalar("select tablename from pg_tables where schemaname = 'public'")
            .fetch_all(&mut *conn)
            .await
            .unwrap();
    let mut counts = BTreeMap::new();
    for table in tables {
        let count = AssertSqlSafe(format!(r#"select count(*) from "{table}""#));
        counts.insert(table, sqlx::query_scalar(count).fetch_one(&mut *conn).await.unwrap());
    }
    counts
}

async fn run(conn: &mut PgConnection, sql: &str, what: &str) {
    let ran = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *conn).await;
    ran.unwrap_or_else(|error| panic!("{what}: {error}"));
}

/// Everything applied in its order, each over the rows of all before it.
async fn grown(conn: &mut PgConnection) {
    for migration in crate::MIGRATOR.iter() {
        let (name, (rows, mut taken)) = (&migration.description, samples(migration));
        let before = counts(conn).await;
        run(conn, migration.sql.as_str(), &format!("the migration `{name}`")).await;
        let migrated = counts(conn).await;
        for (table, count) in before {
            let left = migrated.get(&table).copied().unwrap_or_default();
            let taken = taken.remove(&table).unwrap_or_default();
            assert_eq!(left, count - taken, "rows of {table} after the migration `{name}`");
        }
        assert!(taken.is_empty(), "`{name}` takes from tables that are not there: {taken:?}");
        run(conn, &rows, &format!("the samples of `{name}`")).await;
        let total = |counts: &BTreeMap<String, i64>| counts.values().sum::<i64>();
        assert!(total(&counts(conn).await) > total(&migrated), "`{name}` has sample rows");
    }
}

#[sqlx::test]
async fn rows_of_any_time_are_kept_and_understood(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    grown(conn).await;
    for (table, count) in counts(conn).await {
        assert!(count > 0, "no migration was applied over rows of {table}");
    }
    people(conn).await;
    deals(conn).await;
    work(conn).await;
    messages(conn).await;
    stuck(conn).await;
    single_values(conn).await;
}

async fn stuck(conn: &mut PgConnection) {
    assert_eq!(parked_messages::list(conn, From::Start, 10).await.unwrap().len(), 2);
    assert_eq!(failure_decisions::list(conn, 10).await.unwrap().len(), 2);
    assert!(failure_decisions::last_of_deal(conn, LeadId(505)).await.unwrap().is_some());
}

async fn people(conn: &mut PgConnection) {
    assert_eq!(users::list(conn, None, 0, 10, 10).await.unwrap().len(), 6);
    let mary = users::find(conn, UserId(3)).await.unwrap().unwrap();
    assert_eq!(mary.name.last.as_deref(), Some("Smith"));
    assert!(users::find(conn, UserId(4)).await.unwrap().is_some());
    assert!(chats::find_by_user(conn, UserId(2)).await.unwrap().is_some());
    assert!(users::find_by_chat(conn, ChatId(1009)).await.unwrap().is_none(), "a stranger");
}

async fn deals(conn: &mut PgConnection) {
    let known = leads::list(conn, &[LeadId(501), LeadId(502)]).await.unwrap();
    assert_eq!(known.len(), 2);
    let claims = lead_nudges::claim(conn, at(0), 10).await.unwrap();
    let entries: usize = claims.iter().map(|claim| claim.entries.len()).sum();
    assert_eq!((claims.len(), entries), (4, 1), "the entry of the first hour is read today");
    assert_eq!(amo_directory::unsorted(conn).await.unwrap().len(), 1);
    assert!(amo_directory::has_stages(conn).await.unwrap());
    assert_eq!(recorded_deals::count(conn, at_of_recording(), at(0)).await.unwrap().0, 2);
}

fn at_of_recording() -> chrono::DateTime<chrono::Utc> {
    "2026-11-24T07:00:00Z".parse().unwrap()
}

async fn work(conn: &mut PgConnection) {
    use StatusKind::{Assigned, Cancelled, Completed, InProgress, Pending};
    let mut kinds = Vec::new();
    for id in 1..=7 {
        let measurement = measurements::find(conn, MeasurementId(id)).await.unwrap().unwrap();
        kinds.push(measurement.status().kind());
        for line in history::list(conn, MeasurementId(id)).await.unwrap() {
            assert_eq!(history::find(conn, line.id).await.unwrap(), Some(line));
        }
    }
    assert_eq!(kinds, [Pending, Assigned, InProgress, Completed, Cancelled, Cancelled, Cancelled]);
    let first = measurements::find(conn, MeasurementId(1)).await.unwrap().unwrap();
    let Facts { phones, order_number, .. } = &first.facts;
    assert_eq!((phones.len(), order_number.as_deref()), (2, Some("77")));
    assert!(history::find(conn, HistoryId(8)).await.unwrap().is_some());
}

async fn messages(conn: &mut PgConnection) {
    for id in 1..=4 {
        assert!(cards::find(conn, CardId(id)).await.unwrap().is_some(), "card {id}");
    }
    assert_eq!(outbox::list_due(conn, &[], at(0)).await.unwrap().len(), 2);
    for id in [1, 6] {
        assert!(outbox::find_pending(conn, OutboxId(id)).await.unwrap().is_some(), "message {id}");
    }
    let due = telegram_updates::oldest(conn, 42, ChatId(1002), at(0)).await.unwrap().unwrap();
    assert_eq!((due.attempts, due.is_answered), (1, false));
}

async fn single_values(conn: &mut PgConnection) {
    assert_eq!(amocrm_tokens::find(conn).await.unwrap().unwrap().version, 3);
    let name: Option<String> = settings::find(conn, "bot_username").await.unwrap();
    assert_eq!(name.as_deref(), Some("zamer_bot"));
    assert!(leases::hold(conn, 7).await.unwrap(), "an epoch is not counted anew");
}
