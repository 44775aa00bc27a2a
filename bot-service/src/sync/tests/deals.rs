//! On a good day.

use shared::clock::Clock;
use simulator::amocrm::DealEdit;

use super::*;
use crate::actions::measurements;
use crate::domain::measurement::Transition;
use crate::storage::measurements as stored;

fn of_a_client(name: &str) -> Deal {
    Deal::named(name).client("Иван", "89161234567")
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
        (0..597).map(|n| world.deal(of_a_client(&n.to_string()).stage(demo::NEW))).collect();
    leads.extend((0..3).map(|n| world.measured(&format!("Окна {n}"))));
    let events: Vec<_> = leads.iter().map(|lead| world.added(*lead)).collect();
    world.arrive(&events).await;
    world.settle().await;
    assert_eq!(world.measurements().await.len(), 3);
    assert_eq!((world.calls("leads"), world.calls("contacts")), (3, 1), "clients of three deals alone");
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
async fn a_measurement_that_is_brought_back_learns_what_it_has_missed(db: PgPool) {
    let world = World::new(db).await;
    let anna = person(&mut world.app().db.acquire().await.unwrap(), "Анна", Role::Admin).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    world.account.move_deal(lead.0, demo::REFUSED).unwrap();
    world.arrive(&[world.about(lead, LeadAction::Status)]).await;
    world.settle().await;
    world.account.edit_client_phone(lead.0, "8 495 765-43-21").unwrap();
    world.account.edit_deal(lead.0, DealEdit::default().name("Окна и двери")).unwrap();
    world.arrive(&[world.about(lead, LeadAction::Update)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | cancelled | +79161234567"]);

    let mut transaction = world.app().db.begin().await.unwrap();
    let id = stored::find_last_of_lead(&mut transaction, lead).await.unwrap().unwrap();
    let now = world.app().now();
    measurements::transit(&mut transaction, &anna, (id, 1), Transition::Restore, now).await.unwrap();
    transaction.commit().await.unwrap();
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна и двери | pending | +74957654321"]);
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_configured_stages_cancel_and_no_others(db: PgPool) {
    let account = Simulator::start(Options::demo().without_limits()).await.unwrap();
    let cancel = format!("{}:{}", demo::PRODUCTION.pipeline, demo::PRODUCTION.status);
    let settings = [("AMOCRM_ACCESS_TOKEN", demo::TOKEN), ("CANCEL_TRIGGERS", cancel.as_str())];
    let world = World::with(db, account, &settings).await;
    let (first, second) = (world.measured("Окна"), world.measured("Двери"));
    for lead in [first, second] {
        world.arrive(&[world.added(lead)]).await;
        world.settle().await;
    }
    world.account.move_deal(first.0, demo::PRODUCTION).unwrap();
    world.account.move_deal(second.0, demo::REFUSED).unwrap();
    world.arrive(&[first, second].map(|lead| world.about(lead, LeadAction::Status))).await;
    world.settle().await;
    let expected = ["Окна | cancelled | +79161234567", "Двери | pending | +79161234567"];
    assert_eq!(world.measurements().await, expected);
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
    let fields = async {
        loop {
            let query = sqlx::query_scalar::<_, i64>("select count(*) from amo_fields");
            let fields = query.fetch_one(&world.app().db).await.unwrap();
            if fields > 0 && world.measurements().await.len() == 1 {
                return fields;
            }
        }
    };
    assert_eq!(timeout(limit, fields).await.expect("both come within a moment"), 11);
    let users = "select count(*) from amo_users where is_active";
    let users: i64 = sqlx::query_scalar(users).fetch_one(&world.app().db).await.unwrap();
    assert_eq!(users, 3);
    shutdown.cancel();
    timeout(limit, running.join_next()).await.expect("a stop takes a moment").unwrap().unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_late_hook_brings_no_deal_back_from_the_bin(db: PgPool) {
    let account = Simulator::start(Options::demo()).await.unwrap();
    let world = World::with(db, account, &[]).await;
    let lead = world.measured("Окна");
    let mut late = world.added(lead);
    let later = world.account.deal(lead.0).unwrap().updated_at + 5;
    late.payload["last_modified"] = json!(later.to_string());
    if let Subject::Lead { action, entry, .. } = &mut late.subject {
        (*action, *entry) = (LeadAction::Update, None);
    }
    for hook in [world.added(lead), world.about(lead, LeadAction::Delete), late.clone()] {
        world.arrive(&[hook]).await;
        world.settle().await;
    }
    assert_eq!(world.measurements().await, ["Окна | cancelled"]);
    if let Subject::Lead { action, .. } = &mut late.subject {
        *action = LeadAction::Restore;
    }
    world.pass(60);
    world.arrive(&[LeadEvent { received_at: world.app().now(), ..late }]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | cancelled", "Окна | pending"], "a restoration does");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_late_entry_of_a_deleted_deal_opens_nothing(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    let mut late = world.added(lead);
    if let Subject::Lead { changed_at, .. } = &mut late.subject {
        *changed_at = changed_at.map(|at| at + TimeDelta::seconds(5));
    }
    world.account.delete_deal(lead.0).unwrap();
    world.arrive(&[world.about(lead, LeadAction::Delete)]).await;
    world.settle().await;
    let calls = world.calls("leads");
    world.arrive(&[late]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | cancelled | +79161234567"]);
    assert_eq!(world.nudges().await, [], "nothing waits for a deal that is known to be deleted");
    assert_eq!(world.calls("leads"), calls + 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_restored_deal_that_is_not_shown_yet_is_asked_for_again(db: PgPool) {
    // AmoCRM tells whole seconds: what it changes later must be in a later one, however fast this test is.
    let clock = Clock::manual(DateTime::from_timestamp(test_app::START, 0).unwrap());
    let shared = clock.clone();
    let simulated = simulator::clock::Clock::following(move || shared.now());
    let account = Simulator::start(Options::demo().without_limits().clock(simulated)).await.unwrap();
    let world = World::with(db, account, &[("AMOCRM_ACCESS_TOKEN", demo::TOKEN)]).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    world.account.delete_deal(lead.0).unwrap();
    world.arrive(&[world.about(lead, LeadAction::Delete)]).await;
    world.settle().await;
    world.pass(60);
    clock.advance(TimeDelta::seconds(60));
    world.arrive(&[world.about(lead, LeadAction::Restore)]).await;
    world.settle().await;
    assert_eq!(world.nudges().await.len(), 1);
    world.account.restore_deal(lead.0).unwrap();
    world.pass(10);
    world.settle().await;
    let expected = ["Окна | cancelled | +79161234567", "Окна | pending | +79161234567"];
    assert_eq!(world.measurements().await, expected);
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_phone_that_changes_once_the_contact_was_read_is_not_missed(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    // Deals are read, and none can be taken in.
    let mut holding = world.app().db.begin().await.unwrap();
    sqlx::query("lock table measurements in exclusive mode").execute(&mut *holding).await.unwrap();
    let meanwhile = async {
        world.account.wait_for_calls("/api/v4/contacts", 1, Duration::from_secs(20)).await.unwrap();
        world.account.edit_client_phone(lead.0, "8 495 765-43-21").unwrap();
        let contact_id = ContactId(world.account.main_contact(lead.0).unwrap().id);
        world.arrive(&[world.event(Subject::Contact { contact_id, linked_leads: vec![] }, json!({}))]).await;
        holding.commit().await.unwrap();
    };
    tokio::join!(world.settle(), meanwhile);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +74957654321"]);
    assert_eq!(world.nudges().await, []);
}
