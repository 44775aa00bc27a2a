//! AmoCRM is compared with what hooks told. Hooks come only where a test delivers them.

use simulator::clock::Clock;

use super::*;
use crate::actions::measurements;
use crate::domain::measurement::{CancelReason, Transition};
use crate::domain::user::Actor;
use crate::storage::measurements as stored;
use crate::storage::reconciliation::{self, Marks};
use crate::sync::reconcile as comparison;

mod changes;
mod entries;
mod first_start;
mod nightly;
mod setup;
mod trouble;

const OPENED: &str = "Окна | pending | +79161234567";

/// The account's clock and ours stand still, at the same moment.
struct Scene {
    world: World,
    clock: Clock,
}

impl Scene {
    async fn new(db: PgPool) -> Self {
        let clock = Clock::manual(DateTime::from_timestamp(test_app::START, 0).unwrap());
        let options = Options::demo().without_limits().clock(clock.clone());
        let account = Simulator::start(options).await.unwrap();
        Self { world: World::with(db, account, &[("AMOCRM_ACCESS_TOKEN", demo::TOKEN)]).await, clock }
    }

    /// An account whose first look is a minute ago.
    async fn started(db: PgPool) -> Self {
        let scene = Self::new(db).await;
        scene.deal_elsewhere("Первая");
        scene.pass().await;
        scene.later(60);
        scene
    }

    /// Another process, with the same database and account.
    async fn restarted(self, changes: &[(&str, &str)]) -> Self {
        let mut settings = vec![("AMOCRM_ACCESS_TOKEN", demo::TOKEN)];
        settings.extend_from_slice(changes);
        let passed = self.world.app().now();
        let db = self.world.app().db.clone();
        sqlx::query("update leases set holder = null, expires_at = '-infinity'").execute(&db).await.unwrap();
        let world = World::with(db, self.world.account.clone(), &settings).await;
        world.app().clock.advance(passed - world.app().now());
        Self { world, clock: self.clock }
    }

    fn later(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
        self.world.pass(seconds);
    }

    fn deal_elsewhere(&self, name: &str) -> LeadId {
        self.world.deal(Deal::named(name).stage(demo::NEW).client("Иван", "89161234567"))
    }

    async fn try_pass(&self) -> anyhow::Result<usize> {
        let gateway = self.world.syncer.gateway.as_ref().unwrap();
        Ok(comparison::pass(&self.world.syncer, gateway).await?.found)
    }

    /// A pass, and what came of it taken in. Returns how many deals differed.
    async fn pass(&self) -> usize {
        let found = self.try_pass().await.unwrap();
        self.world.settle().await;
        found
    }

    /// Until admins have heard of deals that were there before us.
    async fn told(&self) {
        self.pass().await;
        self.later(60);
        self.pass().await;
    }

    async fn marks(&self) -> Marks {
        reconciliation::find(&mut self.world.app().db.acquire().await.unwrap()).await.unwrap().unwrap()
    }

    /// An admin who has pressed /start.
    async fn admin(&self) -> Actor {
        let anna = self.silent_admin().await;
        self.execute("update chats set contacted_at = created_at").await;
        anna
    }

    async fn silent_admin(&self) -> Actor {
        person(&mut self.world.app().db.acquire().await.unwrap(), "Анна", Role::Admin).await
    }

    async fn cancel(&self, by: Actor, lead: LeadId) {
        let conn = &mut *self.world.app().db.acquire().await.unwrap();
        let id = stored::find_last_of_lead(conn, lead).await.unwrap().unwrap();
        let now = self.world.app().now();
        measurements::transit(conn, &by, (id, 0), Transition::Cancel(CancelReason::Mistake), now)
            .await
            .unwrap();
    }

    /// The alerts that wait, as they are stored.
    async fn alerts(&self) -> Vec<serde_json::Value> {
        sqlx::query_scalar("select payload from outbox where kind = 'alert' order by id")
            .fetch_all(&self.world.app().db)
            .await
            .unwrap()
    }

    async fn execute(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.world.app().db).await.unwrap();
    }
}
