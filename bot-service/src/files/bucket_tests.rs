//! The same copying into a bucket that is as strict as the real ones.

use axum::http::Method;
use chrono::TimeDelta;
use simulator::s3::{Fault, Options, Simulator as Bucket};
use simulator::telegram::{Body, Photo};
use sqlx::PgPool;

use super::store::tests::whole;
use super::tests::{JPEG, World, document};
use crate::test_app;

async fn world(db: PgPool) -> (World, Bucket) {
    let bucket = Bucket::start(Options::default()).await.unwrap();
    let settings = test_app::of_bucket(&bucket);
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    (World::told(db, &settings).await, bucket)
}

/// Why the newest file is not copied.
async fn why(world: &World) -> Option<String> {
    let last = "select last_error from measurement_files order by id desc limit 1";
    sqlx::query_scalar(last).fetch_one(&world.app.db).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_sent_lies_in_the_bucket_once_under_its_own_name(db: PgPool) {
    let (world, bucket) = world(db).await;
    world.says(Body::Photo(Photo::read(&JPEG).unwrap())).await;
    world.says(document(b"abc")).await;
    world.says(document(b"abc")).await;
    assert_eq!([world.copies().await, world.copies().await], [2, 1]);
    let contents = bucket.contents();
    assert_eq!(contents.len(), 2, "{contents:?}");
    let name = "files/ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(contents[name].as_ref(), b"abc");
    let photo = world.files().await[0].sha256.unwrap();
    assert_eq!(whole(&world.app.store, &photo).await, JPEG);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_bucket_that_is_away_is_seen_and_tried_again(db: PgPool) {
    let (world, bucket) = world(db).await;
    bucket.fails(Fault::Unavailable);
    world.says(document(b"abc")).await;
    assert_eq!(world.copies().await, 1);
    assert_eq!((why(&world).await.as_deref(), world.failed().await), (Some("storage"), 1));
    bucket.recovers();
    assert_eq!(world.copies().await, 0, "it waits");
    world.app.clock.advance(TimeDelta::seconds(10));
    assert_eq!((world.copies().await, world.failed().await), (1, 0));
    assert_eq!(bucket.contents().len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn one_refusal_of_a_busy_bucket_costs_nothing(db: PgPool) {
    let (world, bucket) = world(db).await;
    bucket.fails_once(Method::PUT, Fault::Unavailable);
    world.says(document(b"abc")).await;
    assert_eq!((world.copies().await, world.failed().await), (1, 0));
    let put = bucket.seen().into_iter().filter(|seen| seen.method == Method::PUT);
    assert_eq!(put.map(|seen| seen.status).collect::<Vec<_>>(), [503, 200]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_connection_that_breaks_while_a_copy_is_read_costs_nothing(db: PgPool) {
    let (world, bucket) = world(db).await;
    let content = vec![7; 300_000];
    world.says(document(&content)).await;
    world.copies().await;
    let sha = world.files().await[0].sha256.unwrap();
    bucket.fails_once(Method::GET, Fault::BreakOff);
    assert!(whole(&world.app.store, &sha).await == content);
    let read: Vec<_> = bucket.seen().into_iter().filter(|seen| seen.method == Method::GET).collect();
    assert_eq!(read.iter().map(|seen| seen.status).collect::<Vec<_>>(), [200, 206], "the rest of it");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_copy_that_is_gone_is_told_from_a_bucket_that_is(db: PgPool) {
    let (world, bucket) = world(db.clone()).await;
    world.says(document(b"abc")).await;
    world.copies().await;
    let sha = world.files().await[0].sha256.unwrap();
    bucket.forgets();
    assert!(world.app.store.read(&sha).await.unwrap().is_none());
    let mut settings = test_app::of_bucket(&bucket);
    settings[0].1 = "s3://other".into();
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let other = test_app::app(db, &settings);
    assert!(other.store.read(&sha).await.is_err());
}
