//! Breaks what the plan says, mends it again, and keeps the book of when.

use std::sync::Arc;
use std::sync::Mutex as Held;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use private_servers::group::Frozen;
use simulator::amocrm::{Answer, Fault as AmoCrmFault};
use simulator::telegram::{Fault as TelegramFault, FaultRule};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::plan::At;
use super::plan::faults::{AmoCrmTrouble, Fault, TelegramTrouble};
use super::slot::{Met, Slot};
use super::stage::Stage;
use crate::relay::Line;

/// One fault as it was.
#[derive(Debug, Clone)]
pub struct Disturbance {
    pub fault: Fault,
    pub from: DateTime<Utc>,
    /// None while it lasts.
    pub until: Option<DateTime<Utc>>,
    pub met: Met,
}

/// All of them so far, for whoever wants to know whether one lasts.
#[derive(Debug, Default)]
pub struct Disturbances(Held<Vec<Disturbance>>);

/// How long a fault may need to be mended beyond the time it lasts: a broker starts in nine seconds where nothing
/// else is going on.
const MENDING: Duration = Duration::from_mins(2);
/// Telegram's trouble that no call has met by then is over.
const STALE: Duration = Duration::from_secs(10);
/// Longer than the bot waits for any answer.
const SILENCE: Duration = Duration::from_secs(40);
/// After AmoCRM has switched the webhook off, the next leader finds that.
const UNNOTICED: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Longer than any change of leader, also while the database is away.
const LEADS_WITHIN: Duration = Duration::from_secs(30);

impl Disturbances {
    pub fn list(&self) -> Vec<Disturbance> {
        self.0.lock().expect("nothing panics while it holds the list").clone()
    }

    pub fn last(&self) -> bool {
        self.list().iter().any(|disturbance| disturbance.until.is_none())
    }

    fn begin(&self, fault: Fault, from: DateTime<Utc>) -> usize {
        let mut all = self.0.lock().expect("nothing panics while it holds the list");
        all.push(Disturbance { fault, from, until: None, met: Met::Done });
        all.len() - 1
    }

    fn end(&self, place: usize, until: DateTime<Utc>, met: Met) {
        let mut all = self.0.lock().expect("nothing panics while it holds the list");
        (all[place].until, all[place].met) = (Some(until), met);
    }
}

/// Returns when everything is mended.
///
/// # Errors
///
/// If something cannot be mended.
pub async fn play(
    stage: &Arc<Stage>,
    faults: &[At<Fault>],
    start: Instant,
    book: &Arc<Disturbances>,
    tell: &(dyn Fn(&str) + Send + Sync),
) -> Result<()> {
    let mut under_way = JoinSet::new();
    for At { after, what } in faults {
        sleep_until(start + *after).await;
        while let Some(done) = under_way.try_join_next() {
            done??;
        }
        tell(&format!("{:7.1} s  {what}", start.elapsed().as_secs_f64()));
        under_way.spawn(one(stage.clone(), *what, book.clone()));
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    Ok(())
}

async fn one(stage: Arc<Stage>, fault: Fault, book: Arc<Disturbances>) -> Result<()> {
    let now = || stage.telegram.clock().now();
    let place = book.begin(fault, now());
    let limit = length(&fault) + MENDING;
    let broken = timeout(limit, break_and_mend(&stage, fault)).await;
    let met = broken.with_context(|| format!("{fault} was not mended within {limit:?}"))?;
    book.end(place, now(), met.with_context(|| fault.to_string())?);
    Ok(())
}

fn length(fault: &Fault) -> Duration {
    match fault {
        Fault::Kill { down, .. }
        | Fault::Stop { down, .. }
        | Fault::KillBroker { down }
        | Fault::KillDatabase { down } => *down,
        Fault::Freeze { time, .. }
        | Fault::FreezeBroker { time }
        | Fault::FreezeDatabase { time }
        | Fault::Network { time, .. } => *time,
        Fault::AmoCrm { .. } | Fault::Telegram { .. } | Fault::SwitchOff => Duration::ZERO,
    }
}

async fn break_and_mend(stage: &Stage, fault: Fault) -> Result<Met> {
    match fault {
        Fault::Kill { who, down } => return stage.slot(who).await.kill(down).await,
        Fault::Stop { who, down } => return stage.slot(who).await.stop(down).await,
        Fault::Freeze { who, time } => return stage.slot(who).await.freeze(time).await,
        Fault::KillBroker { down } => {
            return disturb(&stage.rabbitmq, async |broker| {
                broker.kill();
                sleep(down).await;
                broker.start_again().await
            })
            .await;
        }
        Fault::KillDatabase { down } => {
            return disturb(&stage.postgres, async |database| {
                database.kill();
                sleep(down).await;
                database.start_again().await
            })
            .await;
        }
        Fault::FreezeBroker { time } => {
            return disturb(&stage.rabbitmq, async |broker| frozen(broker.freeze()?, time).await).await;
        }
        Fault::FreezeDatabase { time } => {
            return disturb(&stage.postgres, async |database| frozen(database.freeze()?, time).await).await;
        }
        Fault::Network { link, line, time } => {
            let relay = &stage.lines[&link];
            relay.set(line);
            sleep(time).await;
            relay.set(Line::Open);
        }
        Fault::AmoCrm { trouble, calls } => {
            let answer = amocrm_answer(trouble);
            stage.amocrm.inject(AmoCrmFault::Next { count: calls, path: None, answer })?;
        }
        Fault::Telegram { trouble, method, calls } => telegram(stage, trouble, method, calls).await,
        Fault::SwitchOff => {
            stage.amocrm.disable_webhook(&stage.destination);
            sleep(UNNOTICED).await;
            // At this moment nobody may lead; only one who begins to lead switches it on again before ten minutes.
            let leader =
                timeout(LEADS_WITHIN, somebody_leads(stage)).await.context("nobody comes to lead")?;
            return leader.kill(Duration::ZERO).await;
        }
    }
    Ok(Met::Done)
}

async fn somebody_leads(stage: &Stage) -> &Slot {
    loop {
        if let Some(leader) = stage.leader().await {
            return leader;
        }
        sleep(LOOK_EVERY).await;
    }
}

async fn disturb<S>(server: &Mutex<S>, work: impl AsyncFnOnce(&mut S) -> Result<()>) -> Result<Met> {
    let Ok(mut server) = server.try_lock() else { return Ok(Met::Missed) };
    work(&mut server).await?;
    Ok(Met::Done)
}

async fn frozen(server: Frozen, time: Duration) -> Result<()> {
    sleep(time).await;
    drop(server);
    Ok(())
}

fn amocrm_answer(trouble: AmoCrmTrouble) -> Answer {
    match trouble {
        AmoCrmTrouble::TooMany => Answer::Json { status: 429 },
        AmoCrmTrouble::Broken => Answer::Json { status: 500 },
        AmoCrmTrouble::Gateway => Answer::Html { status: 502 },
        AmoCrmTrouble::Garbage => Answer::BrokenJson,
        AmoCrmTrouble::Silence => Answer::Hang { delay: SILENCE },
    }
}

/// Lasts until so many calls have met it.
async fn telegram(stage: &Stage, trouble: TelegramTrouble, method: Option<&str>, calls: u32) {
    let fault = match trouble {
        TelegramTrouble::TooMany => TelegramFault::too_many_requests(2),
        TelegramTrouble::Broken => TelegramFault::internal_error(),
        TelegramTrouble::Gateway => TelegramFault::BadGateway,
        TelegramTrouble::Silence => TelegramFault::Hang(SILENCE),
        TelegramTrouble::HangsUp => TelegramFault::Disconnect,
        TelegramTrouble::LosesAnswer => TelegramFault::LoseAnswer,
    };
    let rule =
        method.map_or_else(|| FaultRule::any(fault.clone()), |method| FaultRule::on(method, fault.clone()));
    let rule = rule.times(calls);
    stage.telegram.fault(rule.clone());
    let used_up = stage.telegram.wait_until("the fault is used up", STALE, |telegram| {
        let left = telegram.faults();
        left.iter().all(|left| FaultRule { times: calls, ..left.clone() } != rule).then_some(())
    });
    if used_up.await.is_err() {
        // Its count has gone down meanwhile.
        for left in stage.telegram.faults() {
            if (FaultRule { times: calls, ..left.clone() }) == rule {
                stage.telegram.end_fault(&left);
            }
        }
    }
}
