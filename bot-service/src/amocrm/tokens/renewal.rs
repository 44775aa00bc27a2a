//! The pair of tokens of an integration with OAuth.
//!
//! A refresh token is good for one refresh, so one replica refreshes at a time, and has said so in the database
//! before it asks. What it receives is stored before anybody uses it, also by a replica that leads no more: it is
//! the only one that knows the pair. Its work is not given up half way.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::redirect::Policy;
use reqwest::{StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use shared::clock::Clock;
use shared::json;
use sqlx::PgPool;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::task::TaskTracker;

use crate::amocrm::client::refusal;
use crate::amocrm::error::{AmoCrmError, Call};
use crate::complaint::Complaint;
use crate::config::OAuthConfig;
use crate::storage::amocrm_tokens::{self as storage, NewPair, Pair};
use crate::storage::{StorageError, heard};

/// AmoCRM's answer to a refresh. Whoever claimed one is waited for 45 seconds.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);
/// Whoever needs the token waits no longer for a pair to be stored; the storing itself goes on.
const STORED_WITHIN: Duration = Duration::from_secs(25);
const STORE_PAUSE: Duration = Duration::from_millis(500);
/// For somebody else's refresh.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(200);
/// So long before its end a token is renewed.
const AHEAD: TimeDelta = TimeDelta::hours(1);
/// A token that is refused, or near its end, although it is younger is not helped by another one.
const FRESH: TimeDelta = TimeDelta::minutes(5);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

pub struct Renewal {
    inner: Arc<Inner>,
    tasks: TaskTracker,
}

struct Inner {
    config: OAuthConfig,
    endpoint: Url,
    http: reqwest::Client,
    db: PgPool,
    clock: Clock,
}

/// What AmoCRM answers to a refresh.
#[derive(Deserialize)]
struct Answer {
    access_token: String,
    refresh_token: String,
    /// Seconds.
    expires_in: i64,
}

impl Renewal {
    /// # Errors
    ///
    /// If the TLS library does not start.
    pub fn new(config: OAuthConfig, endpoint: Url, db: PgPool, clock: Clock) -> anyhow::Result<Self> {
        let builder = reqwest::Client::builder().connect_timeout(CONNECT_LIMIT);
        let http = builder.redirect(Policy::none()).build()?;
        Ok(Self { inner: Arc::new(Inner { config, endpoint, http, db, clock }), tasks: TaskTracker::new() })
    }

    /// Begins with the pair of the settings, if it is a new one.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn plant(&self, access: Option<&SecretString>) -> Result<(), StorageError> {
        let inner = &self.inner;
        storage::plant(&mut *inner.db.acquire().await?, &inner.config.refresh_token, access).await
    }

    /// A token that lasts, other than the refused one.
    ///
    /// # Errors
    ///
    /// If there is none, and none can be had now.
    pub async fn access_token(&self, refused: Option<&SecretString>) -> Result<SecretString, AmoCrmError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let pair = self.inner.find().await.map_err(AmoCrmError::Storage)?;
            let now = self.inner.clock.now();
            let still_good = usable(&pair, refused, now);
            if let Some(token) = still_good.filter(|_| pair.expires_at.is_none_or(|at| at - now > AHEAD)) {
                return Ok(token.clone());
            }
            if pair.received_at.is_some_and(|at| now - at < FRESH) {
                return still_good.cloned().ok_or(AmoCrmError::TokenRefused { call: Call::Token });
            }
            let renewed = self.renew(pair.clone()).await;
            let is_ours = renewed.is_err();
            let failure = match renewed {
                Ok(true) => continue,
                Ok(false) if pair.is_lost => AmoCrmError::RefreshRefused,
                Ok(false) => AmoCrmError::TokenAwaited,
                Err(error) => error,
            };
            match still_good {
                Some(token) => return Ok(token.clone()),
                None if is_ours || pair.is_refused || Instant::now() >= deadline => return Err(failure),
                None => sleep(LOOK).await,
            }
        }
    }

    /// Whether it was free to be renewed. What was claimed is asked for and stored, also where nobody waits for it
    /// any more.
    async fn renew(&self, pair: Pair) -> Result<bool, AmoCrmError> {
        let inner = Arc::clone(&self.inner);
        let renewing = self.tasks.spawn(async move {
            let is_claimed = inner.claim(&pair).await.map_err(AmoCrmError::Storage)?;
            if is_claimed {
                inner.renew(&pair).await?;
            }
            Ok(is_claimed)
        });
        let renewed = timeout(ANSWER_LIMIT + STORED_WITHIN, renewing).await;
        renewed.unwrap_or(Ok(Err(AmoCrmError::TokenAwaited))).unwrap_or(Err(AmoCrmError::TokenAwaited))
    }

    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// The pair's access token, unless it is over or refused.
fn usable<'a>(
    pair: &'a Pair,
    refused: Option<&SecretString>,
    now: DateTime<Utc>,
) -> Option<&'a SecretString> {
    let refused = refused.map(ExposeSecret::expose_secret);
    let access = pair.access.as_ref().filter(|access| Some(access.expose_secret()) != refused);
    access.filter(|_| pair.expires_at.is_none_or(|at| at > now))
}

impl Inner {
    async fn find(&self) -> Result<Pair, StorageError> {
        let finding = async { storage::find(&mut *self.db.acquire().await?).await };
        heard(finding).await?.ok_or(StorageError::Unmatched { table: "amocrm_tokens", rows: 0 })
    }

    async fn claim(&self, pair: &Pair) -> Result<bool, StorageError> {
        heard(async { storage::claim(&mut *self.db.acquire().await?, pair.version).await }).await
    }

    async fn renew(&self, pair: &Pair) -> Result<(), AmoCrmError> {
        let received = self.ask(pair).await;
        metrics::counter!("bot_amocrm_calls_total", "call" => Call::Token.as_str(),
            "outcome" => received.as_ref().map_or_else(AmoCrmError::as_str, |_| "ok"))
        .increment(1);
        let (is_refused, result) = match received {
            Ok(new) => {
                self.keep(pair.version, &new).await;
                return Ok(());
            }
            Err(AmoCrmError::RefreshRefused) => {
                tracing::warn!("AmoCRM refuses the refresh token");
                // Another replica's answer may be on its way: whether it is lost shows in a minute.
                (true, Err(AmoCrmError::TokenAwaited))
            }
            Err(error) => (false, Err(error)),
        };
        let noted = async {
            let mut conn = self.db.acquire().await?;
            if is_refused {
                storage::refuse(&mut conn, pair.version).await
            } else {
                storage::release(&mut conn, pair.version).await
            }
        };
        heard(noted).await.map_err(AmoCrmError::Storage)?;
        result
    }

    async fn ask(&self, pair: &Pair) -> Result<NewPair, AmoCrmError> {
        const CALL: Call = Call::Token;
        let body = json!({
            "client_id": self.config.client_id,
            "client_secret": self.config.client_secret.expose_secret(),
            "grant_type": "refresh_token",
            "refresh_token": pair.refresh.expose_secret(),
            "redirect_uri": self.config.redirect_uri,
        });
        let unreachable =
            |source: reqwest::Error| AmoCrmError::Unreachable { call: CALL, source: source.without_url() };
        let request = self.http.post(self.endpoint.clone()).timeout(ANSWER_LIMIT).json(&body);
        let response = request.send().await.map_err(unreachable)?;
        match response.status() {
            StatusCode::OK => {
                let body = response.bytes().await.map_err(unreachable)?;
                let answer: Answer =
                    json::read(&body).map_err(|error| AmoCrmError::unreadable(CALL, &error))?;
                Ok(self.pair(answer))
            }
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => Err(AmoCrmError::RefreshRefused),
            _ => Err(refusal(CALL, response).await),
        }
    }

    fn pair(&self, answer: Answer) -> NewPair {
        let lasts = TimeDelta::try_seconds(answer.expires_in).unwrap_or_default();
        NewPair {
            refresh: answer.refresh_token.into(),
            access: answer.access_token.into(),
            expires_at: self.clock.now() + lasts,
        }
    }

    /// Nobody else knows the pair, and nobody can spend it while the database is away: it is waited for, for as long
    /// as the process lives.
    async fn keep(&self, version: i64, new: &NewPair) {
        let mut failing = Complaint::about("New tokens of AmoCRM are not stored yet");
        loop {
            let stored = async {
                let mut conn = self.db.acquire().await?;
                storage::store(&mut conn, version, new, self.clock.now()).await
            };
            match heard(stored).await {
                Ok(true) => {
                    failing.works();
                    return tracing::info!("Received and stored new tokens of AmoCRM");
                }
                Ok(false) => {
                    return tracing::warn!("The new tokens came too late: others have taken their place");
                }
                Err(error) => failing.fails(error),
            }
            sleep(STORE_PAUSE).await;
        }
    }
}
