use std::path::Path;

use redb::{Database, TableDefinition};
use serde_json::json;

use super::{deals, id_of, is_drained};
use crate::returned::Torn;
use crate::service::{Service, amqp_url, hook_in_time, new_id};
use crate::tap::Tap;

/// A message that no queue takes spoils whatever is published with it: see `publisher/window.rs`.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_the_broker_does_not_take_does_not_hold_up_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let service = Service::with_spool(&amqp_url(), dir.path()).await;
    service.becomes_ready().await;
    let mut tap = Tap::leads().await;
    let torn = Torn::new().await;
    let (contact, deal) = (new_id(), new_id());
    let body = format!("contacts[update][0][id]={contact}&{}", deals([deal]));
    assert_eq!(hook_in_time(&service, body).await, "200 ", "both are safe");
    tap.lead(deal).await;
    let waits_alone = async || (service.metric("ingest_spool_events").await - 1.0).abs() < 0.5;
    service.until("only the contact waits", waits_alone).await;
    let next = new_id();
    assert_eq!(hook_in_time(&service, deals([next])).await, "200 ");
    tap.lead(next).await;
    assert!(service.metric("ingest_spool_events").await >= 1.0, "it still waits");

    torn.mend().await;
    is_drained(&service).await;
    let contacts = service.metric(r#"ingest_events_total{kind="contact.update"}"#).await;
    assert!((contacts - 1.0).abs() < 0.5, "published once there was a way: {contacts}");
}

/// By the library's means alone, as a version before or after this one may have written it.
fn file_of_another_version(path: &Path, deal: i64) {
    let records: TableDefinition<'_, u64, (i64, &str, &[u8])> = TableDefinition::new("records");
    let totals: TableDefinition<'_, &str, u64> = TableDefinition::new("totals");
    let head = json!({
        "exchange": "amocrm.events",
        "routing_key": "lead.add",
        "properties": { "message_id": "00000000-0000-0000-0000-000000000007", "delivery_mode": 2 },
    });
    let body = json!({
        "version": 1,
        "id": "00000000-0000-0000-0000-000000000007",
        "received_at": "2026-11-30T12:00:00Z",
        "subject": { "kind": "lead", "lead_id": deal, "action": "add" },
    });
    let database = Database::create(path).unwrap();
    let write = database.begin_write().unwrap();
    {
        let mut records = write.open_table(records).unwrap();
        records.insert(1, (1_700_000_000_000, "what is this", b"?".as_slice())).unwrap();
        let (head, body) = (head.to_string(), body.to_string());
        records.insert(2, (1_700_000_000_000, head.as_str(), body.as_bytes())).unwrap();
        write.open_table(totals).unwrap().insert("bytes", 2048).unwrap();
    }
    write.commit().unwrap();
}

#[tokio::test]
async fn a_record_that_cannot_be_read_stays_and_does_not_hold_up_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let deal = new_id();
    file_of_another_version(&dir.path().join("left.spool"), deal);
    let mut tap = Tap::leads().await;
    let service = Service::with_spool(&amqp_url(), dir.path()).await;
    let delivery = tap.lead(deal).await;
    assert_eq!(id_of(&delivery), "00000000-0000-0000-0000-000000000007");
    let next = new_id();
    assert_eq!(hook_in_time(&service, deals([next])).await, "200 ");
    tap.lead(next).await;
    let one_stays = async || (service.metric("ingest_spool_events").await - 1.0).abs() < 0.5;
    service.until("only the other one waits", one_stays).await;
    assert!(service.metric("ingest_spool_oldest_seconds").await > 1e6, "people are told");
    assert!(dir.path().join("left.spool").exists());
}
