//! Measurements are put where they lie: those whose place is new at once, all others after names of zones have changed.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::actions::zones::{place_due, walk};
use crate::app::App;
use crate::leader::Fence;

const LOOP: &str = "zones";
const EVERY: Duration = Duration::from_secs(1);
/// A walk through all measurements leaves room for others.
const BETWEEN_STRIDES: Duration = Duration::from_millis(20);

/// Looks again and again until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        let is_under_way = look(app, fence).await.unwrap_or_else(|error| {
            tracing::warn!(error = format!("{error:#}"), "Could not tell in which zones measurements lie");
            false
        });
        fence.rest(LOOP, sleep(if is_under_way { BETWEEN_STRIDES } else { EVERY }), over).await;
    }
}

/// Returns whether there is more to look at.
async fn look(app: &App, fence: &Fence) -> anyhow::Result<bool> {
    let mut transaction = app.db.begin().await?;
    let has_placed = place_due(&mut transaction).await? > 0;
    if has_placed {
        fence.hold(&mut transaction).await?;
        transaction.commit().await?;
    }
    // Not while measurements are held.
    let mut transaction = app.db.begin().await?;
    let is_walking = walk(&mut transaction, app.now()).await?;
    if is_walking {
        fence.hold(&mut transaction).await?;
        transaction.commit().await?;
    }
    Ok(has_placed || is_walking)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::actions::zones;
    use crate::domain::user::Role;
    use crate::test_app;
    use crate::testing::{measurement, person};

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_leader_puts_every_measurement_into_its_zone_and_rests(db: PgPool) {
        let app = test_app::app(db, &[]);
        let fence = test_app::fence(&app).await;
        let conn = &mut *app.db.acquire().await.unwrap();
        let anna = person(conn, "Анна", Role::Admin).await;
        measurement(conn, 1).await;
        while look(&app, &fence).await.unwrap() {}
        zones::create(conn, &anna, "Химки", app.now()).await.unwrap();
        while look(&app, &fence).await.unwrap() {}
        let sql = "select count(*) from measurement_zones";
        assert_eq!(sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut *conn).await.unwrap(), 1);
    }
}
