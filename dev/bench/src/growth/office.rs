//! Whom and what to ask for in a filled database. What a sample asks for depends on its number, so that samples meet
//! different rows, and each size the same kind of row.

use std::ops::RangeInclusive;

use anyhow::{Context, Result};
use bot_service::domain::facts::Facts;
use bot_service::domain::ids::{ChatId, MeasurementId, OutboxId, UserId};
use bot_service::domain::measurement::StatusKind;
use bot_service::domain::phone;
use bot_service::domain::user::User;
use bot_service::storage::users;
use chrono::{DateTime, Utc};
use shared::ids::{LeadId, PipelineId, Stage, StatusId};
use sqlx::PgConnection;

/// As `fill.sql` numbers people.
const MEASURERS: RangeInclusive<i64> = 3..=32;
const MANAGERS: RangeInclusive<i64> = 33..=52;
/// More than there are samples.
const PICKED: i64 = 1_100;
/// So many stand in the middle, also of the smallest database.
const MIDDLE: i64 = 400;

/// The stage that opens measurements, and where open ones stand.
pub const TRIGGER: Stage = Stage { pipeline_id: PipelineId(1), status_id: StatusId(11) };
pub const LOST: Stage = Stage { pipeline_id: PipelineId(1), status_id: StatusId(143) };
pub const BOT: i64 = 42;

/// A measurement as it was filled in.
#[derive(Debug, Clone, Copy)]
pub struct Pick {
    pub id: MeasurementId,
    pub lead: LeadId,
    pub step: i32,
    pub measurer: Option<UserId>,
}

pub struct Office {
    pub measurements: i64,
    pub now: DateTime<Utc>,
    /// Of the text that is erased first.
    pub oldest_text_at: DateTime<Utc>,
    people: Vec<User>,
    /// By status, in the order of [`StatusKind::ALL`].
    picks: Vec<Vec<Pick>>,
    waiting: Vec<OutboxId>,
}

impl Office {
    /// # Errors
    ///
    /// If something is not there that steps ask for.
    pub async fn read(conn: &mut PgConnection, measurements: i64) -> Result<Self> {
        let now = sqlx::query_scalar("select now()").fetch_one(&mut *conn).await?;
        let oldest_text_at = sqlx::query_scalar("select min(at) from outbox_attempts where text is not null")
            .fetch_one(&mut *conn)
            .await?;
        let mut people = Vec::new();
        for id in 1..=*MANAGERS.end() {
            people.push(users::find(conn, UserId(id)).await?.context("everybody is there")?);
        }
        let mut picks = Vec::new();
        for status in StatusKind::ALL {
            picks.push(pick(conn, status).await?);
        }
        let waiting: Vec<i64> =
            sqlx::query_scalar("select id from outbox where state = 'pending' order by id")
                .fetch_all(conn)
                .await?;
        let waiting = waiting.into_iter().map(OutboxId).collect();
        Ok(Self { measurements, now, oldest_text_at, people, picks, waiting })
    }

    pub fn admin(&self) -> &User {
        self.person(UserId(1))
    }

    pub fn measurer(&self, sample: usize) -> &User {
        self.person(UserId(nth(MEASURERS, sample)))
    }

    pub fn manager(&self, sample: usize) -> &User {
        self.person(UserId(nth(MANAGERS, sample)))
    }

    /// Numbers are given from 1 on, without gaps.
    ///
    /// # Panics
    ///
    /// For a number that nobody has.
    pub fn person(&self, id: UserId) -> &User {
        let place = usize::try_from(id.0 - 1).expect("numbers begin at 1");
        &self.people[place]
    }

    pub fn pick(&self, status: StatusKind, sample: usize) -> Pick {
        let of_status = &self.picks[status as usize];
        of_status[sample % of_status.len()]
    }

    /// A measurement with a measurer, and this measurer.
    ///
    /// # Errors
    ///
    /// If nobody has it.
    pub fn work(&self, status: StatusKind, sample: usize) -> Result<(Pick, &User)> {
        let pick = self.pick(status, sample);
        Ok((pick, self.person(pick.measurer.context("it has a measurer")?)))
    }

    /// Somewhere in the middle of all measurements.
    pub fn middle(&self, sample: usize) -> MeasurementId {
        MeasurementId(self.measurements / 2 + number(sample) % MIDDLE)
    }

    /// A message that waits.
    pub fn waiting(&self, sample: usize) -> OutboxId {
        self.waiting[sample % self.waiting.len()]
    }
}

async fn pick(conn: &mut PgConnection, status: StatusKind) -> Result<Vec<Pick>> {
    let rows: Vec<(i64, i64, i32, Option<i64>)> = sqlx::query_as(
        "select id, lead_id, step, measurer_id from measurements where status = $1 order by hashint8(id) limit $2",
    )
    .bind(status.as_str())
    .bind(PICKED)
    .fetch_all(conn)
    .await?;
    anyhow::ensure!(!rows.is_empty(), "no measurement is {status:?}");
    let read = |(id, lead, step, measurer): (i64, i64, i32, Option<i64>)| Pick {
        id: MeasurementId(id),
        lead: LeadId(lead),
        step,
        measurer: measurer.map(UserId),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Private chats have their people's numbers, behind a thousand.
pub fn chat(user: &User) -> ChatId {
    ChatId(1_000 + user.id.0)
}

/// # Panics
///
/// For more samples than anybody takes.
pub fn number(sample: usize) -> i64 {
    i64::try_from(sample).expect("few samples")
}

/// A deal's facts, as they are usually filled in.
pub fn facts(sample: usize) -> Facts {
    Facts {
        lead_name: format!("Окна в детскую, заказ {sample}"),
        address: Some(format!("Химки, ул. Мира, д. {sample}")),
        client_name: Some(format!("Клиент {sample}")),
        phones: phone::parse("8 916 123-45-67"),
        order_number: Some(format!("Б-{sample}")),
        zone: Some("Юг".into()),
        dealer: None,
        company: None,
        product: Some("Балконный блок".into()),
        comment: None,
    }
}

fn nth(numbers: RangeInclusive<i64>, sample: usize) -> i64 {
    numbers.start() + number(sample) % (numbers.end() - numbers.start() + 1)
}
