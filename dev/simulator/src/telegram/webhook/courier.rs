//! Carries updates to the webhook, again and again until it takes them or they expire.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::Delivery;
use crate::telegram::shared::Shared;
use crate::telegram::state::State;
use crate::telegram::updates::ToPost;

/// A webhook that is silent for longer has failed.
const PATIENCE: Duration = Duration::from_mins(1);
const LONG: Duration = Duration::from_hours(1);

/// An update on its way.
struct Parcel {
    update: ToPost,
    url: Url,
    secret: String,
    server: Option<String>,
}

/// What came back.
struct Receipt {
    status: Option<u16>,
    retry_after: Option<Duration>,
    /// Why it was not taken.
    error: Option<String>,
}

/// Posts until `stopping`.
pub(in crate::telegram) async fn run(shared: Arc<Shared>, stopping: CancellationToken) {
    let built = Client::builder().timeout(PATIENCE).redirect(Policy::none()).no_proxy().build();
    let client = match built {
        Ok(client) => client,
        Err(error) => {
            return tracing::error!(error = &error as &dyn std::error::Error, "No webhooks are posted");
        }
    };
    let (mut changes, mut posting) = (shared.changes(), JoinSet::new());
    loop {
        let (parcels, next) = shared.look(take);
        for parcel in parcels {
            posting.spawn(deliver(Arc::clone(&shared), client.clone(), parcel));
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            _ = changes.changed() => {}
            Some(_) = posting.join_next() => {}
            () = sleep_until(next.unwrap_or_else(|| Instant::now() + LONG)) => {}
        }
    }
}

fn take(state: &mut State) -> (Vec<Parcel>, Option<Instant>) {
    let Some(webhook) = &state.webhook else { return (Vec::new(), None) };
    state.updates.forget_expired(state.now);
    let (due, next) = state.updates.take_to_post(webhook.max_connections, Instant::now());
    let (url, secret) = (webhook.url.clone(), webhook.secret.clone());
    let host = url.host_str().unwrap_or_default().to_owned();
    let parcel = |update| {
        let server = state.hosts.turn(&host);
        Parcel { update, url: url.clone(), secret: secret.clone(), server }
    };
    (due.into_iter().map(parcel).collect(), next)
}

async fn deliver(shared: Arc<Shared>, client: Client, parcel: Parcel) {
    let receipt = match &parcel.server {
        Some(server) => post(&client, server, &parcel).await,
        None => Receipt::of_failure("Connection refused"),
    };
    shared.change(|state| settle(state, parcel, receipt));
}

async fn post(client: &Client, server: &str, parcel: &Parcel) -> Receipt {
    let mut request = client.post(format!("{server}{}", parcel.url.path())).json(&parcel.update.body);
    if !parcel.secret.is_empty() {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", &parcel.secret);
    }
    match request.send().await {
        Ok(answer) if answer.status().is_success() => {
            Receipt { status: Some(answer.status().as_u16()), retry_after: None, error: None }
        }
        Ok(answer) => {
            let asked = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            Receipt {
                status: Some(answer.status().as_u16()),
                retry_after: asked.map(Duration::from_secs),
                error: Some(format!("Wrong response from the webhook: {}", answer.status())),
            }
        }
        Err(error) if error.is_timeout() => Receipt::of_failure("Read timeout expired"),
        Err(error) if error.is_connect() => Receipt::of_failure("Connection refused"),
        Err(_) => Receipt::of_failure("Connection reset by peer"),
    }
}

impl Receipt {
    fn of_failure(error: &str) -> Self {
        Self { status: None, retry_after: None, error: Some(error.to_owned()) }
    }
}

/// The webhook may be another one by now, and the update may be gone.
fn settle(state: &mut State, parcel: Parcel, receipt: Receipt) {
    let (id, is_taken) = (parcel.update.id, receipt.error.is_none());
    state.updates.posted(id, is_taken, receipt.retry_after, Instant::now());
    let server = parcel.server.unwrap_or_default();
    state.deliveries.push(Delivery { update_id: id, server, status: receipt.status, at: state.now });
    if let (Some(webhook), Some(error)) = (&mut state.webhook, receipt.error)
        && webhook.url == parcel.url
    {
        webhook.last_error = Some((state.now, error));
    }
}
