//! What Prometheus is told. Counters grow where things happen; gauges are read when it asks.

use std::error::Error;
use std::time::Duration;

use anyhow::Context;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use metrics::gauge;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use shared::broker::BrokerState;
use shared::memory;
use sqlx::PgPool;
use tokio::time::{sleep, timeout};

use super::Status;
use crate::app::App;
use crate::config::TelegramMode;
use crate::domain::reception::{RECEPTION, Reception};
use crate::domain::webhook::{STANDING, Standing};
use crate::storage::amocrm_tokens::{self, Pair};
use crate::storage::backlog::{self, Backlog};
use crate::storage::reconciliation;
use crate::storage::{StorageError, settings};

/// A scrape waits no longer for the database.
const LIMIT: Duration = Duration::from_secs(3);
const UPKEEP: Duration = Duration::from_secs(5);

/// Of everything that is timed, in seconds.
const BUCKETS: &[f64] = &[0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0];

const NUDGES: &str = "bot_nudges_waiting";
const STUCK: &str = "bot_nudges_stuck";
const PARKED_MESSAGES: &str = "bot_messages_parked";
const OUTBOX: &str = "bot_outbox_waiting";
const OUTBOX_AGE: &str = "bot_outbox_oldest_seconds";
const REDRAWS: &str = "bot_redraws_waiting";
const UPDATES: &str = "bot_updates_waiting";
const PARKED: &str = "bot_updates_parked";
const FILES: &str = "bot_files_waiting";
const FILES_FAILED: &str = "bot_files_not_copied";
const RECONCILED: &str = "bot_reconciliation_success_timestamp_seconds";
const LEADER: &str = "bot_leader";
const BROKER: &str = "bot_broker_connected";
const DATABASE: &str = "bot_database_connected";
const WEBHOOK: &str = "bot_amocrm_webhook_subscribed";
const WEBHOOK_AGE: &str = "bot_amocrm_webhook_unwatched_seconds";
const UPDATES_TROUBLE: &str = "bot_telegram_updates_trouble";
const HOOK_WAITING: &str = "bot_telegram_webhook_pending_updates";
const HOOK_ERROR: &str = "bot_telegram_webhook_last_error_timestamp_seconds";
const TOKEN_AGE: &str = "bot_amocrm_token_age_seconds";
const TOKEN_LEFT: &str = "bot_amocrm_token_expires_seconds";
const CONNECTIONS: &str = "bot_database_connections";

/// Condenses samples for ever; without it they pile up while nobody asks for the metrics.
pub async fn upkeep(handle: &PrometheusHandle) {
    loop {
        sleep(UPKEEP).await;
        handle.run_upkeep();
    }
}

/// Makes the recorder of the whole process's metrics.
///
/// # Errors
///
/// If there is one already.
pub fn record() -> anyhow::Result<PrometheusHandle> {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, BUCKETS)?;
    let handle = builder.install_recorder().context("installing the metrics")?;
    describe();
    Ok(handle)
}

fn describe() {
    let gauges = [
        (NUDGES, "Deals to be read again"),
        (STUCK, "Deals that could not be read for an hour"),
        (PARKED_MESSAGES, "Messages that nobody could read, and about which nobody has decided, by kind"),
        (OUTBOX, "Messages to be sent"),
        (OUTBOX_AGE, "For how many seconds the oldest message waits that is due or has failed"),
        (REDRAWS, "Cards that show an older state than the true one"),
        (UPDATES, "Updates from Telegram that are not handled"),
        (PARKED, "Updates of the last two days that were given up"),
        (FILES, "Files that people sent and that are to be copied"),
        (FILES_FAILED, "Files that could not be copied, whether they are tried again or not"),
        (RECONCILED, "When AmoCRM was last compared to the end with what is known; 0 if never"),
        (LEADER, "1 while this replica leads"),
        (BROKER, "1 while the broker is connected"),
        (DATABASE, "1 if the database answered this question"),
        (WEBHOOK, "1 if AmoCRM was found, or made, subscribed to all that counts; absent where nobody looks"),
        (WEBHOOK_AGE, "For how many seconds nobody could look at the subscription"),
        (UPDATES_TROUBLE, "1 if what people write and press was not found to reach the bot"),
        (
            HOOK_WAITING,
            "Updates that Telegram had not delivered to the webhook at the last look; absent while polling",
        ),
        (HOOK_ERROR, "When Telegram last failed to deliver one; 0 if never"),
        (TOKEN_AGE, "For how many seconds AmoCRM's token has been there, where that is known"),
        (TOKEN_LEFT, "For how many seconds AmoCRM's token is valid still; below 0 after its end"),
        (CONNECTIONS, "Connections of the pool by state"),
        (memory::METRIC, memory::METRIC_ABOUT),
    ];
    for (name, text) in gauges {
        metrics::describe_gauge!(name, text);
    }
}

pub async fn scrape(State(status): State<Status>) -> Response {
    let known = match status.live.get() {
        Some(live) => show_database(&live.app).await,
        None => false,
    };
    flag(DATABASE, known);
    flag(LEADER, status.leads());
    flag(BROKER, status.broker() != BrokerState::Away);
    set_memory();
    let text = status.metrics.render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// Sets what the database knows; whether it could be asked.
async fn show_database(app: &App) -> bool {
    set_connections(&app.db);
    let error: Box<dyn Error> = match timeout(LIMIT, read(app)).await {
        Ok(Ok(told)) => {
            set_token(app, told.pair.as_ref());
            set_backlog(&told.backlog, app.now());
            set_reconciled(told.reconciled_at);
            set_reception(&told.reception, app.config.telegram.mode);
            if let Some(standing) = told.webhook.filter(|_| app.config.keeps_webhook()) {
                set_webhook(&standing, app.now());
            }
            return true;
        }
        Ok(Err(error)) => error.into(),
        Err(late) => late.into(),
    };
    tracing::warn!(error = &*error, "The metrics lack what the database knows");
    false
}

/// What the database knows.
struct Told {
    backlog: Backlog,
    reconciled_at: Option<DateTime<Utc>>,
    webhook: Option<Standing>,
    pair: Option<Pair>,
    reception: Reception,
}

async fn read(app: &App) -> Result<Told, StorageError> {
    let mut conn = app.db.acquire().await?;
    Ok(Told {
        backlog: backlog::look(&mut conn, app.now()).await?,
        reconciled_at: reconciliation::find(&mut conn).await?.and_then(|marks| marks.passed_at),
        webhook: settings::find(&mut conn, STANDING).await?,
        pair: amocrm_tokens::find(&mut conn).await?,
        reception: settings::find(&mut conn, RECEPTION).await?.unwrap_or_default(),
    })
}

fn set_backlog(backlog: &Backlog, now: DateTime<Utc>) {
    let counts = [
        (NUDGES, backlog.nudges),
        (STUCK, backlog.stuck),
        (OUTBOX, backlog.outbox),
        (REDRAWS, backlog.redraws),
        (UPDATES, backlog.updates),
        (PARKED, backlog.parked),
        (FILES, backlog.files),
        (FILES_FAILED, backlog.files_failed),
    ];
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    for (name, count) in counts {
        gauge!(name).set(number(count));
    }
    gauge!(PARKED_MESSAGES, "kind" => "event").set(number(backlog.parked_events));
    gauge!(PARKED_MESSAGES, "kind" => "webhook").set(number(backlog.parked_webhooks));
    let age = backlog.outbox_oldest_at.and_then(|since| (now - since).to_std().ok());
    gauge!(OUTBOX_AGE).set(age.unwrap_or_default().as_secs_f64());
}

/// Zero where there was none yet: without a token there never is.
fn set_reconciled(at: Option<DateTime<Utc>>) {
    gauge!(RECONCILED).set(timestamp(at));
}

#[expect(clippy::cast_precision_loss, reason = "seconds fit for millions of years")]
fn timestamp(at: Option<DateTime<Utc>>) -> f64 {
    at.map_or(0.0, |at| at.timestamp() as f64)
}

fn set_reception(reception: &Reception, mode: TelegramMode) {
    flag(UPDATES_TROUBLE, reception.trouble.is_some());
    if mode == TelegramMode::Webhook {
        gauge!(HOOK_WAITING).set(u32::try_from(reception.waiting).unwrap_or(u32::MAX));
        gauge!(HOOK_ERROR).set(timestamp(reception.last_error_at));
    }
}

fn set_webhook(standing: &Standing, now: DateTime<Utc>) {
    flag(WEBHOOK, standing.is_subscribed);
    let age = standing.looked_at.and_then(|at| (now - at).to_std().ok());
    gauge!(WEBHOOK_AGE).set(age.unwrap_or_default().as_secs_f64());
}

/// A long-lived token tells its own times; of a renewed one they are stored.
fn set_token(app: &App, pair: Option<&Pair>) {
    let config = &app.config.amocrm;
    let (issued_at, expires_at) = match (pair, config.long_lived_times()) {
        (_, Some(times)) => (times.issued_at, Some(times.expires_at)),
        (Some(pair), None) if config.oauth.is_some() => (pair.received_at, pair.expires_at),
        _ => return,
    };
    let seconds = |time: chrono::TimeDelta| time.as_seconds_f64();
    if let Some(at) = issued_at {
        gauge!(TOKEN_AGE).set(seconds(app.now() - at));
    }
    if let Some(at) = expires_at {
        gauge!(TOKEN_LEFT).set(seconds(at - app.now()));
    }
}

fn set_connections(pool: &PgPool) {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    gauge!(CONNECTIONS, "state" => "idle").set(idle);
    gauge!(CONNECTIONS, "state" => "used").set(pool.size().saturating_sub(idle));
}

fn set_memory() {
    #[expect(clippy::cast_precision_loss, reason = "a process holds less than petabytes")]
    if let Some(held) = memory::resident_bytes() {
        gauge!(memory::METRIC).set(held as f64);
    }
}

fn flag(name: &'static str, is_so: bool) {
    gauge!(name).set(u32::from(is_so));
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn each_number_stands_under_its_own_name() {
        let now: DateTime<Utc> = "2026-11-24T09:00:00Z".parse().unwrap();
        let outbox_oldest_at = Some(now - TimeDelta::seconds(6));
        let backlog = Backlog {
            nudges: 1,
            stuck: 7,
            parked_events: 8,
            parked_webhooks: 9,
            outbox: 2,
            redraws: 3,
            updates: 4,
            files: 10,
            files_failed: 11,
            parked: 5,
            outbox_oldest_at,
        };
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            set_backlog(&backlog, now);
            set_reconciled(Some(now));
        });
        let told = recorder.handle().render();
        let mut numbers: Vec<_> = told.lines().filter(|line| line.starts_with("bot_")).collect();
        numbers.sort_unstable();
        let expected = [
            "bot_files_not_copied 11",
            "bot_files_waiting 10",
            "bot_messages_parked{kind=\"event\"} 8",
            "bot_messages_parked{kind=\"webhook\"} 9",
            "bot_nudges_stuck 7",
            "bot_nudges_waiting 1",
            "bot_outbox_oldest_seconds 6",
            "bot_outbox_waiting 2",
            "bot_reconciliation_success_timestamp_seconds 1795510800",
            "bot_redraws_waiting 3",
            "bot_updates_parked 5",
            "bot_updates_waiting 4",
        ];
        assert_eq!(numbers, expected);
    }

    #[test]
    fn the_subscription_is_told_with_the_time_since_the_last_look() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let (mut standing, looked_at) = (Standing::default(), DateTime::UNIX_EPOCH);
        let told = |standing: &Standing| {
            metrics::with_local_recorder(&recorder, || {
                set_webhook(standing, looked_at + TimeDelta::minutes(2));
            });
            recorder.handle().render()
        };
        standing.works(looked_at);
        assert!(told(&standing).contains("bot_amocrm_webhook_subscribed 1\n"));
        assert!(told(&standing).contains("bot_amocrm_webhook_unwatched_seconds 120\n"));
        standing.is_off(looked_at);
        assert!(told(&standing).contains("bot_amocrm_webhook_subscribed 0\n"));
    }
}
