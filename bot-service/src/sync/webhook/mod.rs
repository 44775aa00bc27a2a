//! Keeps AmoCRM subscribed to us: makes the webhook, mends it, switches it on again, takes old ones away.
//!
//! Every step may be repeated, so a leader that dies between two of them leaves the rest to the next look.

use std::error::Error;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::sleep;

use super::gateway::{CallError, Gateway};
use super::{Syncer, WEBHOOK_LOOP};
use crate::actions::alerts;
use crate::actions::views::Alert;
use crate::amocrm::error::AmoCrmError;
use crate::amocrm::gate::Closed;
use crate::amocrm::model::Webhook;
use crate::amocrm::subscription::{self, Ours};
use crate::config::WebhookConfig;
use crate::domain::webhook::{STANDING, Standing, WebhookNews, WebhookTrouble};
use crate::storage::settings;

const EVERY: Duration = Duration::from_mins(10);
/// After a change, to see whether it holds, and after a failure that may pass.
const SOON: Duration = Duration::from_mins(1);

pub async fn run(syncer: &Syncer) {
    let Some(keeper) = Keeper::of(syncer) else { return };
    while !syncer.over.is_cancelled() {
        syncer.fence.progressed(WEBHOOK_LOOP);
        let next = match keeper.look().await {
            Ok(Found::InOrder | Found::Refused) => EVERY,
            Ok(Found::Changed) => SOON,
            Err(_) if syncer.over.is_cancelled() => return,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "AmoCRM's webhook was not looked after");
                SOON
            }
        };
        syncer.fence.rest(WEBHOOK_LOOP, sleep(next), &syncer.over).await;
    }
}

/// What a look has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    InOrder,
    /// It was not in order, and is now, as far as AmoCRM says.
    Changed,
    /// It is not in order, and somebody must do something about it.
    Refused,
}

/// Why a step of a look was not made.
type Step<T> = Result<T, CallError>;

pub struct Keeper<'a> {
    syncer: &'a Syncer,
    gateway: &'a Gateway,
    config: &'a WebhookConfig,
}

impl<'a> Keeper<'a> {
    /// None where nobody wants it, there is no token, or it is not known where AmoCRM is to post.
    pub fn of(syncer: &'a Syncer) -> Option<Self> {
        let (gateway, config) = (syncer.gateway.as_ref()?, syncer.app.config.webhook.as_ref()?);
        syncer.app.config.keeps_webhook().then_some(Self { syncer, gateway, config })
    }

    /// Looks at the subscription, and does what is to be done.
    ///
    /// # Errors
    ///
    /// If AmoCRM or the database does not answer: nothing is known then, and nobody need act.
    pub async fn look(&self) -> anyhow::Result<Found> {
        let hooks = match self.gateway.webhooks().await {
            Ok(list) => list.elements,
            Err(error) => return self.refused(error, 0).await,
        };
        let ours = Ours::among(&hooks, self.config);
        match ours.current {
            Some(hook) if hook.disabled => self.note(Standing::is_off).await?,
            Some(_) => self.note(|standing, _| forget_off(standing)).await?,
            None => {}
        }
        if ours.current.is_some_and(Webhook::is_in_order) {
            self.note(Standing::works).await?;
            return self.take_away(&ours.old).await;
        }
        match self.subscribe(&ours, hooks.len()).await {
            Ok(()) => {
                self.note(Standing::works).await?;
                tracing::info!(address = self.config.shown(), "Subscribed AmoCRM to this address");
                Ok(Found::Changed)
            }
            Err(error) => self.refused(error, hooks.len()).await,
        }
    }

    async fn subscribe(&self, ours: &Ours<'_>, count: usize) -> Step<()> {
        let (destination, events) = (self.config.destination(), subscription::events(ours.current));
        if let (None, true, [old, ..]) = (ours.current, count >= subscription::MOST, &ours.old[..]) {
            // There is no room beside it.
            self.gateway.unsubscribe(&old.destination).await?;
        }
        let made = self.gateway.subscribe(&destination, &events).await?;
        if made.disabled {
            // Subscribing again was not enough to switch it on.
            self.gateway.unsubscribe(&made.destination).await?;
            self.gateway.subscribe(&destination, &events).await?;
        }
        Ok(())
    }

    /// Ends what a former secret has left. Not before a look has found the new one in order: until then events
    /// come both ways.
    async fn take_away(&self, old: &[&Webhook]) -> anyhow::Result<Found> {
        for hook in old {
            self.gateway.unsubscribe(&hook.destination).await?;
            tracing::info!("Ended a subscription of AmoCRM with a former secret");
        }
        Ok(Found::InOrder)
    }

    /// What admins can mend is told to them, once.
    async fn refused(&self, error: CallError, count: usize) -> anyhow::Result<Found> {
        let Some(trouble) = trouble(&error, count) else { return Err(error.into()) };
        tracing::warn!(error = &error as &dyn Error, ?trouble, "AmoCRM's webhook cannot be set up");
        self.note(|standing, now| standing.fails(trouble, now)).await?;
        Ok(Found::Refused)
    }

    /// Keeps what was learned, with the message that it is worth.
    async fn note(
        &self,
        learn: impl FnOnce(&mut Standing, DateTime<Utc>) -> Option<WebhookNews>,
    ) -> anyhow::Result<()> {
        let (app, now) = (&self.syncer.app, self.syncer.app.now());
        let mut transaction = app.db.begin().await?;
        let mut standing: Standing = settings::find(&mut transaction, STANDING).await?.unwrap_or_default();
        let before = standing.clone();
        let news = learn(&mut standing, now);
        if standing == before {
            return Ok(());
        }
        if let Some(news) = news {
            alerts::tell_office(&mut transaction, &alert(news), now).await?;
        }
        settings::save(&mut transaction, STANDING, &standing, now).await?;
        self.syncer.fence.hold(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }
}

fn forget_off(standing: &mut Standing) -> Option<WebhookNews> {
    standing.is_on();
    None
}

/// None if it may pass by itself.
fn trouble(error: &CallError, count: usize) -> Option<WebhookTrouble> {
    let error = match error {
        CallError::Closed(Closed::Forbidden(_)) => return Some(WebhookTrouble::NoRights),
        CallError::Failed(error, _) => error,
        CallError::Closed(Closed::Paused(_)) | CallError::Ours(_) => return None,
    };
    match error {
        AmoCrmError::Forbidden { .. } => Some(WebhookTrouble::NoRights),
        AmoCrmError::Status { status, .. } if error.is_of_webhooks() => Some(match status.as_u16() {
            402 => WebhookTrouble::NotPaid,
            _ if count >= subscription::MOST => WebhookTrouble::TooMany,
            status => WebhookTrouble::Refused { status },
        }),
        _ => None,
    }
}

fn alert(news: WebhookNews) -> Alert {
    match news {
        WebhookNews::Off => Alert::WebhookOff,
        WebhookNews::Trouble(trouble) => Alert::WebhookTrouble { trouble },
        WebhookNews::Works => Alert::WebhookWorks,
    }
}
