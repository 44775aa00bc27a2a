//! With a spool: AmoCRM never hears that the broker is away, and everything arrives when it is back.

mod adoption;
mod disk;
mod killed;
mod outage;
mod trouble;

use std::path::Path;

use lapin::message::Delivery;

use crate::service::Service;

/// Without events in its file, and with no file but its own.
async fn is_drained(service: &Service) {
    service.until("everything is drained", async || service.metric("ingest_spool_events").await == 0.0).await;
}

fn files(dir: &Path) -> usize {
    std::fs::read_dir(dir).unwrap().count()
}

fn id_of(delivery: &Delivery) -> String {
    delivery.properties.message_id().as_ref().unwrap().to_string()
}

fn deals(ids: impl IntoIterator<Item = i64>) -> String {
    let parts = ids.into_iter().enumerate().map(|(index, id)| format!("leads[add][{index}][id]={id}"));
    parts.collect::<Vec<_>>().join("&")
}
