//! The HTTP side: one call, one answer, no memory of earlier ones but for the pace.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt, ready};
use reqwest::header::ACCEPT;
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::ids::{CompanyId, ContactId, LeadId};
use shared::json;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use super::error::{AmoCrmError, Call};
use super::gate::Closed;
use super::limiter::Limiter;
use super::model::{Company, Contact, Lead};
use super::tokens::Tokens;

mod batch;
mod lists;
mod portions;
mod refusal;

pub use lists::List;
pub use portions::{EventsOf, LeadsOf, Portion};
pub(super) use refusal::refusal;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// For lists, which nobody waits for.
const LIST_LIMIT: Duration = Duration::from_secs(20);
/// For deals and contacts: people wait for them, and a healthy AmoCRM shows a page of 250 within two seconds.
const BATCH_LIMIT: Duration = Duration::from_secs(5);
const USER_AGENT: &str = concat!("measurement-bot/", env!("CARGO_PKG_VERSION"));
/// A call in no hurry is made after this time, however busy the others are.
const LONGEST_WAY: Duration = Duration::from_secs(20);
const PAGE: u32 = 250;

/// What was asked for by ids. Ids in neither set were not in the answer, which says nothing about them.
#[derive(Debug)]
pub struct Found<T, Id> {
    pub elements: Vec<T>,
    /// In the answer or refused by AmoCRM, and not readable.
    pub unreadable: BTreeSet<Id>,
}

/// One call as it goes out.
struct Request<'a> {
    method: Method,
    path: &'a str,
    query: &'a str,
    body: Option<Value>,
}

impl<'a> Request<'a> {
    fn get(path: &'a str, query: &'a str) -> Self {
        Self { method: Method::GET, path, query, body: None }
    }

    fn with_body(method: Method, path: &'a str, body: Value) -> Self {
        Self { method, path, query: "", body: Some(body) }
    }
}

/// Is told of every call that came to its end, however it ended.
pub type Beat = Box<dyn Fn(Call) + Send + Sync>;

/// Is asked before every call whether it may be made.
pub type Doorkeeper = Box<dyn Fn(Call) -> BoxFuture<'static, Result<(), Closed>> + Send + Sync>;

/// Calls AmoCRM, never faster than it is allowed to.
pub struct Client {
    http: reqwest::Client,
    /// Ends with a slash.
    base: Url,
    tokens: Tokens,
    limiter: Mutex<Limiter>,
    beat: Beat,
    doorkeeper: Doorkeeper,
}

impl Client {
    /// # Errors
    ///
    /// If the address cannot carry a path, or the TLS library does not start.
    pub fn new(base: &Url, tokens: Tokens, per_second: f64) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .user_agent(USER_AGENT)
            // A redirect would take the token elsewhere.
            .redirect(Policy::none())
            .build()?;
        let mut base = base.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let base = base.join("api/v4/")?;
        let limiter = Mutex::new(Limiter::new(per_second));
        let doorkeeper: Doorkeeper = Box::new(|_| ready(Ok(())).boxed());
        Ok(Self { http, base, tokens, limiter, beat: Box::new(|_| {}), doorkeeper })
    }

    /// A list of many pages is many calls: `beat` hears of each.
    #[must_use]
    pub fn with_beat(self, beat: impl Fn(Call) + Send + Sync + 'static) -> Self {
        Self { beat: Box::new(beat), ..self }
    }

    /// What the account has for a second may be spent until `at`.
    #[must_use]
    pub fn after_a_predecessor(self, at: Instant) -> Self {
        Self { limiter: Mutex::new(self.limiter.into_inner().spent(at)), ..self }
    }

    /// A list of many pages does not go on once `doorkeeper` forbids it.
    #[must_use]
    pub fn with_doorkeeper(
        self,
        doorkeeper: impl Fn(Call) -> BoxFuture<'static, Result<(), Closed>> + Send + Sync + 'static,
    ) -> Self {
        Self { doorkeeper: Box::new(doorkeeper), ..self }
    }

    /// Deals by their ids, each with the links to its contacts.
    ///
    /// # Errors
    ///
    /// If AmoCRM as a whole does not answer; what is wrong with single deals is in the result.
    pub async fn leads(&self, ids: &[LeadId]) -> Result<Found<Lead, LeadId>, AmoCrmError> {
        batch::read(self, &batch::LEADS, ids).await
    }

    /// Contacts by their ids.
    ///
    /// # Errors
    ///
    /// As [`Client::leads`].
    pub async fn contacts(&self, ids: &[ContactId]) -> Result<Found<Contact, ContactId>, AmoCrmError> {
        batch::read(self, &batch::CONTACTS, ids).await
    }

    /// Companies by their ids.
    ///
    /// # Errors
    ///
    /// As [`Client::leads`].
    pub async fn companies(&self, ids: &[CompanyId]) -> Result<Found<Company, CompanyId>, AmoCrmError> {
        batch::read(self, &batch::COMPANIES, ids).await
    }

    /// Deals that have an open measurement, by their ids.
    ///
    /// # Errors
    ///
    /// As [`Client::leads`].
    pub async fn open_leads(&self, ids: &[LeadId]) -> Result<Found<Lead, LeadId>, AmoCrmError> {
        batch::read(self, &batch::OPEN_LEADS, ids).await
    }

    /// Those of the deals that are in the bin.
    ///
    /// # Errors
    ///
    /// As [`Client::leads`].
    pub async fn deleted_leads(&self, ids: &[LeadId]) -> Result<Found<Lead, LeadId>, AmoCrmError> {
        batch::read(self, &batch::DELETED_LEADS, ids).await
    }

    /// The contacts of deals that have an open measurement.
    ///
    /// # Errors
    ///
    /// As [`Client::leads`].
    pub async fn open_contacts(&self, ids: &[ContactId]) -> Result<Found<Contact, ContactId>, AmoCrmError> {
        batch::read(self, &batch::OPEN_CONTACTS, ids).await
    }

    /// One page, or none where AmoCRM says that there is nothing.
    async fn page<T: DeserializeOwned>(
        &self,
        call: Call,
        path: &str,
        query: &str,
    ) -> Result<Option<T>, AmoCrmError> {
        self.ask(call, Request::get(path, query)).await
    }

    /// One call in its turn.
    async fn ask<T: DeserializeOwned>(
        &self,
        call: Call,
        request: Request<'_>,
    ) -> Result<Option<T>, AmoCrmError> {
        self.turn(call).await?;
        let result = self.call_with_token(call, &request).await;
        (self.beat)(call);
        let outcome = match &result {
            Ok(Some(_)) => "ok",
            Ok(None) => "empty",
            Err(error) => error.as_str(),
        };
        metrics::counter!("bot_amocrm_calls_total", "call" => call.as_str(), "outcome" => outcome)
            .increment(1);
        result
    }

    /// Waits until a call may go, and asks only then whether it may.
    async fn turn(&self, call: Call) -> Result<(), AmoCrmError> {
        let at = if call.is_in_no_hurry() { self.spare_turn().await } else { self.next_turn().await };
        sleep_until(at).await;
        (self.doorkeeper)(call).await.map_err(AmoCrmError::Closed)
    }

    async fn next_turn(&self) -> Instant {
        self.limiter.lock().await.reserve(Instant::now())
    }

    async fn spare_turn(&self) -> Instant {
        let deadline = Instant::now() + LONGEST_WAY;
        while Instant::now() < deadline {
            let reserved = self.limiter.lock().await.reserve_spare(Instant::now());
            match reserved {
                Ok(at) => return at,
                Err(again) => sleep_until(again.min(deadline)).await,
            }
        }
        self.next_turn().await
    }

    /// Once more with another token, where there is one instead of a refused one.
    async fn call_with_token<T: DeserializeOwned>(
        &self,
        call: Call,
        request: &Request<'_>,
    ) -> Result<Option<T>, AmoCrmError> {
        let token = self.tokens.access_token().await?;
        match self.call(call, request, &token).await {
            Err(AmoCrmError::TokenRefused { call }) => {
                let Some(other) = self.tokens.instead_of(&token).await? else {
                    return Err(AmoCrmError::TokenRefused { call });
                };
                self.turn(call).await?;
                Box::pin(self.call(call, request, &other)).await
            }
            result => result,
        }
    }

    /// Waits until every token that was asked for is stored.
    pub async fn finish(&self) {
        self.tokens.finish().await;
    }

    async fn call<T: DeserializeOwned>(
        &self,
        call: Call,
        asked: &Request<'_>,
        token: &SecretString,
    ) -> Result<Option<T>, AmoCrmError> {
        let Request { method, path, query, body } = asked;
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path()));
        url.set_query((!query.is_empty()).then_some(query));
        let unreachable =
            |source: reqwest::Error| AmoCrmError::Unreachable { call, source: source.without_url() };
        let mut request = self.http.request(method.clone(), url).timeout(limit(call));
        if let Some(body) = body {
            request = request.json(body);
        }
        let request = request.bearer_auth(token.expose_secret());
        let response = request.header(ACCEPT, "application/hal+json").send().await.map_err(unreachable)?;
        match response.status() {
            StatusCode::OK | StatusCode::CREATED => {
                let body = response.bytes().await.map_err(unreachable)?;
                json::read(&body).map(Some).map_err(|error| AmoCrmError::unreadable(call, &error))
            }
            StatusCode::NO_CONTENT => Ok(None),
            _ => Err(refusal(call, response).await),
        }
    }
}

fn limit(call: Call) -> Duration {
    match call {
        Call::Leads | Call::Contacts | Call::Companies => BATCH_LIMIT,
        _ => LIST_LIMIT,
    }
}

/// One element of a page; a bad one is logged by its place and id, and left out.
fn element<T: DeserializeOwned>(call: Call, place: usize, value: Value) -> Option<T> {
    let id = value.get("id").and_then(Value::as_i64);
    // The error itself would quote the value, which may be somebody's name.
    let element = serde_json::from_value(value).ok();
    if element.is_none() {
        tracing::warn!(%call, place, id, "Left out an element that cannot be read");
    }
    element
}

#[cfg(test)]
mod tests;
