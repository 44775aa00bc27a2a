//! The HTTP side: one call, one answer, no memory of earlier ones but for the pace.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt, ready};
use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Method, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::ids::{ContactId, LeadId};
use shared::json;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use super::error::{AmoCrmError, Call};
use super::gate::Closed;
use super::limiter::Limiter;
use super::model::{Account, Contact, Field, Lead, Page, Pipeline, User, Webhook};
use super::tokens::Tokens;

mod batch;
mod portions;

pub use portions::{EventsOf, LeadsOf, Portion};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// For lists, which nobody waits for.
const LIST_LIMIT: Duration = Duration::from_secs(20);
/// For deals and contacts: people wait for them, and a healthy AmoCRM shows a page of 250 within two seconds.
const BATCH_LIMIT: Duration = Duration::from_secs(5);
const USER_AGENT: &str = concat!("measurement-bot/", env!("CARGO_PKG_VERSION"));
/// A call in no hurry is made after this time, however busy the others are.
const LONGEST_WAY: Duration = Duration::from_secs(20);
/// A list longer than this is not ours to read.
const MOST_PAGES: u32 = 100;
const PAGE: u32 = 250;
/// AmoCRM gives custom fields in smaller pages.
const FIELDS_PAGE: u32 = 50;

/// What was asked for by ids. Ids in neither set were not in the answer, which says nothing about them.
#[derive(Debug)]
pub struct Found<T, Id> {
    pub elements: Vec<T>,
    /// In the answer or refused by AmoCRM, and not readable.
    pub unreadable: BTreeSet<Id>,
}

/// A whole list, as far as it could be read.
#[derive(Debug)]
pub struct List<T> {
    pub elements: Vec<T>,
    /// Every page was read, and every element of it.
    pub is_complete: bool,
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

    /// Whose token it is.
    ///
    /// # Errors
    ///
    /// If AmoCRM does not answer, or with nothing.
    pub async fn account(&self) -> Result<Account, AmoCrmError> {
        let call = Call::Account;
        let answer = self.page(call, "account", "").await?;
        answer.ok_or(AmoCrmError::Status { call, status: StatusCode::NO_CONTENT })
    }

    pub async fn users(&self) -> Result<List<User>, AmoCrmError> {
        self.list(Call::Users, "users", "users", PAGE).await
    }

    /// Pipelines with their stages.
    pub async fn pipelines(&self) -> Result<List<Pipeline>, AmoCrmError> {
        self.list(Call::Pipelines, "leads/pipelines", "pipelines", PAGE).await
    }

    /// The custom fields of deals.
    pub async fn lead_fields(&self) -> Result<List<Field>, AmoCrmError> {
        self.list(Call::LeadFields, "leads/custom_fields", "custom_fields", FIELDS_PAGE).await
    }

    /// Every subscription of the account, also those of other programs.
    pub async fn webhooks(&self) -> Result<List<Webhook>, AmoCrmError> {
        self.list(Call::Webhooks, "webhooks", "webhooks", PAGE).await
    }

    /// Subscribes an address to these events and no others, switching it on if AmoCRM has switched it off.
    ///
    /// # Errors
    ///
    /// If AmoCRM refuses, or does not answer.
    pub async fn subscribe(
        &self,
        destination: &SecretString,
        events: &[String],
    ) -> Result<Webhook, AmoCrmError> {
        let call = Call::Subscribe;
        let body = json!({ "destination": destination.expose_secret(), "settings": events });
        let answer = self.ask(call, Request::with_body(Method::POST, "webhooks", body)).await?;
        answer.ok_or(AmoCrmError::Status { call, status: StatusCode::NO_CONTENT })
    }

    /// Ends the subscription of an address; one that is not there has ended.
    ///
    /// # Errors
    ///
    /// As [`Client::subscribe`].
    pub async fn unsubscribe(&self, destination: &str) -> Result<(), AmoCrmError> {
        let body = json!({ "destination": destination });
        let request = Request::with_body(Method::DELETE, "webhooks", body);
        match self.ask::<Value>(Call::Unsubscribe, request).await {
            Ok(_) | Err(AmoCrmError::Status { status: StatusCode::NOT_FOUND, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn list<T: DeserializeOwned>(
        &self,
        call: Call,
        path: &str,
        name: &str,
        limit: u32,
    ) -> Result<List<T>, AmoCrmError> {
        let mut list = List { elements: Vec::new(), is_complete: true };
        for number in 1..=MOST_PAGES {
            let page = self.page(call, path, &format!("limit={limit}&page={number}")).await?;
            let Some(mut page): Option<Page> = page else { return Ok(list) };
            let values = page.embedded.remove(name).unwrap_or_default();
            let is_last = page.links.next.is_none() || values.is_empty();
            let before = list.elements.len() + values.len();
            list.elements
                .extend(values.into_iter().enumerate().filter_map(|(n, value)| element(call, n, value)));
            list.is_complete &= list.elements.len() == before;
            if is_last {
                return Ok(list);
            }
        }
        tracing::warn!(%call, pages = MOST_PAGES, "AmoCRM's list does not end; the rest of it is left out");
        list.is_complete = false;
        Ok(list)
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
        Call::Leads | Call::Contacts => BATCH_LIMIT,
        _ => LIST_LIMIT,
    }
}

/// The status decides; a body is looked at only where it says more, and is never required.
pub(super) async fn refusal(call: Call, response: Response) -> AmoCrmError {
    match response.status() {
        StatusCode::UNAUTHORIZED => AmoCrmError::TokenRefused { call },
        StatusCode::FORBIDDEN if is_json(&response) => AmoCrmError::Forbidden { call },
        StatusCode::FORBIDDEN => AmoCrmError::Blocked { call },
        StatusCode::TOO_MANY_REQUESTS => {
            AmoCrmError::TooMany { call, retry_after: retry_after(response).await }
        }
        status => AmoCrmError::Status { call, status },
    }
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.contains("json"))
}

/// From the header or the body, in whole seconds.
async fn retry_after(response: Response) -> Option<Duration> {
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    if let Some(seconds) = header {
        return Some(Duration::from_secs(seconds));
    }
    let body: Value = serde_json::from_slice(&response.bytes().await.ok()?).ok()?;
    body.get("retry_after")?.as_u64().map(Duration::from_secs)
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
