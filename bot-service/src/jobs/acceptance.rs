//! The office hears of visits whose measurers have not said that they go: once for each assignment, by day.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::actions::alerts;
use crate::actions::proposals::dispatch;
use crate::actions::views::{Alert, UnacceptedVisit};
use crate::app::App;
use crate::leader::Fence;
use crate::storage::measurements;

const LOOP: &str = "acceptance";
const EVERY: Duration = Duration::from_secs(20);
/// As many as one message names; the others follow in the next.
const AT_ONCE: i64 = 20;

/// Looks again and again until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        if let Err(error) = tell(app, fence).await {
            tracing::warn!(
                error = format!("{error:#}"),
                "Could not look for visits that nobody has accepted"
            );
        }
        fence.rest(LOOP, sleep(EVERY), over).await;
    }
}

/// What is told is marked in the transaction that tells it. At night it waits for the morning.
pub async fn tell(app: &App, fence: &Fence) -> anyhow::Result<()> {
    let now = app.now();
    let mut transaction = app.db.begin().await?;
    let dispatch = dispatch(&mut transaction).await?;
    let Some(within) = dispatch.accepting(app.config.accept_within) else { return Ok(()) };
    if dispatch.quiet.is_night(now, app.timezone()) {
        return Ok(());
    }
    let unaccepted = measurements::take_unaccepted(&mut transaction, now - within, AT_ONCE, now).await?;
    if unaccepted.is_empty() {
        return Ok(());
    }
    let visits = unaccepted.into_iter().map(|one| UnacceptedVisit { id: one.id, name: one.measurer.full() });
    let alert = Alert::Unaccepted { minutes: within.num_minutes(), visits: visits.collect() };
    alerts::tell_office(&mut transaction, &alert, now).await?;
    fence.hold(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::Value;
    use sqlx::PgPool;

    use super::*;
    use crate::actions::measurements::transit;
    use crate::domain::ids::MeasurementId;
    use crate::domain::measurement::{ProblemReason, Transition};
    use crate::domain::user::{Actor, Role};
    use crate::test_app;
    use crate::testing::{measurement, person};

    struct World {
        app: App,
        fence: Fence,
        anna: Actor,
        ivan: Actor,
    }

    impl World {
        /// At 11:00 in Moscow.
        async fn new(db: PgPool, changes: &[(&str, &str)]) -> Self {
            let app = test_app::app(db, changes);
            let fence = test_app::fence(&app).await;
            let conn = &mut app.db.acquire().await.unwrap();
            let anna = person(conn, "Анна", Role::Admin).await;
            let ivan = person(conn, "Иван Петров", Role::Measurer).await;
            Self { app, fence, anna, ivan }
        }

        async fn transit(&self, by: Actor, id: MeasurementId, step: i32, transition: Transition) {
            let conn = &mut self.app.db.acquire().await.unwrap();
            transit(conn, &by, (id, step), transition, self.app.now()).await.unwrap();
        }

        async fn assigned(&self, lead: i64) -> MeasurementId {
            let id = measurement(&mut self.app.db.acquire().await.unwrap(), lead).await;
            self.transit(self.anna, id, 0, Transition::Assign(self.ivan.id)).await;
            id
        }

        fn pass(&self, minutes: i64) {
            self.app.clock.advance(TimeDelta::minutes(minutes));
        }

        /// The numbers that a look tells of, also to a leader who is new.
        async fn told(&self) -> Vec<i64> {
            tell(&self.app, &self.fence).await.unwrap();
            let sql = "with told as (delete from outbox where kind = 'alert' returning payload)
                       select payload from told";
            let told: Vec<Value> = sqlx::query_scalar(sql).fetch_all(&self.app.db).await.unwrap();
            let visits = told.iter().flat_map(|alert| alert["visits"].as_array().unwrap());
            visits.map(|visit| visit["id"].as_i64().unwrap()).collect()
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn of_each_assignment_the_office_hears_once_and_of_what_is_answered_never(db: PgPool) {
        let world = World::new(db, &[]).await;
        let silent = world.assigned(1).await;
        for (lead, answer) in [
            (2, Transition::Accept),
            (3, Transition::Start),
            (4, Transition::Complete),
            (5, Transition::ReportProblem(ProblemReason::NotReady)),
        ] {
            let id = world.assigned(lead).await;
            world.transit(world.ivan, id, 1, answer).await;
        }
        world.pass(29);
        assert_eq!(world.told().await, [0; 0]);
        world.pass(1);
        assert_eq!(world.told().await, [silent.0]);
        world.pass(60);
        assert_eq!(world.told().await, [0; 0]);

        let petr = person(&mut world.app.db.acquire().await.unwrap(), "Пётр", Role::Measurer).await;
        world.transit(world.anna, silent, 1, Transition::Assign(petr.id)).await;
        world.pass(29);
        assert_eq!(world.told().await, [0; 0], "the clock starts anew");
        world.pass(1);
        assert_eq!(world.told().await, [silent.0]);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn at_night_it_waits_for_the_morning(db: PgPool) {
        let world = World::new(db, &[]).await;
        world.pass(9 * 60 + 40);
        let late = world.assigned(1).await;
        world.pass(30);
        assert_eq!(world.told().await, [0; 0], "it is ten past nine");
        world.pass(10 * 60 + 49);
        assert_eq!(world.told().await, [0; 0], "it is a minute to eight");
        world.pass(1);
        assert_eq!(world.told().await, [late.0]);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_time_is_a_setting_and_none_is_no_question(db: PgPool) {
        let world = World::new(db, &[("ACCEPT_WITHIN_MINUTES", "0")]).await;
        world.assigned(1).await;
        world.pass(120);
        assert_eq!(world.told().await, [0; 0]);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn an_old_leader_tells_nothing(db: PgPool) {
        let world = World::new(db, &[]).await;
        world.assigned(1).await;
        world.pass(30);
        sqlx::query("update leases set epoch = epoch + 1").execute(&world.app.db).await.unwrap();
        assert!(tell(&world.app, &world.fence).await.is_err());
        let marked = "select count(*) from measurements where unaccepted_told_at is not null";
        assert_eq!(sqlx::query_scalar::<_, i64>(marked).fetch_one(&world.app.db).await.unwrap(), 0);
    }
}
