//! Cards as people see them, and presses on them.

use anyhow::Result;
use bot_service::actions::measurements::{transit, would_allow};
use bot_service::actions::views::Face;
use bot_service::actions::views_of;
use bot_service::domain::measurement::{CancelReason, StatusKind, Transition};
use bot_service::domain::permissions::Action;
use bot_service::domain::user::User;
use bot_service::storage::{cards, measurements, outbox};
use sqlx::PgConnection;

use super::office::{Office, Pick, chat};
use super::watch::Watch;

/// The message that is pressed; `fill.sql` knows no such number, so that it becomes the card.
const MESSAGE: i32 = 2_000_000_000;

pub async fn steps(watch: &mut Watch<'_>) -> Result<()> {
    looks(watch).await?;
    presses(watch).await?;
    watch
        .step("card.open", async |conn, office, sample| {
            let (id, admin) = (office.middle(sample), office.admin());
            outbox::enqueue_card(conn, chat(admin), admin.id, id, office.now, office.now).await?;
            Ok(())
        })
        .await
}

async fn looks(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("measurement", async |conn, office, sample| {
            measurements::lock(conn, office.middle(sample)).await?;
            Ok(())
        })
        .await?;
    watch
        .step("card.pending", async |conn, office, sample| {
            let pick = office.pick(StatusKind::Pending, sample);
            card(conn, office, office.admin(), pick, Face::Main).await
        })
        .await?;
    watch
        .step("card.measurers", async |conn, office, sample| {
            let pick = office.pick(StatusKind::Assigned, sample);
            card(conn, office, office.admin(), pick, Face::Measurers(2)).await
        })
        .await?;
    watch
        .step("card.completed", async |conn, office, sample| {
            let (pick, measurer) = office.work(StatusKind::Completed, sample)?;
            card(conn, office, measurer, pick, Face::Main).await
        })
        .await
}

async fn presses(watch: &mut Watch<'_>) -> Result<()> {
    watch
        .step("press.assign", async |conn, office, sample| {
            let pick = office.pick(StatusKind::Pending, sample);
            let assign = Transition::Assign(office.measurer(sample).id);
            press(conn, office, office.admin(), pick, assign).await
        })
        .await?;
    watch
        .step("press.reassign", async |conn, office, sample| {
            let pick = office.pick(StatusKind::Assigned, sample);
            let other = [sample, sample + 1].map(|sample| office.measurer(sample).id);
            let other = other.into_iter().find(|other| Some(*other) != pick.measurer).unwrap_or(other[0]);
            press(conn, office, office.admin(), pick, Transition::Assign(other)).await
        })
        .await?;
    for (name, status, transition) in [
        ("press.start", StatusKind::Assigned, Transition::Start),
        ("press.complete", StatusKind::InProgress, Transition::Complete),
    ] {
        watch
            .step(name, async |conn, office, sample| {
                let (pick, measurer) = office.work(status, sample)?;
                press(conn, office, measurer, pick, transition).await
            })
            .await?;
    }
    watch
        .step("press.cancel", async |conn, office, sample| {
            let pick = office.pick(StatusKind::Assigned, sample);
            press(conn, office, office.admin(), pick, Transition::Cancel(CancelReason::Mistake)).await
        })
        .await?;
    watch
        .step("press.question", async |conn, office, sample| {
            let (pick, admin) = (office.pick(StatusKind::Assigned, sample), office.admin());
            would_allow(conn, &admin.actor(), (pick.id, pick.step), Action::Cancel).await?;
            cards::adopt(conn, chat(admin), MESSAGE, admin.id, pick.id, office.now).await?;
            Ok(cards::set_face(conn, chat(admin), MESSAGE, Face::Cancel, office.now).await?)
        })
        .await?;
    // What taking or giving access does to the cards of somebody who has one of each measurement.
    watch
        .step("press.rights", async |conn, office, _| Ok(cards::bump_of_user(conn, office.admin().id).await?))
        .await
}

async fn card(conn: &mut PgConnection, office: &Office, viewer: &User, pick: Pick, face: Face) -> Result<()> {
    views_of::card(conn, viewer, pick.id, face, None, (true, office.now)).await?;
    Ok(())
}

/// All that a press changes.
async fn press(
    conn: &mut PgConnection,
    office: &Office,
    person: &User,
    pick: Pick,
    transition: Transition,
) -> Result<()> {
    transit(conn, &person.actor(), (pick.id, pick.step), transition, office.now).await?;
    Ok(cards::adopt(conn, chat(person), MESSAGE, person.id, pick.id, office.now).await?)
}
