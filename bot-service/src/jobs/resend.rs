//! Bodies of webhooks that an admin wants read again: posted to ingest-service as AmoCRM posts them.
//!
//! Whoever dies after the answer posts once more, which does no harm. A body that is still not readable comes back
//! through the broker, perhaps before the answer does (`storage/parked_messages/sending.rs`).

use std::time::Duration;

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::domain::failures::NotSent;
use crate::leader::Fence;
use crate::storage::parked_messages::{self, Outgoing};

const LOOP: &str = "resending";
const EVERY: Duration = Duration::from_secs(2);
const LIMIT: Duration = Duration::from_secs(10);

/// Sends what is to be sent until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    let client = match Client::builder().timeout(LIMIT).redirect(Policy::none()).build() {
        Ok(client) => client,
        Err(error) => {
            tracing::error!(%error, "No body of a webhook can be sent again");
            return;
        }
    };
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        match step(app, fence, &client).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "Could not send the body of a webhook again");
            }
        }
        fence.rest(LOOP, sleep(EVERY), over).await;
    }
}

/// Sends one body; `false` if there is none.
pub async fn step(app: &App, fence: &Fence, client: &Client) -> anyhow::Result<bool> {
    let Some(outgoing) = parked_messages::due(&mut *app.db.acquire().await?).await? else { return Ok(false) };
    let outcome = post(app, client, &outgoing).await;
    tracing::info!(parked = outgoing.id.0, ?outcome, "Sent the body of a webhook again");
    let mut transaction = app.db.begin().await?;
    match outcome {
        Ok(()) => parked_messages::sent(&mut transaction, &outgoing).await?,
        Err(why) => parked_messages::not_sent(&mut transaction, &outgoing, why).await?,
    }
    fence.hold(&mut transaction).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn post(app: &App, client: &Client, outgoing: &Outgoing) -> Result<(), NotSent> {
    let Some(webhook) = &app.config.webhook else { return Err(NotSent::NoAnswer) };
    let mut request = client.post(webhook.destination().expose_secret()).body(outgoing.body.clone());
    if let Some(content_type) = &outgoing.content_type {
        request = request.header(CONTENT_TYPE, content_type);
    }
    let status = request.send().await.map_err(|_| NotSent::NoAnswer)?.status();
    if status.is_success() { Ok(()) } else { Err(NotSent::Refused(status.as_u16())) }
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::domain::failures::{ParkedKind, WhyParked};
    use crate::storage::parked_messages::{Arrival, From};
    use crate::test_app;

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_body_that_nobody_takes_is_where_it_was(db: PgPool) {
        // Nothing listens there.
        let settings = [("WEBHOOK_HOST", "http://127.0.0.1:9"), ("WEBHOOK_SECRET", "0123456789abcdef")];
        let app = test_app::app(db, &settings);
        let fence = test_app::fence(&app).await;
        let arrival = Arrival {
            kind: ParkedKind::Webhook,
            message_id: None,
            content_type: Some("a header\nthat is none".into()),
            why: WhyParked::Json,
            reason: String::new(),
            body: b"{".to_vec(),
            received_at: app.now(),
        };
        let conn = &mut *app.db.acquire().await.unwrap();
        parked_messages::park(conn, &arrival, app.now()).await.unwrap();
        let list = async || {
            let conn = &mut *app.db.acquire().await.unwrap();
            parked_messages::list(conn, From::Start, 9).await.unwrap()
        };
        let client = Client::new();
        assert!(!step(&app, &fence, &client).await.unwrap(), "nobody has asked for it");
        parked_messages::send(conn, list().await[0].id).await.unwrap();
        assert!(step(&app, &fence, &client).await.unwrap());
        let row = list().await[0];
        assert_eq!((row.last_error, row.is_sending), (Some(NotSent::NoAnswer), false));
        assert!(!step(&app, &fence, &client).await.unwrap());
    }
}
