//! A burst of deals: from the first webhook to the last committed measurement.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use e2e::system::Places;
use sqlx::PgConnection;
use tokio::time::Instant;

use crate::deals;
use crate::figures::Figure;
use crate::ingest::Measured;
use crate::load::{self, Length};
use crate::memory::{self, Moment};
use crate::plan::Plan;
use crate::stage::{self, Programs, Whole};
use crate::stats::median;

/// Webhooks under way at once.
const CONNECTIONS: usize = 32;
/// Whom the rules have to choose from for each deal.
const MEASURERS: i32 = 20;
const MOST_SECONDS: f64 = 20.0;
/// A burst that takes longer has got stuck.
const PATIENCE: Duration = Duration::from_mins(3);

/// What one burst showed.
struct Burst {
    /// Until the last webhook was answered.
    accepted: Duration,
    /// Until the last measurement was committed.
    committed: Duration,
}

/// Each burst meets a system that was just started.
///
/// # Errors
///
/// If a part does not start, a webhook is not accepted, or not every deal gets exactly one measurement, proposed to
/// somebody.
#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 deals")]
pub async fn run(
    plan: &Plan,
    places: &Places,
    programs: &Programs,
    tell: &mut dyn FnMut(String),
) -> Result<Measured> {
    let (mut accepted, mut committed, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=plan.bursts {
        let whole = Whole::start(programs, places).await?;
        tokio::time::sleep(plan.idle).await;
        let process = whole.bot.id().context("bot-service has ended")?;
        memory.push(memory::peak("bot-service", Moment::Idle, process)?);
        let burst = burst(&whole, plan.deals).await?;
        memory.push(memory::peak("bot-service", Moment::UnderLoad, process)?);
        let ingest = whole.ingest.process.id().context("ingest-service has ended")?;
        memory.push(memory::peak("ingest-service", Moment::UnderLoad, ingest)?);
        let calls = whole.amocrm.call_counts();
        tell(format!(
            "pipeline, burst {number} of {}: {} deals accepted in {:.2} s, committed in {:.2} s; \
             AmoCRM answered {} calls, {} of them 429",
            plan.bursts,
            plan.deals,
            burst.accepted.as_secs_f64(),
            burst.committed.as_secs_f64(),
            calls.total,
            calls.too_many,
        ));
        accepted.push(burst.accepted.as_secs_f64());
        committed.push(burst.committed.as_secs_f64());
        whole.stop().await?;
    }
    let seconds = median(&committed);
    let figures = vec![
        Figure::told("pipeline.burst", seconds, "s").at_most(MOST_SECONDS),
        Figure::told("pipeline.rate", plan.deals as f64 / seconds, "deals/s"),
        Figure::told("pipeline.accepted", median(&accepted), "s"),
    ];
    Ok(Measured { figures, memory })
}

async fn burst(whole: &Whole, deals: usize) -> Result<Burst> {
    let bodies = stage::bytes(deals::create(&whole.amocrm, deals)?);
    let mut database = whole.database.connect().await?;
    hire(&mut database).await?;
    let began = Instant::now();
    let posting = async {
        load::run(whole.ingest.target.clone(), bodies, CONNECTIONS, Length::Once).await?;
        Ok(began.elapsed())
    };
    let committing = async {
        let wanted = i64::try_from(deals)?;
        e2e::wait::until("every deal to have its measurement", PATIENCE, async || {
            (count(&mut database).await.ok()? >= wanted).then_some(())
        })
        .await?;
        Ok(began.elapsed())
    };
    let (accepted, committed): (Result<_>, Result<_>) = tokio::join!(posting, committing);
    let burst = Burst { accepted: accepted?, committed: committed? };
    let (all, different): (i64, i64) =
        sqlx::query_as("select count(*), count(distinct lead_id) from measurements")
            .fetch_one(&mut database)
            .await?;
    ensure!(all == different, "{all} measurements of {different} deals");
    let proposed: i64 = sqlx::query_scalar("select count(*) from proposals where measurer_id is not null")
        .fetch_one(&mut database)
        .await?;
    ensure!(proposed == all, "{proposed} of {all} are proposed to somebody");
    Ok(burst)
}

async fn hire(database: &mut PgConnection) -> Result<()> {
    sqlx::query(
        "with hired as (
             insert into users (first_name, last_name, language, created_at)
             select 'Имя', 'Фамилия' || number, 'ru', now() from generate_series(1, $1) as number
             returning id)
         insert into user_roles (user_id, role, granted_at) select id, 'measurer', now() from hired",
    )
    .bind(MEASURERS)
    .execute(database)
    .await?;
    Ok(())
}

async fn count(database: &mut PgConnection) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from measurements").fetch_one(database).await?)
}
