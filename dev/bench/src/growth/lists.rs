//! Lists, each at its beginning and deep inside, the counts on menus, and people.

use anyhow::Result;
use bot_service::actions::views::{Cursor, Filter, ListKind, Period, Sieve, SieveBy};
use bot_service::actions::{lists, people};
use bot_service::domain::ids::{MeasurementId, ZoneId};
use bot_service::domain::measurement::StatusKind;
use bot_service::domain::user::{Actor, Role, User};
use chrono::TimeDelta;
use sqlx::PgConnection;

use super::office::{Office, Pick, number};
use super::watch::Watch;

const FILTERS: [(&str, Filter); 7] = [
    ("open", Filter::Open),
    ("everything", Filter::Everything),
    ("pending", Filter::Status(StatusKind::Pending)),
    ("assigned", Filter::Status(StatusKind::Assigned)),
    ("in_progress", Filter::Status(StatusKind::InProgress)),
    ("completed", Filter::Status(StatusKind::Completed)),
    ("cancelled", Filter::Status(StatusKind::Cancelled)),
];

pub async fn steps(watch: &mut Watch<'_>) -> Result<()> {
    for (name, filter) in FILTERS {
        let kind = ListKind::All(filter);
        let who = |office: &Office, sample| Ok((office.admin().actor(), office.middle(sample)));
        both_ways(watch, &format!("all.{name}"), kind, who).await?;
    }
    let pending =
        |office: &Office, sample| Ok((office.admin().actor(), office.pick(StatusKind::Pending, sample).id));
    both_ways(watch, "pending", ListKind::Pending, pending).await?;
    let worker = |work: Result<(Pick, &User)>| work.map(|(pick, measurer)| (measurer.actor(), pick.id));
    both_ways(watch, "my", ListKind::My, |office, sample| worker(office.work(StatusKind::Assigned, sample)))
        .await?;
    both_ways(watch, "my.completed", ListKind::MyCompleted, |office, sample| {
        worker(office.work(StatusKind::Completed, sample))
    })
    .await?;
    let manager = |office: &Office, sample| Ok((office.manager(sample).actor(), office.middle(sample)));
    both_ways(watch, "orders", ListKind::Orders, manager).await?;
    both_ways(watch, "orders.closed", ListKind::OrdersClosed, manager).await?;
    sifted(watch).await?;
    menus(watch).await?;
    offices(watch).await
}

/// Those of a measurer, of a zone, of the last thirty days, and of several.
async fn sifted(watch: &mut Watch<'_>) -> Result<()> {
    for (name, by, period) in [
        ("measurer", &[SieveBy::Measurer][..], None),
        ("zone", &[SieveBy::Zone], None),
        ("zone_measurer", &[SieveBy::Zone, SieveBy::Measurer], None),
        ("period", &[], Some(Period::ThirtyDays)),
        ("both", &[SieveBy::Measurer], Some(Period::ThirtyDays)),
    ] {
        watch
            .step(&format!("list.sifted.{name}"), async |conn, office, sample| {
                let measurer = by.contains(&SieveBy::Measurer).then(|| office.measurer(sample).id);
                let zone = by.contains(&SieveBy::Zone).then(|| ZoneId(1 + number(sample) % 8));
                let (_, filter) = FILTERS[sample % FILTERS.len()];
                let kind = ListKind::all(filter, Sieve { measurer, zone, period });
                let since = period.map(|_| office.now - TimeDelta::days(29));
                lists::page_since(conn, &office.admin().actor(), kind, Cursor::First, since).await?;
                Ok(())
            })
            .await?;
    }
    Ok(())
}

/// The first page, and the pages after and before somewhere in the middle.
async fn both_ways(
    watch: &mut Watch<'_>,
    name: &str,
    kind: ListKind,
    who: impl Fn(&Office, usize) -> Result<(Actor, MeasurementId)>,
) -> Result<()> {
    let page = async |conn: &mut PgConnection, actor: &Actor, cursor: Cursor| -> Result<()> {
        lists::page(conn, actor, kind, cursor).await?;
        Ok(())
    };
    watch
        .step(&format!("list.{name}"), async |conn, office, sample| {
            page(conn, &who(office, sample)?.0, Cursor::First).await
        })
        .await?;
    watch
        .step(&format!("list.{name}.deep"), async |conn, office, sample| {
            let (actor, id) = who(office, sample)?;
            page(conn, &actor, Cursor::After(id)).await
        })
        .await?;
    watch
        .step(&format!("list.{name}.back"), async |conn, office, sample| {
            let (actor, id) = who(office, sample)?;
            page(conn, &actor, Cursor::Before(id)).await
        })
        .await
}

async fn menus(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("menu.admin", async |conn, office, _| {
            lists::menu(conn, &office.admin().actor(), office.now).await?;
            Ok(())
        })
        .await?;
    watch
        .step("menu.measurer", async |conn, office, sample| {
            lists::menu(conn, &office.measurer(sample).actor(), office.now).await?;
            Ok(())
        })
        .await?;
    watch
        .step("menu.manager", async |conn, office, sample| {
            lists::menu(conn, &office.manager(sample).actor(), office.now).await?;
            Ok(())
        })
        .await
}

async fn offices(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("people", async |conn, office, sample| {
            let page = u32::try_from(sample % 6)?;
            people::people(conn, &office.admin().actor(), None, page).await?;
            Ok(())
        })
        .await?;
    watch
        .step("people.measurers", async |conn, office, sample| {
            let page = u32::try_from(sample % 4)?;
            people::people(conn, &office.admin().actor(), Some(Role::Measurer), page).await?;
            Ok(())
        })
        .await?;
    watch
        .step("people.one", async |conn, office, sample| {
            people::person(conn, &office.admin().actor(), office.measurer(sample).id, &[]).await?;
            Ok(())
        })
        .await?;
    watch
        .step("people.employees", async |conn, office, sample| {
            people::employees_for(conn, &office.admin().actor(), office.manager(sample).id, 0).await?;
            Ok(())
        })
        .await
}
