//! The service from start to stop.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use shared::clock::Clock;
use sqlx::PgConnection;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::complaint::Complaint;
use crate::config::Config;
use crate::consumer::Consumer;
use crate::domain::phone;
use crate::files::{self, Store};
use crate::http::{self, Door, Live, Status};
use crate::leader::Fence;
use crate::presence::Sight;
use crate::storage::{Cause, cause_of, heard, leases};
use crate::telegram::connection;
use crate::telegram::incoming::{Answer, Incoming};
use crate::{actions, database, jobs, leader, outbox, presence, reception, sync, telegram, updates, wall};

/// Together below the eight seconds after which a stop would be a kill. Each part has a shorter limit of its own.
const STOP: Duration = Duration::from_secs(7);
const CLOSE_POOL: Duration = Duration::from_millis(500);
/// Between two tries of what a start needs the database for.
const AT_START: Duration = Duration::from_millis(500);

/// Runs until `shutdown`, then stops within eight seconds. Probes are answered before the database can be reached.
///
/// # Errors
///
/// If the service cannot start, or must be started anew.
pub async fn run(config: Config, shutdown: CancellationToken) -> Result<()> {
    let metrics = http::record_metrics()?;
    let listener = TcpListener::bind(config.http).await.context("binding BOT_HTTP_HOST and BOT_HTTP_PORT")?;
    tell(&config);
    let stop = shutdown.child_token();
    let live = Arc::new(OnceLock::new());
    let (mode, door) = (config.telegram.mode, Door::of(&config.telegram));
    let status = Status { live: live.clone(), metrics, mode, door };
    let mut parts = JoinSet::new();
    parts.spawn(named("http", http::serve(listener, status, stop.clone())));
    let result = work(config, &live, &mut parts, &stop).await;
    stop.cancel();
    finish(parts, &stop).await;
    if let Some(live) = live.get()
        && timeout(CLOSE_POOL, live.app.db.close()).await.is_err()
    {
        tracing::warn!("Some connections to the database were still in use");
    }
    tracing::info!("Stopped");
    result
}

/// What the person who runs the server should know of the settings.
fn tell(config: &Config) {
    if config.intake.triggers.is_empty() {
        tracing::warn!(
            "MEASUREMENT_TRIGGERS is empty: a deal's first stage, whichever it is, opens a measurement"
        );
    }
    match &config.webhook {
        Some(webhook) if config.keeps_webhook() => {
            tracing::info!(address = webhook.shown(), "AmoCRM is kept subscribed to this address");
        }
        Some(webhook) => {
            tracing::info!(address = webhook.shown(), "AmoCRM is expected to be subscribed to this address");
        }
        None if config.amocrm.has_token() && config.amocrm.manages_webhook => {
            tracing::warn!(
                "Without WEBHOOK_HOST and WEBHOOK_SECRET AmoCRM's webhook is neither made nor watched"
            );
        }
        None => {}
    }
}

/// A part of the service that has ended, with its name.
type Ended = (&'static str, Result<()>);

/// Everything at once. A part that ends before it was asked to brings the process down: a fresh one is better.
async fn work(
    config: Config,
    live: &OnceLock<Live>,
    parts: &mut JoinSet<Ended>,
    stop: &CancellationToken,
) -> Result<()> {
    let app = tokio::select! {
        app = open(config, stop) => app?,
        Some(ended) = parts.join_next() => return judge(ended, stop),
    };
    let Some(app) = app else { return Ok(()) };
    start(&app, live, parts, stop);
    tokio::select! {
        () = stop.cancelled() => Ok(()),
        Some(ended) = parts.join_next() => judge(ended, stop),
    }
}

/// Waits for the database; none if the process is asked to stop before that.
async fn open(config: Config, stop: &CancellationToken) -> Result<Option<App>> {
    let phones = tokio::task::spawn_blocking(phone::prepare);
    let Some(db) = database::open(&config.database_url, stop).await? else { return Ok(None) };
    let bot = connection::bot(&config.telegram)?;
    let store = Store::open(&config.files)?;
    let app = App::new(config, db, Clock::system(), bot, store);
    phones.await.context("preparing to read phones")?;
    tokio::select! {
        () = stop.cancelled() => return Ok(None),
        made = ensure_admins_patiently(&app) => made.context("making the people of ADMIN_IDS admins")?,
    }
    Ok(Some(app))
}

/// A database that goes away meanwhile is waited for: a start is no safer than any other moment.
async fn ensure_admins_patiently(app: &App) -> Result<()> {
    let mut failing = Complaint::about("The people of ADMIN_IDS are not known to be admins yet");
    loop {
        match heard(ensure_admins(app)).await {
            Err(error) if matches!(cause_of(&error), Some(Cause::Away | Cause::Busy)) => failing.fails(error),
            made => return made,
        }
        sleep(AT_START).await;
    }
}

/// Two replicas that start at the same time must not make two people of one.
async fn ensure_admins(app: &App) -> Result<()> {
    let mut transaction = app.db.begin().await?;
    leases::start_alone(&mut transaction).await?;
    actions::people::ensure_admins(&mut transaction, &app.config.telegram.admin_ids, app.now()).await?;
    Ok(transaction.commit().await?)
}

fn start(app: &App, live: &OnceLock<Live>, parts: &mut JoinSet<Ended>, stop: &CancellationToken) {
    let consumer = Arc::new(Consumer::new(app));
    let leads = watch::Sender::new(false);
    live.get_or_init(|| Live { app: app.clone(), broker: consumer.state(), leads: leads.subscribe() });
    let sight = Sight { broker: consumer.state(), leads: leads.subscribe() };
    parts.spawn(named("presence", be_present(app.clone(), sight, stop.clone())));
    parts.spawn(named("consumer", endless(consumer.run(app.clone(), stop.clone()))));
    parts.spawn(named("updates", endless(updates::run(app.clone(), Arc::new(Telegram), stop.clone()))));
    parts.spawn(named("leader", contend(app.clone(), leads, stop.clone())));
    parts.spawn(named("database", watch_database(app.clone(), stop.clone())));
    parts.spawn(named("wall", follow_the_wall(app.clone(), stop.clone())));
    parts.spawn(named("name", learn_name(app.clone(), stop.clone())));
}

async fn finish(mut parts: JoinSet<Ended>, stop: &CancellationToken) {
    let stopping = async {
        while let Some(ended) = parts.join_next().await {
            if let Err(error) = judge(ended, stop) {
                tracing::error!(error = format!("{error:#}"), "A part of the service did not end well");
            }
        }
    };
    if timeout(STOP, stopping).await.is_err() {
        tracing::warn!("Not everything ended in time; what is left is done after the next start");
    }
}

async fn named(name: &'static str, part: impl Future<Output = Result<()>>) -> Ended {
    (name, part.await)
}

async fn endless(part: impl Future<Output = ()>) -> Result<()> {
    part.await;
    Ok(())
}

async fn contend(app: App, leads: watch::Sender<bool>, stop: CancellationToken) -> Result<()> {
    Ok(leader::run(&app, &leads, &stop, |fence, over| lead(app.clone(), fence, over)).await?)
}

/// What only the leader does.
async fn lead(app: App, fence: Fence, over: CancellationToken) {
    tokio::join!(
        reception::run(&app, &fence, &over),
        outbox::run(app.clone(), fence.clone(), over.clone()),
        outbox::rights::run(&app, &fence, &over),
        sync::run(app.clone(), fence.clone(), over.clone()),
        jobs::run(&app, &fence, &over),
        files::run(&app, &fence, &over),
    );
}

async fn watch_database(app: App, stop: CancellationToken) -> Result<()> {
    tokio::select! {
        () = stop.cancelled() => Ok(()),
        dead = database::watch(&app.db) => Err(dead.into()),
    }
}

async fn be_present(app: App, sight: Sight, stop: CancellationToken) -> Result<()> {
    presence::tell(&app, &sight, &stop).await;
    Ok(())
}

async fn follow_the_wall(app: App, stop: CancellationToken) -> Result<()> {
    wall::follow(&app, &stop).await;
    Ok(())
}

/// Stays after its work is done, as parts do.
async fn learn_name(app: App, stop: CancellationToken) -> Result<()> {
    connection::learn_username(&app, &stop).await;
    stop.cancelled().await;
    Ok(())
}

/// Serves updates with everything that the bot understands.
struct Telegram;

impl updates::Handler for Telegram {
    async fn handle(&self, app: &App, conn: &mut PgConnection, incoming: &Incoming) -> Result<Answer> {
        telegram::handle(app, conn, incoming).await
    }
}

/// An end that nobody asked for is an error, also a quiet one.
fn judge(ended: Result<Ended, JoinError>, asked: &CancellationToken) -> Result<()> {
    match ended {
        Ok((_, Ok(()))) if asked.is_cancelled() => Ok(()),
        Ok((name, Ok(()))) => bail!("`{name}` ended although nobody asked it to"),
        Ok((name, Err(error))) => Err(error.context(format!("`{name}` cannot go on"))),
        Err(error) => Err(anyhow!(error).context("a part of the service broke")),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use sqlx::{ConnectOptions, PgPool};

    use super::*;
    use crate::test_app;

    #[sqlx::test]
    async fn replicas_that_start_at_once_on_an_empty_database_make_one_person_of_each_admin(db: PgPool) {
        let url = db.connect_options().to_url_lossy().to_string();
        let settings = [("DATABASE_URL", url.as_str()), ("ADMIN_IDS", "1001,1002,1003")];
        let config = test_app::app(db.clone(), &settings).config;
        let stop = CancellationToken::new();
        let replicas = join_all((0..4).map(|_| open(Config::clone(&config), &stop)));
        for opened in timeout(Duration::from_mins(1), replicas).await.unwrap() {
            opened.unwrap().unwrap().db.close().await;
        }
        for table in ["users", "chats", "user_roles"] {
            let query = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
            let count: i64 = sqlx::query_scalar(query).fetch_one(&db).await.unwrap();
            assert_eq!(count, 3, "{table}");
        }
    }
}
