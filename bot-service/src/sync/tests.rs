//! Against the simulated AmoCRM and a real database, round by round.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use shared::events::{Entry, LeadAction, LeadEvent, Subject, VERSION};
use shared::ids::{ContactId, LeadId, PipelineId, Stage, StatusId};
use simulator::amocrm::{Deal, Fault, Options, Simulator, demo};
use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use super::*;
use crate::domain::user::Role;
use crate::storage::lead_nudges::{self, Nudges};
use crate::test_app;
use crate::testing::{person, waiting};

struct World {
    syncer: Syncer,
    account: Simulator,
}

impl World {
    async fn new(db: PgPool) -> Self {
        let account = Simulator::start(Options::demo().without_limits()).await.unwrap();
        Self::with(db, account, &[("AMOCRM_ACCESS_TOKEN", demo::TOKEN)]).await
    }

    async fn with(db: PgPool, account: Simulator, changes: &[(&str, &str)]) -> Self {
        let trigger = format!("{}:{}", demo::MEASUREMENT.pipeline, demo::MEASUREMENT.status);
        let url = account.url().to_owned();
        let mut settings =
            vec![("AMOCRM_BASE_URL", url.as_str()), ("AMOCRM_RPS", "50"), ("MEASUREMENT_TRIGGERS", &trigger)];
        settings.extend_from_slice(changes);
        let app = test_app::app(db, &settings);
        let fence = test_app::fence(&app).await;
        let gateway = Gateway::open(&app, &fence).await.unwrap();
        Self { syncer: Syncer { app, gateway, fence }, account }
    }

    fn app(&self) -> &App {
        &self.syncer.app
    }

    fn deal(&self, deal: Deal) -> LeadId {
        LeadId(self.account.create_deal(deal).unwrap())
    }

    /// A deal in the stage of measurements, with a client.
    fn measured(&self, name: &str) -> LeadId {
        self.deal(
            Deal::named(name).stage(demo::MEASUREMENT).address("Ленина, 5").client("Иван", "89161234567"),
        )
    }

    fn event(&self, subject: Subject, payload: serde_json::Value) -> LeadEvent {
        LeadEvent { version: VERSION, id: Uuid::nil(), received_at: self.app().now(), subject, payload }
    }

    /// The hook of a deal that came into the stage where it is.
    fn added(&self, lead_id: LeadId) -> LeadEvent {
        let deal = self.account.deal(lead_id.0).unwrap();
        let stage =
            Stage { pipeline_id: PipelineId(deal.stage.pipeline), status_id: StatusId(deal.stage.status) };
        let changed_at = DateTime::from_timestamp(deal.updated_at, 0);
        let entry = Some(Entry { stage, from: None });
        let payload = json!({
            "name": deal.name, "status_id": deal.stage.status.to_string(),
            "pipeline_id": deal.stage.pipeline.to_string(), "last_modified": deal.updated_at.to_string(),
        });
        self.event(Subject::Lead { lead_id, action: LeadAction::Add, changed_at, entry }, payload)
    }

    fn about(&self, lead_id: LeadId, action: LeadAction) -> LeadEvent {
        self.event(Subject::Lead { lead_id, action, changed_at: None, entry: None }, json!({}))
    }

    async fn arrive(&self, events: &[LeadEvent]) {
        let mut transaction = self.app().db.begin().await.unwrap();
        lead_nudges::upsert(&mut transaction, &Nudges::merge(events), self.app().now()).await.unwrap();
        transaction.commit().await.unwrap();
    }

    async fn round(&self) -> usize {
        round::run(&self.syncer).await.unwrap()
    }

    /// Rounds until nothing is due.
    async fn settle(&self) {
        while self.round().await > 0 {}
    }

    fn pass(&self, seconds: i64) {
        self.app().clock.advance(TimeDelta::seconds(seconds));
    }

    /// Every measurement in a line: deal, status, client's phone, whether it waits for AmoCRM.
    async fn measurements(&self) -> Vec<String> {
        sqlx::query_scalar(
            "select concat_ws(' | ', lead_name, status, phones -> 0 ->> 'e164',
                              case when is_provisional then 'provisional' end)
             from measurements order by id",
        )
        .fetch_all(&self.app().db)
        .await
        .unwrap()
    }

    /// Deals whose nudges wait, each with its last error.
    async fn nudges(&self) -> Vec<(i64, Option<String>)> {
        sqlx::query_as("select lead_id, last_error from lead_nudges order by lead_id")
            .fetch_all(&self.app().db)
            .await
            .unwrap()
    }

    fn calls(&self, path: &str) -> usize {
        self.account.calls().iter().filter(|call| call.path == format!("/api/v4/{path}")).count()
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_becomes_a_measurement_with_its_client(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead), world.added(lead)]).await;
    world.settle().await;
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_burst_costs_a_handful_of_calls(db: PgPool) {
    let world = World::new(db).await;
    let mut leads: Vec<_> =
        (0..597).map(|n| world.deal(Deal::named(format!("{n}")).stage(demo::NEW))).collect();
    leads.extend((0..3).map(|n| world.measured(&format!("Окна {n}"))));
    let events: Vec<_> = leads.iter().map(|lead| world.added(*lead)).collect();
    world.arrive(&events).await;
    world.settle().await;
    assert_eq!(world.measurements().await.len(), 3);
    assert_eq!((world.calls("leads"), world.calls("contacts")), (3, 1));
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_changed_phone_reaches_the_open_measurement(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    world.account.edit_client_phone(lead.0, "8 495 765-43-21").unwrap();
    let contact_id = ContactId(world.account.main_contact(lead.0).unwrap().id);
    world.arrive(&[world.event(Subject::Contact { contact_id, linked_leads: vec![] }, json!({}))]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +74957654321"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_amocrm_does_not_show_changes_nothing(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    world.account.delete_deal(lead.0).unwrap();
    world.arrive(&[world.about(lead, LeadAction::Update)]).await;
    world.round().await;
    let error = "the deal is not in AmoCRM's answer".to_owned();
    assert_eq!(world.nudges().await, [(lead.0, Some(error))]);
    for _ in 0..10 {
        world.pass(1_800);
        world.settle().await;
    }
    assert_eq!(world.nudges().await, []);
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);

    world.arrive(&[world.about(lead, LeadAction::Delete)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | cancelled | +79161234567"], "its hook says so too");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_hidden_from_us_is_taken_from_its_hook_in_the_end(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    let hook = world.added(lead);
    world.account.delete_deal(lead.0).unwrap();
    world.arrive(&[hook]).await;
    for _ in 0..10 {
        world.settle().await;
        world.pass(1_800);
    }
    assert_eq!(world.measurements().await, ["Окна | pending"]);
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn while_amocrm_is_away_a_measurement_opens_after_ten_seconds_and_is_completed_later(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.account.inject(Fault::Down { status: 502 }).unwrap();
    world.arrive(&[world.added(lead)]).await;
    for _ in 0..9 {
        world.settle().await;
        world.pass(1);
    }
    assert_eq!(world.measurements().await, [""; 0]);
    world.pass(1);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | provisional"]);
    let calls = world.calls("leads");
    world.settle().await;
    assert_eq!((world.calls("leads"), calls <= 5), (calls, true), "it is asked ever more rarely");

    world.account.heal();
    world.pass(120);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_later_hook_of_the_same_outage_is_taken_too(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.account.inject(Fault::Down { status: 503 }).unwrap();
    world.arrive(&[world.added(lead)]).await;
    world.pass(11);
    world.settle().await;
    world.arrive(&[world.about(lead, LeadAction::Delete)]).await;
    world.settle().await;
    world.pass(11);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | cancelled | provisional"]);
    assert_eq!(world.nudges().await.len(), 1, "AmoCRM itself is still to be asked");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn without_a_token_deals_live_by_their_hooks(db: PgPool) {
    let account = Simulator::start(Options::demo()).await.unwrap();
    let world = World::with(db, account, &[]).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending"]);
    assert_eq!(world.nudges().await, []);
    assert_eq!(world.account.calls().len(), 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_blocked_account_is_left_alone_and_told_of_once(db: PgPool) {
    let mut world = World::new(db).await;
    let admin = person(&mut world.app().db.acquire().await.unwrap(), "Анна", Role::Admin).await;
    let lead = world.measured("Окна");
    world.account.inject(Fault::Blocked).unwrap();
    world.arrive(&[world.added(lead)]).await;
    for _ in 0..60 {
        world.settle().await;
        world.pass(10);
    }
    assert_eq!(world.account.calls().len(), 1);
    // Another replica leads now.
    world.syncer.gateway = Gateway::open(world.app(), &world.syncer.fence).await.unwrap();
    for _ in 0..60 {
        world.settle().await;
        world.pass(10);
    }
    assert_eq!(world.account.calls().len(), 2, "one probe in a quarter of an hour");
    world.account.unblock();
    world.pass(900);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    let told = waiting(&mut world.app().db.acquire().await.unwrap()).await;
    let alerts = told.iter().filter(|(user, kind)| *user == admin.id.0 && kind == "alert").count();
    assert_eq!(alerts, 2, "blocked and unblocked, each once");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_right_that_is_missing_costs_the_client_and_nothing_else(db: PgPool) {
    let world = World::new(db).await;
    world.account.inject(Fault::Forbidden { path: "/api/v4/contacts".into() }).unwrap();
    let (first, second) = (world.measured("Окна"), world.measured("Двери"));
    world.arrive(&[world.added(first)]).await;
    world.settle().await;
    world.pass(11);
    world.settle().await;
    world.arrive(&[world.added(second)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending", "Двери | pending"]);
    assert_eq!((world.nudges().await, world.calls("contacts")), (vec![], 1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_cannot_be_read_holds_up_no_other(db: PgPool) {
    let world = World::new(db).await;
    let (broken, sound) = (world.measured("Сломанная"), world.measured("Окна"));
    world.account.inject(Fault::BrokenLead { lead: broken.0 }).unwrap();
    world.arrive(&[world.added(broken), world.added(sound)]).await;
    world.round().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    for _ in 0..12 {
        world.pass(1);
        world.settle().await;
    }
    let expected = ["Окна | pending | +79161234567", "Сломанная | pending | provisional"];
    assert_eq!(world.measurements().await, expected);
    world.account.heal();
    world.pass(1_800);
    world.settle().await;
    assert_eq!(world.nudges().await, []);
    assert_eq!(world.measurements().await[1], "Сломанная | pending | +79161234567");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_answer_older_than_what_we_have_is_asked_for_again(db: PgPool) {
    let account = Simulator::start(Options::demo().without_limits()).await.unwrap();
    let world = World::with(db, account, &[("AMOCRM_ACCESS_TOKEN", demo::TOKEN)]).await;
    let lead = world.deal(Deal::named("Окна").stage(demo::NEW));
    world.account.inject(Fault::StaleLead { lead: lead.0 }).unwrap();
    let shown = world.account.deal(lead.0).unwrap().updated_at;
    sqlx::query("insert into leads (lead_id, updated_at, created_at) values ($1, $2, $2)")
        .bind(lead.0)
        .bind(DateTime::<Utc>::from_timestamp(shown + 100, 0).unwrap())
        .execute(&world.app().db)
        .await
        .unwrap();
    world.arrive(&[world.about(lead, LeadAction::Update)]).await;
    world.round().await;
    assert_eq!(world.nudges().await[0].1.as_deref(), Some("AmoCRM shows the deal as it was before"));
    for _ in 0..10 {
        world.pass(1_800);
        world.settle().await;
    }
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_failing_deal_backs_off_alone(db: PgPool) {
    let world = World::new(db).await;
    let (bad, good) = (world.measured("Плохая"), world.measured("Окна"));
    let refuse = "alter table measurements add check (lead_name <> 'Плохая')";
    sqlx::query(refuse).execute(&world.app().db).await.unwrap();
    world.arrive(&[world.added(bad), world.added(good)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    let nudges = world.nudges().await;
    assert_eq!(nudges[0].0, bad.0);
    assert!(nudges[0].1.as_deref().unwrap().contains("check constraint"), "{nudges:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_announced_nudge_is_synced_at_once_and_the_lists_are_mirrored(db: PgPool) {
    let world = World::new(db).await;
    let shutdown = CancellationToken::new();
    let mut running = JoinSet::new();
    running.spawn(run(world.app().clone(), world.syncer.fence.clone(), shutdown.clone()));
    let limit = Duration::from_secs(20);
    world.account.wait_for_calls("/api/v4/leads/custom_fields", 1, limit).await.unwrap();
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.account.wait_for_calls("/api/v4/contacts", 1, limit).await.unwrap();
    let stages: i64 = loop {
        let stages =
            sqlx::query_scalar("select count(*) from amo_fields").fetch_one(&world.app().db).await.unwrap();
        if stages > 0 && world.measurements().await.len() == 1 {
            break stages;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(stages, 10);
    let users = "select count(*) from amo_users where is_active";
    let users: i64 = sqlx::query_scalar(users).fetch_one(&world.app().db).await.unwrap();
    assert_eq!(users, 3);
    shutdown.cancel();
    timeout(limit, running.join_next()).await.expect("a stop takes a moment").unwrap().unwrap();
}
