//! Keeps Telegram's webhook as it must be. Nobody deletes it at a stop: what comes meanwhile waits at Telegram.
//!
//! Every step may be repeated, and two replicas that both believe they lead set the same.

use std::time::Duration;

use anyhow::Context;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::note::note;
use crate::app::App;
use crate::domain::reception::{Deliveries, RECEPTION, Reception, ReceptionTrouble, WebhookSet};
use crate::leader::Fence;
use crate::storage::settings;
use crate::telegram::sender::hook::{self, WebhookInfo};
use crate::telegram::sender::{Failure, Trouble};

/// The loop's name to those who watch over the leader's loops.
const LOOP: &str = "telegram webhook";
const EVERY: Duration = Duration::from_mins(1);
/// After a failure that may pass.
const SOON: Duration = Duration::from_secs(5);

/// Looks at the webhook again and again until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        let looked = tokio::select! {
            () = over.cancelled() => return,
            looked = look(app, fence) => looked,
        };
        let next = match looked {
            Ok(()) => EVERY,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "Telegram's webhook was not looked after");
                asked_for(&error).max(SOON)
            }
        };
        fence.rest(LOOP, sleep(next), over).await;
    }
}

/// How long Telegram asks to be left alone.
pub fn asked_for(error: &anyhow::Error) -> Duration {
    match error.downcast_ref() {
        Some(Failure { trouble: Trouble::Wait(time), .. }) => *time,
        _ => Duration::ZERO,
    }
}

/// Looks at our webhook, and sets it where it is not as it must be.
///
/// # Errors
///
/// If Telegram or the database does not answer: nothing is known then, and nobody need act.
async fn look(app: &App, fence: &Fence) -> anyhow::Result<()> {
    let ours = app.config.telegram.webhook.as_ref();
    let (url, secret) = ours
        .and_then(|ours| Some((&ours.url, ours.secret.as_ref()?)))
        .context("a webhook without address and secret is not configured")?;
    let info = hook::info(&app.bot).await.context("asking Telegram for its webhook")?;
    app.answers.telegram_answered(app.now());
    let known: Option<Reception> = settings::find(&mut *app.db.acquire().await?, RECEPTION).await?;
    let set = known.and_then(|reception| reception.webhook);
    let secret_now = hash(secret);
    if is_in_order(&info, url, &secret_now, set.as_ref()) {
        let deliveries = Deliveries { waiting: info.pending_update_count, last_error: info.last_error() };
        tell_of_errors(&deliveries);
        return note(app, fence, |reception, now| reception.delivers(deliveries, now)).await;
    }
    if info.is_set() && !info.leads_to(url) {
        tracing::warn!(host = info.host(), "Another webhook took this bot's updates; ours takes its place");
    }
    match hook::set(&app.bot, url, secret).await {
        Ok(()) => {
            tracing::info!(%url, waiting = info.pending_update_count, "Telegram posts updates to this address");
            note(app, fence, |reception, now| reception.is_set(secret_now, now)).await
        }
        Err(failure) => refused(app, fence, failure).await,
    }
}

fn is_in_order(info: &WebhookInfo, url: &Url, secret: &str, set: Option<&WebhookSet>) -> bool {
    // Somebody may have set the same address with a secret of his own.
    let is_rejected =
        |set: &WebhookSet| info.last_error().is_some_and(|(at, error)| at > set.at && error.contains("401"));
    let is_our_secret = set.is_some_and(|set| set.secret == secret && !is_rejected(set));
    info.leads_to(url) && info.is_as_we_set_it() && is_our_secret
}

fn tell_of_errors(deliveries: &Deliveries) {
    if let (Some((at, error)), 1..) = (&deliveries.last_error, deliveries.waiting) {
        let waiting = deliveries.waiting;
        tracing::warn!(%at, error, waiting, "Telegram could not deliver an update when it last tried");
    }
}

/// What people can mend is told to them.
async fn refused(app: &App, fence: &Fence, failure: Failure) -> anyhow::Result<()> {
    let Trouble::Malformed(_) = failure.trouble else {
        return Err(anyhow::Error::new(failure).context("setting Telegram's webhook"));
    };
    let reason = failure.description.trim_start_matches("Bad Request: ").to_owned();
    tracing::warn!(reason, "Telegram does not take our webhook");
    note(app, fence, |reception, _| reception.fails(ReceptionTrouble::Refused { reason })).await?;
    Err(anyhow::Error::new(failure).context("setting Telegram's webhook"))
}

fn hash(secret: &SecretString) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(secret.expose_secret().as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// While polling: a webhook of ours is left from before and goes, what waits stays; one of somebody else stays, and is
/// told. Returns whether polling can go on.
///
/// # Errors
///
/// If Telegram or the database does not answer.
pub async fn clear(app: &App, fence: &Fence) -> anyhow::Result<bool> {
    let info = hook::info(&app.bot).await.context("asking Telegram for its webhook")?;
    app.answers.telegram_answered(app.now());
    if !info.is_set() {
        return Ok(true);
    }
    let ours = app.config.telegram.webhook.as_ref();
    if ours.is_some_and(|ours| info.leads_to(&ours.url)) {
        hook::delete(&app.bot).await.context("deleting our webhook")?;
        tracing::info!("Took away our webhook at Telegram, as updates are asked for now");
        return Ok(true);
    }
    let host = info.host();
    tracing::error!(host, "Updates go to a webhook that is not ours: people are not heard");
    note(app, fence, |reception, _| reception.fails(ReceptionTrouble::Foreign { host })).await?;
    Ok(false)
}

#[cfg(test)]
mod tests;
