//! What this replica tells of itself, so that any of them can say how all are.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{Client, Url};
use shared::broker::BrokerState;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::App;
use crate::complaint::Complaint;
use crate::domain::status::{Broker, EVERY, GONE_AFTER, Ingest, Replica};
use crate::storage::{heard, replicas};

/// ingest-service is as near as the database.
const INGEST_WITHIN: Duration = Duration::from_secs(3);

/// When others answered this process last. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    telegram: Arc<AtomicI64>,
    amocrm: Arc<AtomicI64>,
}

impl Answers {
    pub fn telegram_answered(&self, now: DateTime<Utc>) {
        self.telegram.store(now.timestamp(), Ordering::Relaxed);
    }

    pub fn amocrm_answered(&self, now: DateTime<Utc>) {
        self.amocrm.store(now.timestamp(), Ordering::Relaxed);
    }
}

/// What this replica sees of itself.
pub struct Sight {
    pub broker: watch::Receiver<BrokerState>,
    pub leads: watch::Receiver<bool>,
}

/// Tells again and again until `stop`, and says goodbye.
pub async fn tell(app: &App, sight: &Sight, stop: &CancellationToken) {
    let (id, started_at) = (Uuid::new_v4(), app.now());
    let every = EVERY.to_std().unwrap_or_default();
    let ingest = app
        .config
        .ingest_url
        .as_ref()
        .and_then(|url| Some((Client::builder().no_proxy().build().ok()?, url)));
    let mut failing = Complaint::about("How this replica is could not be told");
    while !stop.is_cancelled() {
        let ingest = match &ingest {
            Some((client, url)) => Some(ask(client, url).await),
            None => None,
        };
        match heard(save(app, id, &seen(app, sight, started_at, ingest))).await {
            Ok(()) => failing.works(),
            Err(error) => failing.fails(error),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = sleep(every) => {}
        }
    }
    if let Err(error) = heard(say_goodbye(app, id)).await {
        tracing::debug!(error = format!("{error:#}"), "Could not say goodbye to the other replicas");
    }
}

fn seen(app: &App, sight: &Sight, started_at: DateTime<Utc>, ingest: Option<Ingest>) -> Replica {
    let at = |seconds: &AtomicI64| {
        let seconds = seconds.load(Ordering::Relaxed);
        DateTime::from_timestamp(seconds, 0).filter(|_| seconds > 0)
    };
    Replica {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at,
        seen_at: app.now(),
        is_leader: *sight.leads.borrow(),
        broker: match *sight.broker.borrow() {
            BrokerState::Connected => Broker::Connected,
            BrokerState::Blocked => Broker::Blocked,
            BrokerState::Away => Broker::Away,
        },
        ingest,
        telegram_at: at(&app.answers.telegram),
        amocrm_at: at(&app.answers.amocrm),
    }
}

async fn ask(client: &Client, url: &Url) -> Ingest {
    let Ok(address) = url.join("ready") else { return Ingest::Away };
    match client.get(address).timeout(INGEST_WITHIN).send().await {
        Ok(answer) if answer.status().is_success() => Ingest::Ready,
        Ok(_) => Ingest::NotReady,
        Err(_) => Ingest::Away,
    }
}

async fn save(app: &App, id: Uuid, replica: &Replica) -> anyhow::Result<()> {
    let mut conn = app.db.acquire().await?;
    replicas::save(&mut conn, id, replica).await?;
    Ok(replicas::erase_old(&mut conn, replica.seen_at - GONE_AFTER * 60).await?)
}

async fn say_goodbye(app: &App, id: Uuid) -> anyhow::Result<()> {
    Ok(replicas::erase(&mut *app.db.acquire().await?, id).await?)
}

#[cfg(test)]
mod tests;
