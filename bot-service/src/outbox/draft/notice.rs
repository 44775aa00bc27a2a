//! A notice: a card with a headline where the chat has no live card, else a short reply to it.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;

use super::{Draft, Opened, context, files, fresh_card, person};
use crate::actions::views_of;
use crate::app::App;
use crate::domain::facts::Field;
use crate::domain::history::{Line, What};
use crate::domain::measurement::Measurement;
use crate::domain::notices::NoticeKind;
use crate::domain::permissions::{self, Look};
use crate::domain::user::User;
use crate::outbox::call::Call;
use crate::outbox::verdict;
use crate::storage::cards::{self, Card};
use crate::storage::outbox::{self, Row};
use crate::storage::{history, measurements};
use crate::telegram::screens;

/// More unsent cards of new measurements than this become one message.
const MANY: usize = 5;

/// What a notice is about, as it is now.
struct Case {
    kind: NoticeKind,
    user: User,
    line: Line,
    measurement: Measurement,
    /// The live card in this chat, if its message is known.
    card: Option<Card>,
}

impl Case {
    fn look(&self) -> Option<Look> {
        permissions::look(&self.user.actor(), &self.measurement)
    }
}

pub async fn draw(
    app: &App,
    conn: &mut PgConnection,
    row: &Row,
    kind: NoticeKind,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Draft>> {
    let Some(case) = load(conn, row, kind).await? else { return Ok(None) };
    if !is_news(conn, row, &case).await? {
        return Ok(None);
    }
    if kind == NoticeKind::NewMeasurement {
        let unsent = outbox::list_unsent_new(conn, row.chat).await?;
        if unsent.len() > MANY {
            let screen = screens::many::render(unsent.len(), &context(app, case.user.language));
            let call = Call::Send { screen, reply_to: None };
            let gathered = unsent.into_iter().filter(|id| *id != row.id).collect();
            return Ok(Some(Draft { gathered, ..call.into() }));
        }
    }
    let is_short = match kind {
        NoticeKind::TakenOffYou | NoticeKind::Commented => true,
        NoticeKind::NewMeasurement | NoticeKind::BackInQueue => false,
        // Who has to decide gets the buttons with it.
        NoticeKind::Problem if case.look() == Some(Look::Admin) => false,
        _ => case.card.is_some(),
    };
    if is_short {
        return short(app, conn, row, &case).await.map(Some);
    }
    let opened = Opened { user: &case.user, measurement: case.measurement.id, headline: Some(kind) };
    fresh_card(app, conn, row, &opened, now).await.map(Some)
}

/// None if the person or the measurement is none, or he has no access any more.
async fn load(conn: &mut PgConnection, row: &Row, kind: NoticeKind) -> anyhow::Result<Option<Case>> {
    let (Some(history_id), Some(measurement_id)) = (row.history, row.measurement) else { return Ok(None) };
    let Some(user) = person(conn, row).await?.filter(|user| !user.is_disabled) else { return Ok(None) };
    let Some(line) = history::find(conn, history_id).await? else { return Ok(None) };
    let Some(measurement) = measurements::find(conn, measurement_id).await? else { return Ok(None) };
    let card = cards::find_live(conn, row.chat, measurement_id).await?;
    let card = card.filter(|card| card.message_id.is_some());
    Ok(Some(Case { kind, user, line, measurement, card }))
}

/// Whether it is true, and the person does not know it or its contrary.
async fn is_news(conn: &mut PgConnection, row: &Row, case: &Case) -> anyhow::Result<bool> {
    let Case { kind, user, line, measurement, card } = case;
    if !verdict::still_holds(*kind, &line.what, user, measurement) {
        return Ok(false);
    }
    let is_measurer = case.look() == Some(Look::Measurer);
    Ok(match kind {
        // He has opened it from the list before his turn came.
        NoticeKind::NewMeasurement => card.is_none(),
        NoticeKind::AssignedToYou => {
            !outbox::has_newer_assignment(conn, row).await?
                && !outbox::never_knew_he_was_off(conn, row).await?
        }
        // What he was never told of can neither be taken off him nor end for him.
        NoticeKind::TakenOffYou => outbox::was_told(conn, user.id, measurement.id).await?,
        NoticeKind::StatusChanged if is_measurer => outbox::was_told(conn, user.id, measurement.id).await?,
        _ => true,
    })
}

async fn short(app: &App, conn: &mut PgConnection, row: &Row, case: &Case) -> anyhow::Result<Draft> {
    let view = views_of::notice(conn, &case.line, case.kind, fields(row)?).await?;
    let screen = screens::notice::render(&view, &context(app, case.user.language));
    let reply_to = case.card.as_ref().and_then(|card| card.message_id);
    if let What::Commented { comment, .. } = case.line.what
        && row.attempts < files::TRIES
    {
        let beside = screens::notice::beside_files(&view, &context(app, case.user.language));
        if let Some(album) = files::of_comment(conn, comment, &beside, &screen, reply_to).await? {
            return Ok(Call::from(album).into());
        }
    }
    Ok(Call::Send { screen, reply_to }.into())
}

#[derive(Deserialize)]
struct Payload {
    #[serde(default)]
    fields: Vec<Field>,
}

/// Changed facts, in the order of a card.
fn fields(row: &Row) -> anyhow::Result<Vec<Field>> {
    let Payload { mut fields } = serde_json::from_value(row.payload.clone())?;
    fields.sort_unstable();
    fields.dedup();
    Ok(fields)
}
