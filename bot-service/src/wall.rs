//! The clock on the company's wall: admins may change its time zone while the service runs, and every replica follows.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::actions::setup;
use crate::app::App;
use crate::complaint::Complaint;
use crate::domain::setup::CHANNEL;
use crate::storage::heard;
use crate::wake::Wake;

/// In case an announcement is lost.
const EVERY: Duration = Duration::from_secs(30);

/// Follows until `stop`.
pub async fn follow(app: &App, stop: &CancellationToken) {
    let mut wake = Wake::on(&app.db, CHANNEL);
    let mut failing = Complaint::about("The time zone could not be looked up");
    while !stop.is_cancelled() {
        wake.prepare().await;
        match heard(look(app)).await {
            Ok(()) => failing.works(),
            Err(error) => failing.fails(error),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = wake.wait(Instant::now() + EVERY) => {}
        }
    }
}

async fn look(app: &App) -> anyhow::Result<()> {
    let setup = setup::find(&mut *app.db.acquire().await?).await?;
    app.set_timezone(setup.timezone);
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use sqlx::PgPool;
    use tokio::task::JoinSet;
    use tokio::time::timeout;

    use super::*;
    use crate::domain::setup::SetupChange;
    use crate::domain::user::Role;
    use crate::test_app;
    use crate::testing::person;

    const SOON: Duration = Duration::from_secs(20);

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_replica_follows_what_another_one_was_told(db: PgPool) {
        let app = test_app::app(db, &[]);
        let (follower, stop) = (app.clone(), CancellationToken::new());
        let over = stop.clone();
        let mut following = JoinSet::new();
        following.spawn(async move { follow(&follower, &over).await });
        let anna = person(&mut app.db.acquire().await.unwrap(), "Анна", Role::Admin).await;
        let to = SetupChange::Timezone { to: Tz::Asia__Almaty };
        let mut transaction = app.db.begin().await.unwrap();
        setup::change(&mut transaction, &anna, to, &app.config.intake, app.now()).await.unwrap();
        transaction.commit().await.unwrap();
        let changed = async {
            while app.timezone() != Tz::Asia__Almaty {
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, changed).await.unwrap();
        stop.cancel();
        timeout(SOON, following.join_all()).await.unwrap();
    }
}
