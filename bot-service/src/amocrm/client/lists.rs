//! The account's small lists, whole, and its subscriptions.

use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Client, PAGE, Request, element};
use crate::amocrm::error::{AmoCrmError, Call};
use crate::amocrm::model::{Account, Field, Page, Pipeline, User, Webhook};

/// A list longer than this is not ours to read.
const MOST_PAGES: u32 = 100;
/// AmoCRM gives custom fields in smaller pages.
const FIELDS_PAGE: u32 = 50;

/// A whole list, as far as it could be read.
#[derive(Debug)]
pub struct List<T> {
    pub elements: Vec<T>,
    /// Every page was read, and every element of it.
    pub is_complete: bool,
}

impl Client {
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
        self.list(Call::Users, "users", "users", &format!("limit={PAGE}&with=phone_number")).await
    }

    /// Pipelines with their stages.
    pub async fn pipelines(&self) -> Result<List<Pipeline>, AmoCrmError> {
        self.list(Call::Pipelines, "leads/pipelines", "pipelines", &format!("limit={PAGE}")).await
    }

    /// The custom fields of deals.
    pub async fn lead_fields(&self) -> Result<List<Field>, AmoCrmError> {
        self.list(Call::LeadFields, "leads/custom_fields", "custom_fields", &format!("limit={FIELDS_PAGE}"))
            .await
    }

    /// Every subscription of the account, also those of other programs.
    pub async fn webhooks(&self) -> Result<List<Webhook>, AmoCrmError> {
        self.list(Call::Webhooks, "webhooks", "webhooks", &format!("limit={PAGE}")).await
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
        query: &str,
    ) -> Result<List<T>, AmoCrmError> {
        let mut list = List { elements: Vec::new(), is_complete: true };
        for number in 1..=MOST_PAGES {
            let page = self.page(call, path, &format!("{query}&page={number}")).await?;
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
}
