use futures_util::{StreamExt, stream};
use lapin::options::QueueBindOptions;
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties};
use shared::topology;

use crate::service::{Service, amqp_url, new_id};

/// What somebody did by hand: contacts lead nowhere, and what leads nowhere is not kept.
pub struct Torn {
    channel: Channel,
    _connection: Connection,
}

impl Torn {
    pub async fn new() -> Self {
        let connection = Connection::connect(&amqp_url(), ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        topology::declare(&channel).await.unwrap();
        for (queue, exchange, key) in [
            (topology::LEAD_EVENTS, topology::EVENTS, "contact.update"),
            (topology::UNROUTABLE, topology::UNROUTABLE, ""),
        ] {
            let arguments = FieldTable::default();
            channel.queue_unbind(queue.into(), exchange.into(), key.into(), arguments).await.unwrap();
        }
        Self { channel, _connection: connection }
    }

    pub async fn mend(self) {
        let arguments = FieldTable::default();
        let options = QueueBindOptions::default();
        let (queue, exchange) = (topology::LEAD_EVENTS.into(), topology::EVENTS.into());
        self.channel.queue_bind(queue, exchange, "contact.update".into(), options, arguments).await.unwrap();
        topology::declare(&self.channel).await.unwrap();
    }
}

/// Leads that are taken, and among them contacts that are not.
fn body(first: i64) -> String {
    let parts = (0..200).map(|number| {
        let entity = if number % 10 == 3 { "contacts[update]" } else { "leads[add]" };
        format!("{entity}[{number}][id]={}", first + number)
    });
    parts.collect::<Vec<_>>().join("&")
}

/// The client library says of the wrong message that it was returned, where several are under way at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_no_queue_took_is_never_called_published_however_much_is_under_way() {
    let service = Service::ready().await;
    let torn = Torn::new().await;
    let posts = (0..100).map(|_| service.hook(body(new_id())));
    let answers: Vec<_> = stream::iter(posts).buffer_unordered(8).collect().await;
    let metrics = service.get("/metrics").await.text().await.unwrap();
    torn.mend().await;

    assert!(answers.iter().all(|answer| answer.status().as_u16() == 503), "each body has lost a part");
    assert!(metrics.contains(r#"ingest_publish_total{outcome="returned"}"#), "{metrics}");
    let published: Vec<_> =
        metrics.lines().filter(|line| line.contains(r#"ingest_events_total{kind="contact"#)).collect();
    assert!(published.is_empty(), "in no queue, and called published: {published:?}");
    assert_eq!(service.hook(body(new_id())).await.status().as_u16(), 200, "once the way is mended");
}
