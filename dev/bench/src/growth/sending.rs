//! The sender's steps: what is due, a message prepared and settled, a card drawn anew, what a new leader must know.

use anyhow::{Context, Result};
use bot_service::actions::views::Face;
use bot_service::actions::views_of;
use bot_service::domain::ids::MeasurementId;
use bot_service::domain::measurement::StatusKind;
use bot_service::domain::user::User;
use bot_service::storage::cards::Card;
use bot_service::storage::outbox::{self, End};
use bot_service::storage::{cards, history};
use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgConnection;

use super::office::chat;
use super::watch::Watch;

const MESSAGE: i32 = 2_000_000_000;

pub async fn steps(watch: &mut Watch<'_>) -> Result<()> {
    due(watch).await?;
    letters(watch).await?;
    redraws(watch).await?;
    watch
        .step("send.screen", async |conn, office, sample| {
            let screen = json!({"text": "Меню", "buttons": []});
            let person = office.measurer(sample);
            Ok(outbox::enqueue_screen(conn, chat(person), &screen, Some(MESSAGE), office.now).await?)
        })
        .await?;
    watch
        .step("send.unreachable", async |conn, office, sample| {
            let person = office.measurer(sample);
            outbox::mark_unreachable(conn, chat(person), office.now).await?;
            outbox::end_unreachable(conn, chat(person), office.now).await?;
            Ok(())
        })
        .await
}

async fn due(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("send.due", async |conn, office, _| {
            outbox::list_due(conn, &[], office.now).await?;
            Ok(())
        })
        .await?;
    watch
        .step("send.redraws", async |conn, office, _| {
            cards::list_to_redraw(conn, &[], office.now).await?;
            Ok(())
        })
        .await?;
    watch
        .step("send.rights", async |conn, _, _| {
            cards::go_on(conn).await?;
            Ok(())
        })
        .await?;
    watch
        .step("send.last_minute", async |conn, office, _| {
            outbox::list_sent(conn, office.now - TimeDelta::minutes(1)).await?;
            Ok(())
        })
        .await
}

/// A notice of a new measurement, from the row to the settled attempt; without drawing, which is no matter of the
/// database.
async fn letters(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("send.message", async |conn, office, sample| {
            let row = outbox::find_pending(conn, office.waiting(sample)).await?.context("it waits")?;
            let (user, measurement) =
                (row.user.context("a person")?, row.measurement.context("a measurement")?);
            history::find(conn, row.history.context("a line")?).await?;
            cards::find_live(conn, row.chat, measurement).await?;
            outbox::list_unsent_new(conn, row.chat).await?;
            let card = cards::create(conn, row.chat, user, measurement, office.now).await?;
            views_of::card(conn, office.person(user), measurement, Face::Main, None, (true, office.now))
                .await?;
            outbox::set_card(conn, row.id, card).await?;
            let attempt = outbox::begin_attempt(conn, row.id, Some("Замер"), office.now).await?;
            cards::sent(conn, card, MESSAGE, 1, office.now).await?;
            outbox::end(conn, row.id, End::Sent, office.now).await?;
            Ok(outbox::finish_attempt(conn, attempt, "delivered", Some(MESSAGE), None).await?)
        })
        .await?;
    watch
        .step("send.told", async |conn, office, sample| {
            let (pick, measurer) = office.work(StatusKind::Assigned, sample)?;
            let row = outbox::find_pending(conn, office.waiting(sample)).await?.context("it waits")?;
            let row = outbox::Row { user: Some(measurer.id), measurement: Some(pick.id), ..row };
            outbox::was_told(conn, measurer.id, pick.id).await?;
            outbox::has_newer_assignment(conn, &row).await?;
            outbox::never_knew_he_was_off(conn, &row).await?;
            Ok(())
        })
        .await
}

async fn redraws(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("redraw", async |conn, office, sample| {
            let admin = office.admin();
            let card = live(conn, admin, office.middle(sample)).await?;
            views_of::card(conn, admin, card.measurement, Face::Main, None, (card.is_live, office.now))
                .await?;
            cards::drawing(conn, card.id, office.now).await?;
            Ok(cards::drawn(conn, &card, office.now).await?)
        })
        .await?;
    watch
        .step("redraw.stub", async |conn, office, sample| {
            let admin = office.admin();
            let card = live(conn, admin, office.middle(sample)).await?;
            cards::bump(conn, card.measurement).await?;
            Ok(cards::stub_ended(conn, card.chat, card.measurement).await?)
        })
        .await
}

async fn live(conn: &mut PgConnection, person: &User, measurement: MeasurementId) -> Result<Card> {
    cards::find_live(conn, chat(person), measurement).await?.context("each has a card of each")
}
