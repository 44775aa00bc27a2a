use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use sqlx::{ConnectOptions, PgPool};
use uuid::Uuid;

use super::*;
use crate::check::testing::shown;

const SOON: Duration = Duration::from_secs(5);

fn url(options: &PgConnectOptions) -> SecretString {
    options.to_url_lossy().to_string().into()
}

async fn said(options: &PgConnectOptions) -> String {
    shown(tried(&url(options), SOON).await)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_migrated_database_works(db: PgPool) {
    let options = db.connect_options();
    let said = said(&options).await;
    let name = options.get_database().unwrap();
    assert!(said.starts_with("ok     database  PostgreSQL 1"), "{said}");
    assert!(said.contains(&format!("at 127.0.0.1:{}, database `{name}`", options.get_port())), "{said}");
    assert!(said.ends_with("ok     schema    is up to date"), "{said}");
}

#[sqlx::test]
async fn what_the_start_will_do_to_an_empty_database_is_told_and_not_done(db: PgPool) {
    let options = db.connect_options();
    let count = MIGRATOR.iter().count();
    let wanted = format!("ok     schema    {count} migrations are pending; the start will make them");
    for _ in 0..2 {
        assert!(said(&options).await.ends_with(&wanted));
    }
    let tables: i64 = sqlx::query_scalar("select count(*) from pg_tables where schemaname = 'public'")
        .fetch_one(&db)
        .await
        .unwrap();
    assert_eq!(tables, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_schema_of_a_newer_version_fails(db: PgPool) {
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (29990101000000, 'later', true, '', 0)",
    )
    .execute(&db)
    .await
    .unwrap();
    let said = said(&db.connect_options()).await;
    assert!(said.contains("FAILS  schema    was made by a newer version"), "{said}");
}

#[sqlx::test]
async fn a_user_who_may_not_make_tables_is_told_before_the_start(db: PgPool) {
    let role = format!("checker_{}", Uuid::new_v4().simple());
    let run = async |statement: String| {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&db).await.unwrap();
    };
    run(format!("create role {role} login password 'databasesecret'")).await;
    let options = (*db.connect_options()).clone().username(&role).password("databasesecret");
    let said = said(&options).await;
    run(format!("drop role {role}")).await;
    assert!(said.contains("FAILS  schema ") && said.contains("may not make tables"), "{said}");
}

#[sqlx::test]
async fn a_refusal_says_what_to_correct(db: PgPool) {
    let good = (*db.connect_options()).clone();
    let place = format!("127.0.0.1:{}", good.get_port());
    let wrong = said(&good.clone().password("databasesecret")).await;
    assert!(
        wrong.starts_with(&format!("FAILS  database  {place} refused the user or the password\n")),
        "{wrong}"
    );
    assert!(!wrong.contains("databasesecret"));
    let missing = said(&good.clone().database("nothing_here")).await;
    assert!(
        missing.starts_with(&format!("FAILS  database  {place} has no database `nothing_here`")),
        "{missing}"
    );
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_told_with_the_reason() {
    let at =
        |host: &str, port| PgConnectOptions::new_without_pgpass().host(host).port(port).username("zamer");
    let refused = said(&at("127.0.0.1", 1)).await;
    assert!(refused.starts_with("FAILS  database  127.0.0.1:1 refused the connection\n"), "{refused}");
    let unknown = said(&at("nobody.invalid", 5432)).await;
    assert!(unknown.starts_with("FAILS  database  nobody.invalid:5432 is not known"), "{unknown}");

    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    let rows = tried(&url(&at("127.0.0.1", port)), Duration::from_secs(1)).await;
    let wanted = format!("FAILS  database  127.0.0.1:{port} did not answer within 1 s\n");
    assert!(shown(rows).starts_with(&wanted));
}
