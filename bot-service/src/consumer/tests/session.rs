//! What is in hand, and what becomes of it.

use super::*;

/// As many as one session holds.
const PREFETCH: u32 = 256;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn no_more_is_in_hand_than_the_limit_and_nothing_is_acknowledged_before_it_is_committed(db: PgPool) {
    let app = test_app::app(db.clone(), &[]);
    let address = app.config.broker.addresses()[0].to_string();
    let connection = lapin::Connection::connect(&address, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let queue = format!("test.{}", Uuid::new_v4());
    let options = QueueDeclareOptions { exclusive: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.as_str().into(), options, FieldTable::default()).await.unwrap();
    let all = PREFETCH + 44;
    for lead in 0..all {
        let (options, key) = (BasicPublishOptions::default(), queue.as_str().into());
        let body = event(i64::from(lead), now());
        channel.basic_publish("".into(), key, options, &body, BasicProperties::default()).await.unwrap();
    }
    // Away: nothing can be committed.
    db.close().await;
    let shutdown = CancellationToken::new();
    let consuming = super::super::session::run(&app, &connection, &queue, PATIENCE, &shutdown);
    let looking = async {
        waits_for(&channel, &queue, all - PREFETCH).await;
        shutdown.cancel();
    };
    let both = async { tokio::join!(consuming, looking) };
    let (ended, ()) = timeout(Duration::from_secs(30), both).await.expect("a stop takes a moment");
    ended.unwrap();
    waits_for(&channel, &queue, all).await;
}

/// Until so many messages are in nobody's hands.
async fn waits_for(channel: &Channel, queue: &str, messages: u32) {
    let deadline = Instant::now() + Duration::from_secs(15);
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    loop {
        let declared = channel.queue_declare(queue.into(), options, FieldTable::default()).await.unwrap();
        if declared.message_count() == messages {
            return;
        }
        assert!(Instant::now() < deadline, "{} instead of {messages}", declared.message_count());
        sleep(Duration::from_millis(20)).await;
    }
}
