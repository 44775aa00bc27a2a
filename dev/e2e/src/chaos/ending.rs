//! Peace: nothing breaks any more, leaders change twice and by that compare AmoCRM with what they know, and then
//! everything that waits is done.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use shared::topology;
use sqlx::PgConnection;
use tokio::time::Instant;

use super::stage::Stage;
use crate::wait;

/// For replicas to be there again after the last fault.
const RECOVERY: Duration = Duration::from_mins(1);
/// For hooks that AmoCRM will come again with.
const HOOKS: Duration = Duration::from_secs(90);
/// For everything that waits in tables: a deal that has failed for two minutes is tried again after six.
const QUIET: Duration = Duration::from_mins(6);
/// A chat may have fifteen cards redrawn a minute.
const FOR_A_CARD: Duration = Duration::from_secs(4);
/// The promise of a change of leader. Debug builds on a machine with other work are given more than the two seconds
/// that a good-bye takes; `tests/faults/replicas.rs` measures it in peace.
const AFTER_A_KILL: Duration = Duration::from_secs(10);
const AFTER_A_STOP: Duration = Duration::from_secs(5);

/// How the last minutes were.
#[derive(Debug, Clone)]
pub struct Ending {
    /// From the last fault until nothing waited.
    pub took: Duration,
    pub take_over_after_kill: Duration,
    pub take_over_after_stop: Duration,
    /// What nobody could read, or what had no place.
    pub left_in_queues: Vec<String>,
}

pub async fn come_to_rest(stage: &Stage, tell: &(dyn Fn(&str) + Send + Sync)) -> Result<Ending> {
    let began = Instant::now();
    stage.telegram.clear_faults();
    stage.amocrm.heal();
    stage.lines.values().for_each(crate::relay::Relay::heal);
    stage.becomes_well(RECOVERY).await?;
    tell("everything is mended, and well");
    wait::until("AmoCRM to have nothing more to send", HOOKS, async || {
        (stage.amocrm.hooks_ahead() == 0).then_some(())
    })
    .await?;
    stage.amocrm.wait_for_hook_answers(HOOKS).await?;

    let take_over_after_stop = change_of_leader(stage, Way::Stop).await?;
    stage.becomes_well(RECOVERY).await?;
    let take_over_after_kill = change_of_leader(stage, Way::Kill).await?;
    stage.becomes_well(RECOVERY).await?;
    tell(&format!("leaders changed within {take_over_after_stop:.1?} and {take_over_after_kill:.1?}"));

    let since = stage.telegram.clock().now();
    restart_the_leader(stage).await?;
    compared_since(stage, since).await?;
    tell("AmoCRM has been compared");
    nothing_waits(stage).await?;
    tell(&format!("nothing waits any more, {:.1} s after the last fault", began.elapsed().as_secs_f64()));
    let mut left_in_queues = left_in_queues(&stage.amqp_url).await?;
    left_in_queues.extend(parked(stage).await?);
    Ok(Ending { took: began.elapsed(), take_over_after_kill, take_over_after_stop, left_in_queues })
}

#[derive(Clone, Copy)]
enum Way {
    Stop,
    Kill,
}

/// From the signal until the other one leads.
async fn change_of_leader(stage: &Stage, way: Way) -> Result<Duration> {
    let old = stage.leader().await.context("nobody leads in peace")?.clone();
    let new = stage.bots.iter().find(|bot| bot.name != old.name).context("there are two")?;
    let signalled = Instant::now();
    let down = Duration::from_secs(11);
    let ending = async {
        match way {
            Way::Stop => old.stop(down).await,
            Way::Kill => old.kill(down).await,
        }
    };
    let limit = match way {
        Way::Stop => AFTER_A_STOP,
        Way::Kill => AFTER_A_KILL,
    };
    let leading = async {
        wait::until("the other replica to lead", RECOVERY, async || {
            new.ready().await.filter(|says| says["leads"] == true).map(drop)
        })
        .await?;
        anyhow::Ok(signalled.elapsed())
    };
    let (ended, took) = tokio::try_join!(ending, leading)?;
    ensure!(ended == super::slot::Met::Done, "the leader could not be ended");
    ensure!(took <= limit, "the other replica leads after {took:?} only");
    Ok(took)
}

/// A new leader compares at once.
async fn restart_the_leader(stage: &Stage) -> Result<()> {
    let leader = stage.leader().await.context("nobody leads in peace")?;
    leader.stop(Duration::ZERO).await?;
    stage.becomes_well(RECOVERY).await
}

async fn compared_since(stage: &Stage, since: DateTime<Utc>) -> Result<()> {
    let mut database = stage.database.connect().await?;
    wait::until("AmoCRM to be compared once more", QUIET, async || {
        passed_at(&mut database).await.ok()?.filter(|at| *at > since)
    })
    .await?;
    Ok(())
}

/// When AmoCRM was last compared to the end.
pub async fn passed_at(database: &mut PgConnection) -> Result<Option<DateTime<Utc>>> {
    let query = "select (value ->> 'passed_at')::timestamptz from settings where name = 'reconciliation'";
    Ok(sqlx::query_scalar::<_, Option<DateTime<Utc>>>(query).fetch_optional(database).await?.flatten())
}

/// What waits, by the table that it waits in.
const WAITING: &str = "
    select (select count(*) from lead_nudges),
           (select count(*) from telegram_updates where handled_at is null and parked_at is null),
           (select count(*) from outbox where state = 'pending'),
           (select count(*) from cards where shown_version < wanted_version and message_id is not null)";

/// The most cards that one chat has still to see drawn anew.
const BEHIND: &str = "
    select coalesce(max(cards), 0) from (
        select count(*) as cards from cards
        where shown_version < wanted_version and message_id is not null group by chat_id) as by_chat";

async fn nothing_waits(stage: &Stage) -> Result<()> {
    let mut database = stage.database.connect().await?;
    let behind: i64 = sqlx::query_scalar(BEHIND).fetch_one(&mut database).await?;
    let limit = QUIET + FOR_A_CARD * u32::try_from(behind)?;
    let mut last = (0, 0, 0, 0);
    let quiet = wait::until("nothing to wait any more", limit, async || {
        let looking = sqlx::query_as::<_, (i64, i64, i64, i64)>(WAITING);
        last = looking.fetch_one(&mut database).await.ok()?;
        (last == (0, 0, 0, 0) && stage.telegram.pending_updates() == 0).then_some(())
    });
    let Err(in_vain) = quiet.await else { return Ok(()) };
    let nudges: Vec<String> = sqlx::query_scalar(NUDGES).fetch_all(&mut database).await?;
    let said = format!("nudges, updates, messages and redraws that wait: {last:?}; nudges: {nudges:?}");
    Err(in_vain.context(said))
}

const NUDGES: &str = "
    select concat_ws(' · ', n.lead_id, n.entries, n.last_error, 'since ' || n.stuck_since, 'next ' || n.next_attempt_at,
                     case when l.lead_id is null then 'never read' when l.deleted then 'deleted' end)
    from lead_nudges n left join leads l using (lead_id)";

/// bot-service empties the queues of what nobody could read into a table.
async fn parked(stage: &Stage) -> Result<Vec<String>> {
    let sql = "select concat(count(*), ' messages were parked: ', kind, ', ', why)
               from parked_messages group by kind, why";
    Ok(sqlx::query_scalar(sql).fetch_all(&mut stage.database.connect().await?).await?)
}

async fn left_in_queues(amqp_url: &str) -> Result<Vec<String>> {
    use lapin::options::QueueDeclareOptions;
    use lapin::types::FieldTable;
    let connection = lapin::Connection::connect(amqp_url, lapin::ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    let mut left = Vec::new();
    for name in
        [topology::LEAD_EVENTS, topology::LEAD_EVENTS_DEAD, topology::UNREADABLE, topology::UNROUTABLE]
    {
        let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        let queue = channel.queue_declare(name.into(), options, FieldTable::default()).await?;
        if queue.message_count() > 0 {
            left.push(format!("{} messages are left in {name}", queue.message_count()));
        }
    }
    connection.close(200, "looked".into()).await?;
    Ok(left)
}
