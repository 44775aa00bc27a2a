use serde_json::Value;
use shared::ids::LeadId;
use sqlx::PgPool;

use super::*;
use crate::domain::failures::WhyStuck;
use crate::domain::user::Role;
use crate::storage::lead_nudges::Failure;
use crate::storage::parked_messages::Arrival;
use crate::test_app;
use crate::testing::person;

struct World {
    app: App,
    fence: Fence,
}

impl World {
    async fn new(db: PgPool) -> Self {
        let app = test_app::app(db, &[]);
        let fence = test_app::fence(&app).await;
        person(&mut app.db.acquire().await.unwrap(), "Анна", Role::Admin).await;
        Self { app, fence }
    }

    async fn parked(&self, body: &str, why: WhyParked) {
        let arrival = Arrival {
            kind: ParkedKind::Webhook,
            message_id: Some(body.into()),
            content_type: None,
            why,
            reason: String::new(),
            body: body.into(),
            received_at: self.app.now(),
        };
        let conn = &mut *self.app.db.acquire().await.unwrap();
        parked_messages::park(conn, &arrival, self.app.now()).await.unwrap();
    }

    async fn fails(&self, lead: i64, why: WhyStuck) {
        let conn = &mut *self.app.db.acquire().await.unwrap();
        let now = self.app.now();
        lead_nudges::ask(conn, LeadId(lead), now).await.unwrap();
        let claims = lead_nudges::claim(conn, now, 100).await.unwrap();
        let claim = claims.iter().find(|claim| claim.lead_id == LeadId(lead)).unwrap();
        let failure = Failure { error: why.as_str(), why };
        lead_nudges::retry(conn, claim, now, now + TimeDelta::minutes(30), failure).await.unwrap();
    }

    async fn heals(&self) {
        sqlx::query("delete from lead_nudges").execute(&self.app.db).await.unwrap();
    }

    fn pass(&self, minutes: i64) {
        self.app.clock.advance(TimeDelta::minutes(minutes));
    }

    /// What a look tells the admin, also to a leader who is new.
    async fn told(&self) -> Vec<Value> {
        tell_parked(&self.app, &self.fence).await.unwrap();
        tell_stuck(&self.app, &self.fence).await.unwrap();
        sqlx::query_scalar(
            "with told as (delete from outbox where kind = 'alert' returning id, payload)
                            select payload from told order by id",
        )
        .fetch_all(&self.app.db)
        .await
        .unwrap()
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_parked_messages_admins_hear_at_most_hourly_and_of_each_once(db: PgPool) {
    let world = World::new(db).await;
    assert_eq!(world.told().await, [Value::Null; 0]);
    world.parked("{", WhyParked::Json).await;
    assert_eq!(world.told().await.len(), 1);
    for (body, why) in [("1", WhyParked::NoId), ("2", WhyParked::Number), ("3", WhyParked::Number)] {
        world.parked(body, why).await;
    }
    world.pass(59);
    assert_eq!(world.told().await, [Value::Null; 0]);
    world.pass(1);
    let told = world.told().await;
    assert_eq!(told[0]["kinds"], serde_json::json!([{ "kind": "webhook", "count": 3, "why": "number" }]));
    world.pass(120);
    assert_eq!(world.told().await, [Value::Null; 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_an_outage_admins_hear_once_after_an_hour_and_once_when_it_is_over(db: PgPool) {
    let world = World::new(db).await;
    world.fails(1, WhyStuck::AmoCrmAway).await;
    world.pass(30);
    world.fails(2, WhyStuck::AmoCrmAway).await;
    world.pass(29);
    assert_eq!(world.told().await, [Value::Null; 0]);
    world.pass(1);
    let begun = serde_json::json!({ "alert": "deals_stuck", "deals": 1, "why": "amo_crm_away" });
    assert_eq!(world.told().await, [begun]);
    world.pass(60);
    world.fails(3, WhyStuck::AmoCrmAway).await;
    world.pass(20);
    assert_eq!(world.told().await, [Value::Null; 0]);
    world.heals().await;
    assert_eq!(world.told().await, [serde_json::json!({ "alert": "deals_unstuck" })]);
    assert_eq!(world.told().await, [Value::Null; 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_fails_in_turn_in_different_ways_is_stuck_since_the_first(db: PgPool) {
    let world = World::new(db).await;
    for why in [WhyStuck::AmoCrmAway, WhyStuck::Ours, WhyStuck::Unreadable] {
        world.fails(1, why).await;
        world.pass(20);
    }
    let begun = serde_json::json!({ "alert": "deals_stuck", "deals": 1, "why": "unreadable" });
    assert_eq!(world.told().await, [begun]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_amocrm_does_not_show_is_no_outage(db: PgPool) {
    let world = World::new(db).await;
    world.fails(1, WhyStuck::NotShown).await;
    world.pass(90);
    assert_eq!(world.told().await, [Value::Null; 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_old_leader_tells_nothing(db: PgPool) {
    let world = World::new(db).await;
    world.parked("{", WhyParked::Json).await;
    sqlx::query("update leases set epoch = epoch + 1").execute(&world.app.db).await.unwrap();
    assert!(tell_parked(&world.app, &world.fence).await.is_err());
    let count = sqlx::query_scalar::<_, i64>("select count(*) from outbox where kind = 'alert'");
    assert_eq!(count.fetch_one(&world.app.db).await.unwrap(), 0);
}
