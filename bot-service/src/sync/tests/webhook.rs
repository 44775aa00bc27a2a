//! The subscription, look by look.

use simulator::amocrm::Answer;

use super::super::webhook::{Found, Keeper};
use super::*;
use crate::amocrm::subscription::EVENTS;

const OURS: &str = "https://zamer.example.ru/webhook/amocrm/new-secret-0123456";
const FORMER: &str = "https://zamer.example.ru/webhook/amocrm/old-secret-0123456";
const FOREIGN: &str = "https://elsewhere.example.org/webhook/amocrm/new-secret-0123456";
const SETTINGS: [(&str, &str); 3] = [
    ("AMOCRM_ACCESS_TOKEN", demo::TOKEN),
    ("WEBHOOK_HOST", "https://zamer.example.ru"),
    ("WEBHOOK_SECRET", "new-secret-0123456,old-secret-0123456"),
];

async fn world(db: PgPool) -> World {
    let account = Simulator::start(Options::demo().without_limits()).await.unwrap();
    let world = World::with(db, account, &SETTINGS).await;
    person(&mut world.app().db.acquire().await.unwrap(), "Анна", Role::Admin).await;
    world
}

impl World {
    async fn try_look(&self) -> anyhow::Result<Found> {
        Keeper::of(&self.syncer).unwrap().look().await
    }

    async fn look(&self) -> Found {
        self.try_look().await.unwrap()
    }

    /// Address, whether it is on, and how many events: every subscription of the account.
    fn subscriptions(&self) -> Vec<(String, bool, usize)> {
        let hooks = self.account.webhooks();
        let mut hooks: Vec<_> =
            hooks.into_iter().map(|it| (it.destination, !it.disabled, it.settings.len())).collect();
        hooks.sort();
        hooks
    }

    fn changes(&self) -> usize {
        self.account.calls().iter().filter(|call| call.method != "GET").count()
    }

    /// What the admin is to be told, as it is stored.
    async fn told(&self) -> Vec<String> {
        sqlx::query_scalar(
            "select concat_ws(' ', payload ->> 'alert', payload -> 'trouble' ->> 'reason') from outbox
             where kind = 'alert' order by id",
        )
        .fetch_all(&self.app().db)
        .await
        .unwrap()
    }
}

fn on(address: &str) -> (String, bool, usize) {
    (address.to_owned(), true, EVENTS.len())
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_missing_subscription_is_made_and_one_in_order_is_left_alone(db: PgPool) {
    let world = world(db).await;
    world.account.subscribe_to(FOREIGN, &["add_task"]);
    let foreign = (FOREIGN.to_owned(), true, 1);
    assert_eq!(world.look().await, Found::Changed);
    assert_eq!(world.subscriptions(), [foreign.clone(), on(OURS)]);
    assert_eq!(world.look().await, Found::InOrder);
    assert_eq!((world.subscriptions(), world.changes()), (vec![foreign, on(OURS)], 1));
    assert_eq!(world.told().await, [""; 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn missing_events_are_added_and_what_somebody_ticked_besides_stays(db: PgPool) {
    let world = world(db).await;
    world.account.subscribe_to(OURS, &["add_lead", "add_task", "status_lead"]);
    assert_eq!(world.look().await, Found::Changed);
    assert_eq!(world.subscriptions(), [(OURS.to_owned(), true, EVENTS.len() + 1)]);
    assert_eq!(world.look().await, Found::InOrder);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn former_secrets_are_ended_once_a_look_finds_the_new_one_in_order(db: PgPool) {
    let world = world(db).await;
    let by_query = "https://zamer.example.ru/webhook/amocrm?secret=old-secret-0123456";
    for address in [FORMER, by_query, FOREIGN] {
        world.account.subscribe_to(address, &EVENTS);
    }
    assert_eq!(world.look().await, Found::Changed);
    assert_eq!(world.subscriptions().len(), 4, "events come both ways for a while");
    let fault =
        Fault::Next { count: 1, path: Some("/api/v4/webhooks".into()), answer: Answer::Json { status: 500 } };
    world.account.inject(fault).unwrap();
    assert!(world.try_look().await.is_err());
    assert_eq!(world.subscriptions().len(), 4);
    world.pass(1);
    assert_eq!(world.look().await, Found::InOrder);
    assert_eq!(world.subscriptions(), [on(FOREIGN), on(OURS)]);
    assert_eq!(world.told().await, [""; 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn one_that_amocrm_switched_off_is_switched_on_and_told_once(db: PgPool) {
    let world = world(db).await;
    world.look().await;
    for told in 1..=2 {
        world.account.disable_webhook(OURS);
        assert_eq!(world.look().await, Found::Changed);
        assert_eq!(world.subscriptions(), [on(OURS)]);
        assert_eq!(world.told().await, vec!["webhook_off"; told]);
        // Switched off again before anybody saw it on: the same trouble.
        world.account.disable_webhook(OURS);
        assert_eq!(world.look().await, Found::Changed);
        assert_eq!(world.told().await.len(), told);
        assert_eq!(world.look().await, Found::InOrder);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_hundred_and_one_bad_answers_switch_it_off_and_the_next_look_on(db: PgPool) {
    let account = Simulator::start(Options::demo().without_limits()).await.unwrap();
    let nobody = [("WEBHOOK_HOST", "http://127.0.0.1:9")];
    let world = World::with(db, account, &[&SETTINGS[..], &nobody].concat()).await;
    world.look().await;
    for _ in 0..101 {
        world.deal(Deal::named("Окна"));
    }
    world.account.wait_for_hook_answers(Duration::from_secs(10)).await.unwrap();
    assert!(!world.subscriptions()[0].1);
    world.look().await;
    assert!(world.subscriptions()[0].1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn one_that_stays_off_is_made_anew(db: PgPool) {
    let world = world(db).await;
    world.look().await;
    world.account.inject(Fault::StaysDisabled).unwrap();
    world.account.disable_webhook(OURS);
    assert_eq!(world.look().await, Found::Changed);
    assert_eq!(world.subscriptions(), [on(OURS)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_full_account_is_told_of_once_and_its_end_too(db: PgPool) {
    let world = world(db).await;
    for n in 0..100 {
        world.account.subscribe(&format!("https://example.ru/{n}"));
    }
    for _ in 0..3 {
        assert_eq!(world.look().await, Found::Refused);
    }
    assert_eq!(world.told().await, ["webhook_trouble too_many"]);
    assert_eq!(world.subscriptions().len(), 100, "foreign ones are not touched");
    world.account.unsubscribe("https://example.ru/7");
    assert_eq!(world.look().await, Found::Changed);
    assert_eq!(world.told().await, ["webhook_trouble too_many", "webhook_works"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn in_a_full_account_our_former_one_makes_room(db: PgPool) {
    let world = world(db).await;
    world.account.subscribe(FORMER);
    for n in 1..100 {
        world.account.subscribe(&format!("https://example.ru/{n}"));
    }
    assert_eq!(world.look().await, Found::Changed);
    let addresses: Vec<_> = world.subscriptions().into_iter().map(|(address, _, _)| address).collect();
    assert!(addresses.contains(&OURS.to_owned()) && !addresses.contains(&FORMER.to_owned()));
    assert_eq!((addresses.len(), world.told().await), (100, vec![]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refusals_are_told_once_and_stop_no_other_call(db: PgPool) {
    let world = world(db).await;
    let refuse = |path: &str, answer| {
        let path = Some(format!("/api/v4/{path}"));
        world.account.inject(Fault::Next { count: 2, path, answer }).unwrap();
    };
    refuse("webhooks", Answer::Json { status: 402 });
    for _ in 0..2 {
        assert_eq!(world.look().await, Found::Refused);
    }
    world.account.inject(Fault::Forbidden { path: "/api/v4/webhooks".into() }).unwrap();
    for _ in 0..3 {
        assert_eq!(world.look().await, Found::Refused);
        world.pass(1_800);
    }
    assert_eq!(world.calls("webhooks"), 4, "a missing right is tried hourly");
    lists::mirror(&world).await.unwrap();
    world.account.heal();
    world.pass(3_600);
    assert_eq!(world.look().await, Found::Changed);
    let told = ["webhook_trouble not_paid", "webhook_trouble no_rights", "webhook_works"];
    assert_eq!(world.told().await, told);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_outage_of_amocrm_is_no_trouble_of_the_webhook(db: PgPool) {
    let world = world(db).await;
    for fault in [Fault::Down { status: 502 }, Fault::Blocked] {
        world.account.inject(fault).unwrap();
        assert!(world.try_look().await.is_err());
        world.account.heal();
        world.account.unblock();
        world.pass(900);
    }
    assert_eq!(world.look().await, Found::Changed);
    assert!(!world.told().await.iter().any(|alert| alert.starts_with("webhook")));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_message_that_was_not_committed_is_told_by_the_next_leader(db: PgPool) {
    let world = world(db).await;
    world.look().await;
    world.account.disable_webhook(OURS);
    let epoch = async |change: i32| {
        let statement = "update leases set epoch = epoch + $1";
        sqlx::query(statement).bind(change).execute(&world.app().db).await.unwrap();
    };
    epoch(1).await;
    assert!(world.try_look().await.is_err());
    assert_eq!((world.told().await, world.changes()), (vec![], 1), "an old leader does nothing");
    epoch(-1).await;
    assert_eq!(world.look().await, Found::Changed);
    assert_eq!(world.told().await, ["webhook_off"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_leader_looks_at_its_start(db: PgPool) {
    let world = world(db).await;
    let over = CancellationToken::new();
    let leading = Box::pin(run(world.app().clone(), world.syncer.fence.clone(), over.clone()));
    let subscribed = async {
        let limit = Duration::from_secs(10);
        world.account.wait_for_calls("/api/v4/webhooks", 2, limit).await.unwrap();
        over.cancel();
    };
    timeout(Duration::from_secs(20), async { tokio::join!(leading, subscribed) }).await.unwrap();
    assert_eq!(world.subscriptions(), [on(OURS)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_looks_without_token_address_or_consent(db: PgPool) {
    let account = Simulator::start(Options::demo().without_limits()).await.unwrap();
    let refused = [&SETTINGS[..], &[("AMOCRM_MANAGE_WEBHOOK", "false")]].concat();
    let world = World::with(db, account, &refused).await;
    assert!(Keeper::of(&world.syncer).is_none());
    let keeps = |settings: &[(&str, &str)]| {
        let settings = [settings, &[("AMOCRM_SUBDOMAIN", "okna")]].concat();
        test_app::app(world.app().db.clone(), &settings).config.keeps_webhook()
    };
    assert!(keeps(&SETTINGS));
    for without in 0..SETTINGS.len() {
        let mut settings = SETTINGS.to_vec();
        settings.remove(without);
        assert!(!keeps(&settings), "{settings:?}");
    }
}
