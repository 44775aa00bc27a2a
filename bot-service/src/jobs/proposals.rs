//! What waits is proposed anew after people, zones, dealers or rules have changed. One measurement at a time: each is
//! held by the one transaction that looks at it.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::actions::proposals::renew;
use crate::app::App;
use crate::leader::Fence;
use crate::storage::proposals::{self, CHANNEL};
use crate::wake::Wake;

const LOOP: &str = "proposals";
/// An announcement may be lost.
const EVERY: Duration = Duration::from_secs(30);
const A_ROUND: i64 = 100;

/// Looks again and again until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    let mut wake = Wake::on(&app.db, CHANNEL);
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        wake.prepare().await;
        let renewed = renew_stale(app, fence).await.unwrap_or_else(|error| {
            tracing::warn!(error = format!("{error:#}"), "Could not look at proposals anew");
            0
        });
        if renewed > 0 {
            tracing::info!(renewed, "Looked at proposals anew");
        } else {
            fence.rest(LOOP, wake.wait(Instant::now() + EVERY), over).await;
        }
    }
}

/// Returns how many were looked at. One that fails does not hold back the others.
pub async fn renew_stale(app: &App, fence: &Fence) -> anyhow::Result<usize> {
    let stale = proposals::list_stale(&mut *app.db.acquire().await?, A_ROUND).await?;
    let (mut renewed, mut failure) = (0, None);
    for id in stale {
        fence.progressed(LOOP);
        let renewing = async {
            let mut transaction = app.db.begin().await?;
            renew(&mut transaction, id, app.now()).await.map_err(anyhow::Error::from)?;
            fence.hold(&mut transaction).await?;
            transaction.commit().await.map_err(anyhow::Error::from)
        };
        match renewing.await {
            Ok(()) => renewed += 1,
            Err(error) => failure = Some(error.context(format!("the proposal for measurement {id}"))),
        }
    }
    match failure {
        Some(error) if renewed == 0 => Err(error),
        Some(error) => {
            tracing::warn!(error = format!("{error:#}"), "Could not look at a proposal anew");
            Ok(renewed)
        }
        None => Ok(renewed),
    }
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::actions::people::set_away;
    use crate::domain::user::Role;
    use crate::test_app;
    use crate::testing::{measurement, person};

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn what_has_become_old_is_looked_at_once_and_one_that_fails_holds_back_no_other(db: PgPool) {
        let app = test_app::app(db, &[]);
        let fence = test_app::fence(&app).await;
        let conn = &mut *app.db.acquire().await.unwrap();
        let anna = person(conn, "Анна", Role::Admin).await;
        let ivan = person(conn, "Иван", Role::Measurer).await;
        let (broken, good) = (measurement(conn, 1).await, measurement(conn, 2).await);
        set_away(conn, &anna, ivan.id, Some(app.now() + chrono::TimeDelta::days(1)), app.now())
            .await
            .unwrap();
        let sql = "update measurements set phones = '[1]' where id = $1";
        sqlx::query(sql).bind(broken.0).execute(&mut *conn).await.unwrap();
        assert_eq!(renew_stale(&app, &fence).await.unwrap(), 1);
        assert_eq!(proposals::find(conn, good).await.unwrap().unwrap().proposal, None);
        renew_stale(&app, &fence).await.unwrap_err();
        let sql = "update measurements set phones = '[]' where id = $1";
        sqlx::query(sql).bind(broken.0).execute(&mut *conn).await.unwrap();
        assert_eq!(renew_stale(&app, &fence).await.unwrap(), 1);
        assert_eq!(renew_stale(&app, &fence).await.unwrap(), 0, "nothing is old any more");
    }
}
