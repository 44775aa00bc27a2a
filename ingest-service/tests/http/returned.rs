use futures_util::{StreamExt, stream};
use lapin::options::QueueBindOptions;
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties};
use shared::topology;

use crate::service::{Service, amqp_url, new_id};

/// What somebody did by hand: contacts lead nowhere, and what leads nowhere is not kept.
struct Torn {
    channel: Channel,
    _connection: Connection,
}

impl Torn {
    async fn new() -> Self {
        let connection = Connection::connect(&amqp_url(), ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        topology::declare(&channel).await.unwrap();
        for (queue, exchange, key) in [
            (topology::LEAD_EVENTS, topology::EVENTS, "contact.#"),
            (topology::UNROUTABLE, topology::UNROUTABLE, ""),
        ] {
            let arguments = FieldTable::default();
            channel.queue_unbind(queue.into(), exchange.into(), key.into(), arguments).await.unwrap();
        }
        Self { channel, _connection: connection }
    }

    async fn mend(self) {
        let arguments = FieldTable::default();
        let options = QueueBindOptions::default();
        let (queue, exchange) = (topology::LEAD_EVENTS.into(), topology::EVENTS.into());
        self.channel.queue_bind(queue, exchange, "contact.#".into(), options, arguments).await.unwrap();
        topology::declare(&self.channel).await.unwrap();
    }
}

/// The client library says of the wrong message that it was returned, where several are under way at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_no_queue_took_is_never_called_accepted_however_much_is_under_way() {
    let service = Service::ready().await;
    let torn = Torn::new().await;
    let first = new_id();
    let posts = (0..2_000).map(|number| {
        let (is_contact, id) = (number % 10 == 0, first + number);
        let entity = if is_contact { "contacts[update]" } else { "leads[add]" };
        let body = format!("{entity}[0][id]={id}");
        let service = &service;
        async move { (is_contact, service.hook(body).await.status().as_u16()) }
    });
    let answers: Vec<_> = stream::iter(posts).buffer_unordered(100).collect().await;
    torn.mend().await;

    let count = |wanted| answers.iter().filter(|answer| **answer == wanted).count();
    assert_eq!(count((true, 200)), 0, "contacts that are in no queue");
    assert_eq!(count((true, 503)), 200);
    assert_eq!(count((false, 200)) + count((false, 503)), 1_800);
    let whole = service.hook(format!("contacts[update][0][id]={first}")).await;
    assert_eq!(whole.status().as_u16(), 200, "as before, once the way is mended");
}
