//! `POST` to the path of `TELEGRAM_WEBHOOK_URL`: Telegram brings an update, to whichever replica.
//!
//! Answers 200 only once it is committed. One that is there already is fine, and so is one that nobody can read: any
//! other answer would have it brought again for a day, and hold up what the same person sends after it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures_util::StreamExt;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::timeout;

use super::Status;
use crate::app::App;
use crate::config::TelegramConfig;
use crate::storage::StorageError;
use crate::storage::telegram_updates::{self, Raw};
use crate::telegram::read;

const SECRET: &str = "x-telegram-bot-api-secret-token";
/// An update is of some kilobytes.
const LIMIT: usize = 1024 * 1024;
const BODY_WITHIN: Duration = Duration::from_secs(10);
const STORED_WITHIN: Duration = Duration::from_secs(10);
/// Telegram would wait longer each time, and a press is answerable for seconds only.
const AGAIN_AFTER: &str = "1";

/// Where updates are taken, and by which secret.
#[derive(Clone)]
pub struct Door {
    path: Arc<str>,
    /// Comparing hashes tells nothing of the secret's length either.
    secret: [u8; 32],
}

impl Door {
    /// None where no address and secret are configured. While polling too: another replica may have another mode for
    /// a while, and what comes is welcome.
    pub fn of(config: &TelegramConfig) -> Option<Self> {
        let webhook = config.webhook.as_ref()?;
        let secret = webhook.secret.as_ref()?.expose_secret();
        Some(Self { path: webhook.url.path().into(), secret: hash(secret.as_bytes()) })
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(SECRET).map_or([0; 32], |value| hash(value.as_bytes()));
        self.secret.ct_eq(&given).into()
    }
}

fn hash(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}

pub fn routes(door: Option<&Door>) -> Router<Status> {
    match door {
        Some(door) => Router::new().route(&door.path, post(receive)),
        None => Router::new(),
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Stored,
    /// It was there already.
    Repeated,
    /// Nothing tells which update it is.
    Unreadable,
    Unauthorized,
    TooLarge,
    /// The body did not arrive in time, or broke off.
    Broken,
    /// The database did not take it.
    Unavailable,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Repeated => "repeated",
            Self::Unreadable => "unreadable",
            Self::Unauthorized => "unauthorized",
            Self::TooLarge => "too_large",
            Self::Broken => "broken",
            Self::Unavailable => "unavailable",
        }
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        match self {
            Self::Stored | Self::Repeated | Self::Unreadable => StatusCode::OK.into_response(),
            Self::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            Self::Broken => StatusCode::REQUEST_TIMEOUT.into_response(),
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, AGAIN_AFTER)]).into_response()
            }
        }
    }
}

async fn receive(State(status): State<Status>, request: Request) -> Outcome {
    let outcome = take(&status, request).await;
    metrics::counter!("bot_telegram_webhook_requests_total", "outcome" => outcome.as_str()).increment(1);
    outcome
}

async fn take(status: &Status, request: Request) -> Outcome {
    let (parts, body) = request.into_parts();
    if !status.door.as_ref().is_some_and(|door| door.admits(&parts.headers)) {
        tracing::warn!("Refused an update with a wrong secret");
        return Outcome::Unauthorized;
    }
    let Some(live) = status.live.get() else { return Outcome::Unavailable };
    let bytes = match timeout(BODY_WITHIN, read_body(body)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(outcome)) => return outcome,
        Err(_) => return Outcome::Broken,
    };
    let Some(raw) = read::raw(&bytes) else {
        tracing::error!("Telegram brought an update without a number; it is skipped");
        return Outcome::Unreadable;
    };
    match timeout(STORED_WITHIN, store(&live.app, raw)).await {
        Ok(Ok(0)) => Outcome::Repeated,
        Ok(Ok(_)) => Outcome::Stored,
        Ok(Err(error)) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "An update was not stored");
            Outcome::Unavailable
        }
        Err(_) => {
            tracing::warn!("An update was not stored in time");
            Outcome::Unavailable
        }
    }
}

async fn read_body(body: Body) -> Result<Vec<u8>, Outcome> {
    let (mut chunks, mut bytes) = (body.into_data_stream(), Vec::new());
    while let Some(chunk) = chunks.next().await {
        bytes.extend_from_slice(&chunk.map_err(|_| Outcome::Broken)?);
        if bytes.len() > LIMIT {
            tracing::error!("An update of Telegram's is too large to be one");
            return Err(Outcome::TooLarge);
        }
    }
    Ok(bytes)
}

/// Whoever hangs up meanwhile is told nothing, and comes again.
async fn store(app: &App, raw: Raw) -> Result<u64, StorageError> {
    let mut transaction = app.db.begin().await?;
    let bot_id = app.config.telegram.bot_id;
    let new = telegram_updates::store(&mut transaction, bot_id, &[raw], app.now()).await?;
    transaction.commit().await?;
    metrics::counter!("bot_updates_received_total").increment(new);
    Ok(new)
}
