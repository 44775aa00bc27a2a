//! What was learned of the way updates come: kept for every replica, and told to admins where it is news.

use chrono::{DateTime, Utc};

use crate::actions::alerts;
use crate::actions::views::Alert;
use crate::app::App;
use crate::domain::reception::{RECEPTION, Reception, ReceptionNews};
use crate::leader::Fence;
use crate::storage::{heard, settings};

/// # Errors
///
/// If the database fails, or another replica leads: nothing was kept or told then.
pub async fn note(
    app: &App,
    fence: &Fence,
    learn: impl FnOnce(&mut Reception, DateTime<Utc>) -> Option<ReceptionNews>,
) -> anyhow::Result<()> {
    heard(keep(app, fence, learn)).await
}

async fn keep(
    app: &App,
    fence: &Fence,
    learn: impl FnOnce(&mut Reception, DateTime<Utc>) -> Option<ReceptionNews>,
) -> anyhow::Result<()> {
    let now = app.now();
    let mut transaction = app.db.begin().await?;
    let mut reception: Reception = settings::find(&mut transaction, RECEPTION).await?.unwrap_or_default();
    let before = reception.clone();
    let news = learn(&mut reception, now);
    if reception == before {
        return Ok(());
    }
    match news {
        Some(ReceptionNews::Trouble(trouble)) => {
            alerts::tell_office(&mut transaction, &Alert::ReceptionTrouble { trouble }, now).await?;
        }
        Some(ReceptionNews::Works) => {
            alerts::tell_office(&mut transaction, &Alert::ReceptionWorks, now).await?;
        }
        None => {}
    }
    settings::save(&mut transaction, RECEPTION, &reception, now).await?;
    fence.hold(&mut transaction).await?;
    Ok(transaction.commit().await?)
}
