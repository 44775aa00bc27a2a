//! The proof that nothing is lost and nothing is done twice, whatever dies, in whatever order.
//!
//! ```text
//! plan/       what will happen, drawn from a seed: deals, people, faults
//! stage.rs    the system with all that can break around it; slot.rs one replica of it
//! load.rs     deals are made, moved, changed, deleted      presses.rs   people press and write
//! breaker.rs  things break and are mended                  watch.rs     replicas are looked after
//! ending.rs   peace, two changes of leader, and quiet
//! checker/    three books are compared: what was done from outside, the database, the chats
//! logs.rs     what the replicas wrote                      report.rs    the table at the end
//! ```

mod breaker;
mod buttons;
mod cast;
mod checker;
mod dice;
mod ending;
mod load;
mod logs;
pub mod plan;
mod presses;
mod report;
mod slot;
mod stage;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch::Sender;
use tokio::time::{Instant, timeout};

use crate::wait;
use breaker::Disturbances;
use checker::Done;
use plan::Plan;
pub use report::Report;
use stage::Stage;
use watch::Health;

/// For what comes before the load, on a machine that is busy with other things.
const PREPARING: Duration = Duration::from_mins(2);
/// Beyond the load itself: the last faults are mended, everything comes to rest, the books are compared.
const ENDING: Duration = Duration::from_mins(6);

/// Plays the plan and compares the books. `tell` hears what happens, line by line.
///
/// # Errors
///
/// If something does not come to its end in time. What the books say is in the report.
pub async fn run(plan: &Plan, tell: &(dyn Fn(&str) + Send + Sync)) -> Result<Report> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let limit = PREPARING + plan.size.load + plan.size.outage.unwrap_or_default() + ENDING;
    tokio::select! {
        played = timeout(limit, staged(plan, tell)) => played.with_context(|| format!("not over within {limit:?}"))?,
        _ = terminate.recv() => anyhow::bail!("stopped by a signal"),
        _ = interrupt.recv() => anyhow::bail!("stopped by a signal"),
    }
}

/// The logs stay where something is not as it must be.
async fn staged(plan: &Plan, tell: &(dyn Fn(&str) + Send + Sync)) -> Result<Report> {
    let began = Instant::now();
    let stage =
        Arc::new(timeout(PREPARING, Stage::build()).await.context("the stage was not built in time")??);
    let logs = stage.logs.clone();
    tell(&format!("logs are in {}", logs.display()));
    let played = play(&stage, plan, began, tell).await;
    let report =
        played.with_context(|| format!("{}\nlogs are in {}", stage.ends_of_logs(), logs.display()))?;
    if report.is_clean() {
        std::fs::remove_dir_all(&logs)?;
    }
    Ok(report)
}

async fn play(
    stage: &Arc<Stage>,
    plan: &Plan,
    began: Instant,
    tell: &(dyn Fn(&str) + Send + Sync),
) -> Result<Report> {
    timeout(PREPARING, prepare(stage)).await.context("people did not come in in time")??;
    tell(&format!("everybody is in after {:.1} s", began.elapsed().as_secs_f64()));
    let book = Arc::new(Disturbances::default());
    let seen = Sender::new(Health::default());
    let start = Instant::now();
    let playing = async {
        let (deals, people, ()) = tokio::try_join!(
            load::play(&stage.amocrm, &plan.deals, start),
            presses::play(&stage.telegram, &plan.people, start),
            breaker::play(stage, &plan.faults, start, &book, tell),
        )?;
        let ending = ending::come_to_rest(stage, tell).await?;
        anyhow::Ok((deals, people, ending))
    };
    let (deals, people, ending) = tokio::select! {
        played = playing => played?,
        watched = watch::over(stage, &book, &seen) => {
            watched?;
            anyhow::bail!("nobody looks after the replicas any more")
        }
    };
    let disturbances = book.list();
    let mut database = stage.database.connect().await?;
    let done = Done {
        telegram: &stage.telegram,
        amocrm: &stage.amocrm,
        deals: &deals,
        people: &people,
        disturbances: &disturbances,
    };
    let mut findings = checker::compare(&mut database, &done).await?;
    findings.lost.extend(ending.left_in_queues.iter().cloned());
    drop(database);
    for slot in stage.slots() {
        slot.end().await?;
    }
    let health = *seen.borrow();
    Ok(Report::of(plan, stage, (&deals, &people, &disturbances), (findings, health, ending), began.elapsed()))
}

/// All replicas start at once on an empty database; people come in; AmoCRM has been looked at for the first time, so
/// that no deal counts as one that was there before us.
async fn prepare(stage: &Stage) -> Result<()> {
    for slot in stage.slots() {
        slot.start().await?;
    }
    stage.becomes_well(PREPARING).await?;
    let first = cast::with(plan::people::Role::Admin)[0];
    stage.telegram.starts(first, None)?;
    reads(stage, first, "➕ Пригласить").await?;
    for (guest, role) in cast::guests() {
        stage.telegram.starts(guest, Some(&stage.database.invitation(role).await?))?;
    }
    for (guest, _) in cast::guests() {
        reads(stage, guest, "Добро пожаловать").await?;
    }
    let mut database = stage.database.connect().await?;
    link_the_manager(&mut database).await?;
    let compared = wait::until("AmoCRM to be compared once", wait::LIMIT, async || {
        ending::passed_at(&mut database).await.ok()?
    });
    compared.await?;
    let subscribed = wait::until("AmoCRM to be subscribed to", wait::LIMIT, async || {
        (!stage.amocrm.webhooks().is_empty()).then_some(())
    });
    subscribed.await?;
    let destination = stage.amocrm.webhooks()[0].destination.clone();
    ensure!(destination == stage.destination, "hooks go to another address than ours");
    Ok(())
}

async fn reads(stage: &Stage, person: i64, text: &str) -> Result<()> {
    let shows = |message: &simulator::telegram::Message| message.rendered().contains(text);
    stage.telegram.wait_for(person, shows, PREPARING).await.map(drop)
}

/// By hand: how people do it is a story of its own.
async fn link_the_manager(database: &mut sqlx::PgConnection) -> Result<()> {
    let employee = simulator::amocrm::demo::OLGA;
    let query = "update users set amo_user_id = $1 where id = (select min(user_id) from user_roles where role = 'manager')";
    sqlx::query(query).bind(employee).execute(database).await?;
    Ok(())
}
