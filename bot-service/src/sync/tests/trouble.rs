//! While AmoCRM, single deals or we ourselves fail.

use simulator::amocrm::Answer;

use super::*;
use crate::domain::failures::WhyStuck;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_amocrm_does_not_show_changes_nothing(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    world.account.inject(Fault::HiddenLead { lead: lead.0 }).unwrap();
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
    world.syncer.gateway = Gateway::open(world.app(), &world.syncer.fence, &world.syncer.over).await.unwrap();
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
    assert_eq!(world.measurements().await, ["Окна | pending"], "the first refusal costs no time either");
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

/// Somebody holds the row, or its statement takes too long, for hours.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_that_the_database_cannot_serve_now_backs_off_alone_too(db: PgPool) {
    let world = World::new(db).await;
    for statement in [
        "create function busy() returns trigger language plpgsql
         as $$ begin raise exception 'busy' using errcode = '55P03'; end $$",
        "create trigger busy before insert on measurements for each row
         when (new.lead_name = 'Занятая') execute function busy()",
    ] {
        sqlx::query(statement).execute(&world.app().db).await.unwrap();
    }
    let names = ["Занятая", "Занятая", "Занятая", "Занятая", "Занятая", "Окна"];
    let deals = names.map(|name| world.added(world.measured(name)));
    world.arrive(&deals).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    assert_eq!(world.nudges().await.len(), 5);
    sqlx::query("drop trigger busy on measurements").execute(&world.app().db).await.unwrap();
    world.pass(10);
    world.settle().await;
    assert_eq!((world.measurements().await.len(), world.nudges().await), (6, vec![]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn people_are_told_what_keeps_a_deal_and_since_when(db: PgPool) {
    let world = World::new(db).await;
    let stuck = async |lead: LeadId| {
        let conn = &mut *world.app().db.acquire().await.unwrap();
        let stuck = lead_nudges::find_stuck(conn, lead).await.unwrap().unwrap();
        (stuck.why, (world.app().now() - stuck.since).num_seconds())
    };
    let lead = world.measured("Окна");
    world.account.inject(Fault::Down { status: 502 }).unwrap();
    world.arrive(&[world.added(lead)]).await;
    world.round().await;
    assert_eq!(stuck(lead).await, (WhyStuck::AmoCrmAway, 0));
    world.account.heal();
    world.account.inject(Fault::BrokenLead { lead: lead.0 }).unwrap();
    world.pass(20);
    world.settle().await;
    assert_eq!(stuck(lead).await, (WhyStuck::Unreadable, 20));
    world.account.heal();
    world.account.inject(Fault::Blocked).unwrap();
    world.pass(60);
    world.settle().await;
    assert_eq!(stuck(lead).await, (WhyStuck::AmoCrmBlocked, 80));
    world.account.unblock();
    world.pass(1_000);
    world.settle().await;
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_failing_deal_is_tried_ever_more_rarely_and_never_dropped(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.account.inject(Fault::BrokenLead { lead: lead.0 }).unwrap();
    world.arrive(&[world.added(lead)]).await;
    let mut pauses = Vec::new();
    for _ in 0..20 {
        world.round().await;
        let next = sqlx::query_scalar::<_, DateTime<Utc>>("select next_attempt_at from lead_nudges");
        let next = next.fetch_one(&world.app().db).await.expect("it is never dropped");
        let pause = (next - world.app().now()).num_seconds();
        pauses.push(pause);
        world.pass(pause);
    }
    let after_the_hook = pauses.iter().position(|pause| *pause > 10).unwrap();
    assert!(pauses[0] == 2 && pauses[after_the_hook..].is_sorted(), "{pauses:?}");
    assert_eq!((pauses.iter().max(), pauses.last()), (Some(&1_800), Some(&1_800)), "{pauses:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deletion_that_amocrm_does_not_show_yet_is_not_forgotten(db: PgPool) {
    let world = World::new(db).await;
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    world.arrive(&[world.added(lead), world.about(lead, LeadAction::Delete)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    world.account.delete_deal(lead.0).unwrap();
    world.pass(10);
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | cancelled | +79161234567"]);
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_old_leader_changes_nothing(db: PgPool) {
    let world = World::new(db).await;
    let (first, second) = (world.measured("Окна"), world.measured("Двери"));
    world.arrive(&[world.added(first), world.added(second)]).await;
    sqlx::query("update leases set epoch = epoch + 1").execute(&world.app().db).await.unwrap();
    assert!(round::run(&world.syncer).await.is_err());
    assert_eq!(world.measurements().await, [""; 0]);
    assert_eq!(
        world.nudges().await,
        [(first.0, None), (second.0, None)],
        "the new leader finds them untouched"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_end_of_leadership_is_not_held_up_by_amocrm(db: PgPool) {
    let world = World::new(db).await;
    world.account.inject(Fault::Latency { delay: Duration::from_mins(1) }).unwrap();
    let lead = world.measured("Окна");
    world.arrive(&[world.added(lead)]).await;
    let ending = async { world.syncer.over.cancel() };
    let (ended, ()) = tokio::join!(timeout(Duration::from_secs(10), round::run(&world.syncer)), ending);
    assert!(ended.expect("it does not wait for the answer").is_err());
    assert_eq!(world.nudges().await, [(lead.0, None)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_alert_that_was_not_committed_is_told_later(db: PgPool) {
    let world = World::new(db).await;
    let admin = person(&mut world.app().db.acquire().await.unwrap(), "Анна", Role::Admin).await;
    let lead = world.measured("Окна");
    world.account.inject(Fault::Blocked).unwrap();
    world.arrive(&[world.added(lead)]).await;
    let change = async |statement| sqlx::query(statement).execute(&world.app().db).await.unwrap();
    change("alter table settings add constraint broken check (false)").await;
    assert!(round::run(&world.syncer).await.is_err());
    change("alter table settings drop constraint broken").await;
    world.settle().await;
    let told = waiting(&mut world.app().db.acquire().await.unwrap()).await;
    assert_eq!(told, [(admin.id.0, "alert".to_owned())]);
    assert_eq!(world.account.calls().len(), 2, "what was not learned was asked again, once");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_call_that_began_before_a_block_does_not_lift_it(db: PgPool) {
    let world = World::new(db).await;
    let gateway = world.syncer.gateway.as_ref().unwrap();
    let answers =
        [("users", Answer::Hang { delay: Duration::from_secs(1) }), ("leads", Answer::Html { status: 403 })];
    for (path, answer) in answers {
        let path = Some(format!("/api/v4/{path}"));
        world.account.inject(Fault::Next { count: 1, path, answer }).unwrap();
    }
    let lead = [LeadId(1)];
    let (slow, blocked) = tokio::join!(gateway.users(), gateway.leads(&lead));
    assert!(slow.is_ok() && blocked.is_err());
    assert!(gateway.leads(&lead).await.is_err());
    assert_eq!(world.calls("leads"), 1);
}
