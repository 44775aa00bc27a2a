//! Finding: words that are rare, frequent, in nothing, and the end of a phone, for whoever sees all and whoever sees his
//! own.

use anyhow::{Context, Result};
use bot_service::actions::find;
use bot_service::actions::views::Cursor;
use bot_service::domain::find::Query;
use bot_service::domain::measurement::StatusKind;
use bot_service::domain::user::Actor;
use sqlx::PgConnection;

use super::office::{Office, number};
use super::watch::Watch;

/// What is typed, for the number of a measurement and of the sample.
type Typed = fn(i64, usize) -> String;

const WHAT: [(&str, Typed); 4] = [
    // The order of one measurement.
    ("rare", |id, _| format!("А-{id:07}")),
    // A tenth of all clients.
    ("common", |_, _| "иванов".to_owned()),
    // One measurement in ten thousand.
    ("phone", |_, sample| format!("{:04}", 7_919 * number(sample) % 10_000)),
    ("none", |_, sample| format!("йцукенг{sample}")),
];

pub async fn steps(watch: &mut Watch<'_>) -> Result<()> {
    for (what, typed) in WHAT {
        watch
            .step(&format!("find.{what}.admin"), async |conn, office, sample| {
                look(conn, office.admin().actor(), &typed(office.middle(sample).0, sample)).await
            })
            .await?;
        watch
            .step(&format!("find.{what}.measurer"), async |conn, office, sample| {
                let (pick, measurer) = office.work(StatusKind::Completed, sample)?;
                look(conn, measurer.actor(), &typed(pick.id.0, sample)).await
            })
            .await?;
        watch
            .step(&format!("find.{what}.manager"), async |conn, office, sample| {
                look(conn, office.manager(sample).actor(), &typed(office.middle(sample).0, sample)).await
            })
            .await?;
    }
    // The second page, which looks both ways.
    watch
        .step("find.common.deep", async |conn, office: &Office, sample| {
            let query = Query::parse("иванов").context("it says enough")?;
            let place = Cursor::After(office.middle(sample));
            find::page(conn, &office.admin().actor(), &query, place).await?;
            Ok(())
        })
        .await
}

async fn look(conn: &mut PgConnection, actor: Actor, text: &str) -> Result<()> {
    let query = Query::parse(text).context("it says enough")?;
    find::page(conn, &actor, &query, Cursor::First).await?;
    Ok(())
}
