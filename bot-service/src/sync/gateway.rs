//! AmoCRM as the leader may call it: within its limits, never while it asks for rest, with admins told of trouble.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use secrecy::SecretString;
use shared::ids::{CompanyId, ContactId, LeadId};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::{DIRECTORY_LOOP, LOOP, RECONCILE_LOOP, WEBHOOK_LOOP};
use crate::actions::alerts;
use crate::actions::views::Alert;
use crate::amocrm::client::{Client, EventsOf, Found, LeadsOf, List, Portion};
use crate::amocrm::error::{AmoCrmError, Call};
use crate::amocrm::gate::{Closed, Gate, News};
use crate::amocrm::model::{Company, Contact, Event, Field, Lead, ListedLead, Pipeline, User, Webhook};
use crate::amocrm::tokens::Tokens;
use crate::app::App;
use crate::leader::Fence;
use crate::storage::{heard, settings};

const GATE: &str = "amocrm_gate";

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// AmoCRM is not to be called like this before a moment.
    #[error("AmoCRM is not called before {}", .0.until())]
    Closed(Closed),
    /// The call failed; the next one may be made at the moment given.
    #[error("AmoCRM failed")]
    Failed(#[source] AmoCrmError, DateTime<Utc>),
    /// Our own database failed, or somebody else leads.
    #[error(transparent)]
    Ours(anyhow::Error),
}

/// The one way to AmoCRM.
pub struct Gateway {
    app: App,
    fence: Fence,
    client: Client,
    gate: Arc<Mutex<Gate>>,
    /// A call that is under way then is given up.
    over: CancellationToken,
}

impl Gateway {
    /// None where no token is configured: deals then live by their hooks.
    ///
    /// # Errors
    ///
    /// If the database does not answer, or the address is of no use.
    pub async fn open(app: &App, fence: &Fence, over: &CancellationToken) -> anyhow::Result<Option<Self>> {
        let config = &app.config.amocrm;
        let tokens = Tokens::open(config, &app.db, &app.clock).await?;
        let (Some(tokens), Some(base)) = (tokens, &config.base_url) else {
            return Ok(None);
        };
        let beat = {
            let fence = fence.clone();
            move |call| fence.progressed(loop_of(call))
        };
        let gate: Gate = settings::find(&mut *app.db.acquire().await?, GATE).await?.unwrap_or_default();
        let gate = Arc::new(Mutex::new(gate));
        let doorkeeper = {
            let (app, gate) = (app.clone(), Arc::clone(&gate));
            move |call| {
                let (app, gate) = (app.clone(), Arc::clone(&gate));
                async move { gate.lock().await.check(call, app.now()) }.boxed()
            }
        };
        let mut client = Client::new(base, tokens, config.requests_per_second)?;
        if let Some(until) = fence.predecessor_until() {
            client = client.after_a_predecessor(until);
        }
        let client = client.with_beat(beat).with_doorkeeper(doorkeeper);
        let (app, fence, over) = (app.clone(), fence.clone(), over.clone());
        Ok(Some(Self { app, fence, client, gate, over }))
    }

    pub async fn leads(&self, ids: &[LeadId]) -> Result<Found<Lead, LeadId>, CallError> {
        self.call(Call::Leads, self.client.leads(ids)).await
    }

    pub async fn contacts(&self, ids: &[ContactId]) -> Result<Found<Contact, ContactId>, CallError> {
        self.call(Call::Contacts, self.client.contacts(ids)).await
    }

    pub async fn companies(&self, ids: &[CompanyId]) -> Result<Found<Company, CompanyId>, CallError> {
        self.call(Call::Companies, self.client.companies(ids)).await
    }

    pub async fn users(&self) -> Result<List<User>, CallError> {
        self.call(Call::Users, self.client.users()).await
    }

    pub async fn pipelines(&self) -> Result<List<Pipeline>, CallError> {
        self.call(Call::Pipelines, self.client.pipelines()).await
    }

    pub async fn lead_fields(&self) -> Result<List<Field>, CallError> {
        self.call(Call::LeadFields, self.client.lead_fields()).await
    }

    pub async fn events(&self, of: EventsOf) -> Result<Portion<Event>, CallError> {
        self.call(Call::Events, self.client.events(of)).await
    }

    pub async fn changed_leads(&self, of: LeadsOf<'_>) -> Result<Portion<ListedLead>, CallError> {
        self.call(Call::ChangedLeads, self.client.changed_leads(of)).await
    }

    pub async fn newest_lead(&self) -> Result<Option<ListedLead>, CallError> {
        self.call(Call::ChangedLeads, self.client.newest_lead()).await
    }

    pub async fn open_leads(&self, ids: &[LeadId]) -> Result<Found<Lead, LeadId>, CallError> {
        self.call(Call::OpenLeads, self.client.open_leads(ids)).await
    }

    /// Those of the deals that lie in the bin; AmoCRM is asked only where there are any.
    pub async fn deleted_leads(&self, ids: &[LeadId]) -> Result<BTreeSet<LeadId>, CallError> {
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let found = self.call(Call::OpenLeads, self.client.deleted_leads(ids)).await?;
        Ok(found.elements.iter().filter(|lead| lead.is_deleted).map(|lead| lead.id).collect())
    }

    pub async fn open_contacts(&self, ids: &[ContactId]) -> Result<Found<Contact, ContactId>, CallError> {
        self.call(Call::OpenContacts, self.client.open_contacts(ids)).await
    }

    pub async fn webhooks(&self) -> Result<List<Webhook>, CallError> {
        self.call(Call::Webhooks, self.client.webhooks()).await
    }

    pub async fn subscribe(
        &self,
        destination: &SecretString,
        events: &[String],
    ) -> Result<Webhook, CallError> {
        self.call(Call::Subscribe, self.client.subscribe(destination, events)).await
    }

    pub async fn unsubscribe(&self, destination: &str) -> Result<(), CallError> {
        self.call(Call::Unsubscribe, self.client.unsubscribe(destination)).await
    }

    /// Waits until every token that was asked for is stored.
    pub async fn finish(&self) {
        self.client.finish().await;
    }

    async fn call<T>(
        &self,
        call: Call,
        work: impl Future<Output = Result<T, AmoCrmError>>,
    ) -> Result<T, CallError> {
        let began = self.app.now();
        let result = tokio::select! {
            result = work => result,
            () = self.over.cancelled() => return Err(CallError::Ours(anyhow::anyhow!("leadership is over"))),
        };
        if let Err(AmoCrmError::Closed(closed)) = result {
            return Err(CallError::Closed(closed));
        }
        if let Err(error @ AmoCrmError::Storage(_)) = result {
            return Err(CallError::Ours(error.into()));
        }
        if result.is_ok() {
            self.app.answers.amocrm_answered(self.app.now());
        }
        let opens_at = self.learn(call, began, result.as_ref().err()).await.map_err(CallError::Ours)?;
        result.map_err(|error| CallError::Failed(error, opens_at))
    }

    /// Draws the conclusions, and keeps them. Returns when the call may be made again.
    async fn learn(
        &self,
        call: Call,
        began: DateTime<Utc>,
        error: Option<&AmoCrmError>,
    ) -> anyhow::Result<DateTime<Utc>> {
        let now = self.app.now();
        let mut kept = self.gate.lock().await;
        let mut gate = kept.clone();
        let news = match error {
            Some(error) => gate.failed(error, (began, now)),
            None => gate.succeeded(call, began),
        };
        let opens_at = gate.check(call, now).map_or_else(Closed::until, |()| now);
        if gate == *kept {
            return Ok(opens_at);
        }
        let keeping = async {
            let mut transaction = self.app.db.begin().await?;
            if let Some(news) = news {
                alerts::tell_office(&mut transaction, &alert(news), now).await?;
            }
            settings::save(&mut transaction, GATE, &gate, now).await?;
            self.fence.hold(&mut transaction).await?;
            anyhow::Ok(transaction.commit().await?)
        };
        heard(keeping).await?;
        // Not before: what was concluded and not committed is concluded again, and admins hear of it then.
        *kept = gate;
        Ok(opens_at)
    }
}

/// What the token's owner may not read is none, and no failure.
pub fn allowed<T>(result: Result<T, CallError>) -> anyhow::Result<Option<T>> {
    match result {
        Ok(answer) => Ok(Some(answer)),
        Err(
            CallError::Closed(Closed::Forbidden(_)) | CallError::Failed(AmoCrmError::Forbidden { .. }, _),
        ) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The loop that makes the call, and moves with each answer.
fn loop_of(call: Call) -> &'static str {
    match call {
        Call::Leads | Call::Contacts | Call::Companies => LOOP,
        Call::Events | Call::ChangedLeads | Call::OpenLeads | Call::OpenContacts => RECONCILE_LOOP,
        Call::Account | Call::Users | Call::Pipelines | Call::LeadFields | Call::Token => DIRECTORY_LOOP,
        Call::Webhooks | Call::Subscribe | Call::Unsubscribe => WEBHOOK_LOOP,
    }
}

fn alert(news: News) -> Alert {
    match news {
        News::Blocked => Alert::AmoCrmBlocked,
        News::Unblocked => Alert::AmoCrmUnblocked,
        News::TokenRefused => Alert::AmoCrmTokenRefused,
        News::RefreshRefused => Alert::AmoCrmRefreshRefused,
    }
}
