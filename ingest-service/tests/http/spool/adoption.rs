use super::{deals, files, is_drained};
use crate::relay::{Relay, Wire, dead_url};
use crate::service::{Service, amqp_url, hook_in_time, new_id};
use crate::tap::Tap;

#[tokio::test]
async fn a_stop_loses_nothing_and_leaves_no_empty_file() {
    let dir = tempfile::tempdir().unwrap();
    let id = new_id();
    let mut first = Service::with_spool(&dead_url().await, dir.path()).await;
    assert_eq!(hook_in_time(&first, deals([id])).await, "200 ");
    first.ask_to_stop();
    first.stopped().await;
    assert_eq!(files(dir.path()), 1);

    let mut tap = Tap::leads().await;
    let mut second = Service::with_spool(&amqp_url(), dir.path()).await;
    tap.lead(id).await;
    is_drained(&second).await;
    second.ask_to_stop();
    second.stopped().await;
    assert_eq!(files(dir.path()), 0);
}

#[tokio::test]
async fn of_two_replicas_with_one_folder_each_has_its_file_and_one_drains_what_the_other_left() {
    let (dir, relay) = (tempfile::tempdir().unwrap(), Relay::to(&amqp_url()).await);
    relay.set(Wire::Cut);
    let mut one = Service::with_spool(&relay.url, dir.path()).await;
    let other = Service::with_spool(&relay.url, dir.path()).await;
    let (of_one, of_other) = (new_id(), new_id());
    assert_eq!(hook_in_time(&one, deals([of_one])).await, "200 ");
    assert_eq!(hook_in_time(&other, deals([of_other])).await, "200 ");
    assert_eq!(files(dir.path()), 2);
    assert!((other.metric("ingest_spool_events").await - 1.0).abs() < 0.5, "each its own");

    one.ask_to_stop();
    one.stopped().await;
    let waits_for_two = async || (other.metric("ingest_spool_events").await - 2.0).abs() < 0.5;
    other.until("the file is adopted, though there is no broker", waits_for_two).await;
    let mut tap = Tap::leads().await;
    relay.set(Wire::Whole);
    let (mut missing, mut seen) = (vec![of_one, of_other], 0);
    while !missing.is_empty() {
        let delivery = tap.next(|delivery| crate::tap::lead_of(delivery).is_some()).await;
        missing.retain(|id| Some(*id) != crate::tap::lead_of(&delivery));
        seen += 1;
    }
    assert!(seen >= 2);
    is_drained(&other).await;
    other.until("the adopted file is gone", async || files(dir.path()) == 1).await;
}
