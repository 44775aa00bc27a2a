//! What a row of the outbox says when its turn comes, drawn in the transaction that records the attempt.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::call::Call;
use crate::actions::views::{Alert, Face};
use crate::actions::views_of;
use crate::app::App;
use crate::domain::ids::{CardId, MeasurementId, OutboxId};
use crate::domain::notices::NoticeKind;
use crate::domain::user::{Language, User};
use crate::storage::cards;
use crate::storage::outbox::{Kind, Row};
use crate::storage::users;
use crate::telegram::screens::{self, Context, Screen};
use crate::telegram::words::Words;

mod commands;
mod files;
mod notice;

/// A message ready to go.
#[derive(Clone)]
pub struct Draft {
    pub call: Call,
    /// The card that this message will be.
    pub card: Option<DrawnCard>,
    /// Other rows that this message speaks for.
    pub gathered: Vec<OutboxId>,
    /// What the chat's commands will be set to.
    pub commands: Option<String>,
}

#[derive(Debug, Clone, Copy)]
pub struct DrawnCard {
    pub id: CardId,
    /// The version that was drawn, or an older one.
    pub version: i32,
}

impl From<Call> for Draft {
    fn from(call: Call) -> Self {
        Self { call, card: None, gathered: Vec::new(), commands: None }
    }
}

/// None if there is nothing to say any more.
pub async fn draw(
    app: &App,
    conn: &mut PgConnection,
    row: &Row,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Draft>> {
    match row.kind {
        Kind::Screen => screen(row).map(Some),
        Kind::Card => card(app, conn, row, now).await,
        Kind::Notice(kind) => notice::draw(app, conn, row, kind, now).await,
        Kind::Files => files::draw(app, conn, row).await,
        Kind::Alert => alert(app, conn, row).await,
        Kind::Commands => commands::draw(conn, row).await,
    }
}

pub fn context(app: &App, language: Language) -> Context<'static> {
    Context { words: Words::of(language), timezone: app.timezone(), now: app.now() }
}

fn screen(row: &Row) -> anyhow::Result<Draft> {
    let screen: Screen = serde_json::from_value(row.payload.clone())?;
    let call = match row.edit_message_id {
        Some(message_id) => Call::Edit { message_id, screen },
        None => Call::Send { screen, reply_to: None },
    };
    Ok(call.into())
}

async fn card(
    app: &App,
    conn: &mut PgConnection,
    row: &Row,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Draft>> {
    let (Some(user), Some(measurement)) = (person(conn, row).await?, row.measurement) else {
        return Ok(None);
    };
    let opened = Opened { user: &user, measurement, headline: None };
    fresh_card(app, conn, row, &opened, now).await.map(Some)
}

async fn alert(app: &App, conn: &mut PgConnection, row: &Row) -> anyhow::Result<Option<Draft>> {
    let reader = person(conn, row).await?.filter(|user| user.actor().roles.distributes());
    let Some(reader) = reader else { return Ok(None) };
    let alert: Alert = serde_json::from_value(row.payload.clone())?;
    let screen = screens::alert::render(&alert, &context(app, reader.language));
    Ok(Some(Call::Send { screen, reply_to: None }.into()))
}

/// Which card to send to whom.
struct Opened<'a> {
    user: &'a User,
    measurement: MeasurementId,
    headline: Option<NoticeKind>,
}

/// A card as a new message. Its row exists before the call, so that a change meanwhile raises its version; a
/// repeated attempt takes the same row.
async fn fresh_card(
    app: &App,
    conn: &mut PgConnection,
    row: &Row,
    opened: &Opened<'_>,
    now: DateTime<Utc>,
) -> anyhow::Result<Draft> {
    let earlier = match row.card {
        Some(id) => cards::find(conn, id).await?.filter(|card| card.is_live && card.message_id.is_none()),
        None => None,
    };
    let Opened { user, measurement, headline } = *opened;
    let card = if let Some(card) = earlier {
        DrawnCard { id: card.id, version: card.wanted_version }
    } else {
        let id = cards::create(conn, row.chat, user.id, measurement, now).await?;
        DrawnCard { id, version: 1 }
    };
    let view = views_of::card(conn, user, measurement, Face::Main, headline, (true, now)).await?;
    let screen = screens::card::render(&view, &context(app, user.language));
    let call = Call::Send { screen, reply_to: None };
    Ok(Draft { card: Some(card), ..call.into() })
}

async fn person(conn: &mut PgConnection, row: &Row) -> anyhow::Result<Option<User>> {
    match row.user {
        Some(id) => Ok(users::find(conn, id).await?),
        None => Ok(None),
    }
}
