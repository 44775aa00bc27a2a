use simulator::telegram::{Fault, FaultRule};

use super::*;
use crate::actions::views::Alert;
use crate::storage::{cards, outbox};
use crate::telegram::screens::{Button, Screen, Target};

async fn say(world: &World, person: Actor, text: &str, edit: Option<i32>) {
    let screen = Screen { text: text.to_owned(), rows: vec![] };
    let conn = &mut *world.conn().await;
    outbox::enqueue_screen(conn, chat(person), &screen, edit, world.app.now()).await.unwrap();
}

async fn outcomes(world: &World) -> Vec<Option<String>> {
    let sql = "select outcome from outbox_attempts order by id";
    sqlx::query_scalar(sql).fetch_all(&world.app.db).await.unwrap()
}

fn some(outcomes: &[&str]) -> Vec<Option<String>> {
    outcomes.iter().map(|outcome| Some((*outcome).to_owned())).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_screen_whose_message_is_gone_comes_as_a_new_one(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    say(&world, anna, "Меню", Some(777)).await;
    world.settle().await;
    assert_eq!(world.heard(anna), ["Меню"]);
    assert_eq!(outcomes(&world).await, some(&["gone", "delivered"]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_message_that_may_be_lost_is_sent_again(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    world.telegram.fault(FaultRule::on("sendMessage", Fault::LoseAnswer));
    say(&world, anna, "Меню", None).await;
    world.settle().await;
    assert_eq!(world.heard(anna), ["Меню", "Меню"], "better twice than not at all");
    assert_eq!(outcomes(&world).await, some(&["uncertain", "delivered"]));

    let message = i32::try_from(world.last(anna).id).unwrap();
    world.telegram.fault(FaultRule::on("editMessageText", Fault::LoseAnswer));
    say(&world, anna, "Список", Some(message)).await;
    world.settle().await;
    assert_eq!((world.last(anna).text.as_str(), world.last(anna).edits), ("Список", 1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_gateway_that_is_down_delays_and_doubles_nothing(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    world.telegram.fault(FaultRule::any(Fault::BadGateway).times(3));
    say(&world, anna, "Меню", None).await;
    let before = world.app.now();
    world.settle().await;
    assert_eq!(world.heard(anna), ["Меню"]);
    assert_eq!(outcomes(&world).await, some(&["retry", "retry", "retry", "delivered"]));
    assert!(world.app.now() - before >= TimeDelta::seconds(7), "1 + 2 + 4 seconds");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_chat_that_must_wait_does_not_stop_the_others(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let boris = world.person("Борис", Role::Admin).await;
    let wait = FaultRule::on("sendMessage", Fault::too_many_requests(30)).chat(chat(anna).0);
    world.telegram.fault(wait);
    say(&world, anna, "Меню", None).await;
    world.pass(TimeDelta::seconds(1)).await;
    say(&world, anna, "Список", None).await;
    say(&world, boris, "Меню", None).await;
    world.pass(TimeDelta::seconds(25)).await;
    assert_eq!((world.heard(anna).len(), world.heard(boris).len()), (0, 1));
    world.settle().await;
    assert_eq!(world.heard(anna), ["Меню", "Список"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn several_chats_that_must_wait_stop_everybody_also_under_the_next_leader(db: PgPool) {
    let mut world = World::new(db).await;
    let mut people = Vec::new();
    for name in ["Анна", "Борис", "Вера", "Глеб"] {
        people.push(world.person(name, Role::Admin).await);
    }
    world.telegram.fault(FaultRule::on("sendMessage", Fault::too_many_requests(40)).times(3));
    for person in &people[..3] {
        say(&world, *person, "Меню", None).await;
    }
    world.desk.drain().await;
    say(&world, people[3], "Меню", None).await;
    world.desk = Desk::new(world.app.clone(), world.fence.clone());
    world.pass(TimeDelta::seconds(39)).await;
    assert_eq!(world.count("sendMessage"), 3);
    world.settle().await;
    for person in people {
        assert_eq!(world.heard(person), ["Меню"]);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_leader_keeps_to_the_pace_of_the_one_before(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    for text in ["1", "2", "3"] {
        say(&world, anna, text, None).await;
    }
    world.desk.drain().await;
    assert_eq!(world.heard(anna), ["1", "2", "3"]);
    world.desk = Desk::new(world.app.clone(), world.fence.clone());
    for text in ["4", "5"] {
        say(&world, anna, text, None).await;
    }
    world.settle().await;
    assert_eq!(world.heard(anna), ["4", "5"]);
    assert_eq!(world.telegram.flood_refusals(), 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_leader_knows_which_cards_were_just_redrawn(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let mut visits = Vec::new();
    for lead in 1..=12 {
        visits.push(world.measurement(lead).await);
        world.settle().await;
    }
    world.app.clock.advance(TimeDelta::minutes(2));
    for visit in visits {
        world.assign(anna, visit, ivan).await;
    }
    world.pass(TimeDelta::seconds(29)).await;
    let before = world.count("editMessageText");
    assert!((9..12).contains(&before), "{before} redraws in half a minute");
    world.desk = Desk::new(world.app.clone(), world.fence.clone());
    world.desk.drain().await;
    assert_eq!(world.count("editMessageText"), before, "the three seconds between redraws go on");
    world.settle().await;
    assert_eq!(world.telegram.flood_refusals(), 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_blocked_the_bot_is_named_once_and_left_alone(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван Петров", Role::Measurer).await;
    world.telegram.block(chat(ivan).0).unwrap();
    let first = world.measurement(1).await;
    world.assign(anna, first, ivan).await;
    say(&world, ivan, "Меню", None).await;
    world.settle().await;
    let trouble =
        |heard: Vec<String>| heard.into_iter().filter(|text| text.contains("Иван Петров")).collect();
    let told: Vec<String> = trouble(world.heard(anna));
    assert!(told.len() == 1 && told[0].contains(&format!("№{first}")), "{told:?}");
    let calls = world.telegram.calls_of("sendMessage");
    assert_eq!(calls.iter().filter(|call| call.chat_id() == Some(chat(ivan).0)).count(), 1);

    world.transit(anna, first, Transition::Cancel).await;
    world.settle().await;
    assert_eq!(trouble(world.heard(anna)).len(), 0);
    let second = world.measurement(2).await;
    world.assign(anna, second, ivan).await;
    world.settle().await;
    let told: Vec<String> = trouble(world.heard(anna));
    assert!(told.len() == 1 && told[0].contains(&format!("№{second}")), "{told:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_admin_who_never_started_the_bot_is_reported_once_by_his_number(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let boris = testing::person(&mut *world.conn().await, "Борис", Role::Admin).await;
    world.telegram.add_person(Person::new(chat(boris).0, "Борис"));
    for lead in 1..=2 {
        world.measurement(lead).await;
        world.settle().await;
    }
    let heard = world.heard(anna);
    let number = chat(boris).0.to_string();
    assert_eq!(heard.iter().filter(|text| text.contains(&number)).count(), 1, "{heard:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn words_get_through_where_the_markup_is_our_mistake(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    say(&world, anna, "<b>Замер <x>№12</b>", None).await;
    let button =
        Button { label: "Позвонить".into(), target: Target::Url("tel:+79161234567".into()) };
    let screen = Screen { text: "Клиент".into(), rows: vec![vec![button]] };
    let conn = &mut *world.conn().await;
    outbox::enqueue_screen(conn, chat(anna), &screen, None, world.app.now()).await.unwrap();
    world.settle().await;
    assert_eq!(world.heard(anna), ["Замер №12", "Клиент"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_row_that_cannot_be_drawn_is_given_up_and_lets_others_pass(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let conn = &mut *world.conn().await;
    let unknown = serde_json::json!({ "alert": "of_another_version" });
    outbox::enqueue_alert(conn, anna.id, &unknown, world.app.now()).await.unwrap();
    outbox::enqueue_alert(conn, anna.id, &Alert::AmoCrmBlocked, world.app.now()).await.unwrap();
    world.pass(TimeDelta::seconds(1)).await;
    assert_eq!(world.heard(anna).len(), 1);
    world.pass(TimeDelta::hours(1)).await;
    assert_eq!(world.ends("alert").await, [("failed".into(), 1), ("sent".into(), 1)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_leader_that_lost_the_lease_sends_nothing(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let stale = Fence::new(-1);
    world.desk = Desk::new(world.app.clone(), stale);
    say(&world, anna, "Меню", None).await;
    world.pass(TimeDelta::seconds(5)).await;
    assert_eq!(world.count("sendMessage"), 0);
    world.desk = Desk::new(world.app.clone(), world.fence.clone());
    world.settle().await;
    assert_eq!(world.heard(anna), ["Меню"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_loop_wakes_sends_and_stops(db: PgPool) {
    let world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let over = tokio_util::sync::CancellationToken::new();
    let running = crate::outbox::run(world.app.clone(), world.fence.clone(), over.clone());
    let using = async {
        say(&world, anna, "Меню", None).await;
        while world.telegram.last_message(chat(anna).0).is_none() {
            tokio::task::yield_now().await;
        }
        over.cancel();
    };
    let both = Box::pin(async { tokio::join!(running, using) });
    tokio::time::timeout(std::time::Duration::from_secs(20), both).await.unwrap();
    assert_eq!(world.heard(anna), ["Меню"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_card_sent_twice_is_one_card_and_its_orphan_is_adopted_by_a_press(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    world.telegram.fault(FaultRule::on("sendMessage", Fault::LoseAnswer));
    let id = world.measurement(1).await;
    world.settle().await;
    let sent = world.telegram.bot_messages(chat(anna).0);
    let (orphan, card) = (&sent[0], &sent[1]);
    assert_eq!(world.heard(anna).len(), 2);
    let conn = &mut *world.conn().await;
    let live = cards::find_live(conn, chat(anna), id).await.unwrap().unwrap();
    assert_eq!(live.message_id.map(i64::from), Some(card.id));

    let pressed = i32::try_from(orphan.id).unwrap();
    cards::adopt(conn, chat(anna), pressed, anna.id, id, world.app.now()).await.unwrap();
    world.settle().await;
    assert!(world.shown(anna, card).rows().is_empty());
    assert!(!world.shown(anna, orphan).rows().is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_comes_back_finds_his_cards_as_things_are(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let id = world.measurement(1).await;
    world.assign(anna, id, ivan).await;
    world.settle().await;
    let card = world.last(ivan);
    world.telegram.block(chat(ivan).0).unwrap();
    world.transit(anna, id, Transition::Cancel).await;
    world.settle().await;
    assert!(!world.shown(ivan, &card).text.contains("Отменен"));

    world.telegram.unblock(chat(ivan).0).unwrap();
    let conn = &mut *world.conn().await;
    let language = crate::domain::user::Language::Ru;
    crate::storage::chats::contact(conn, chat(ivan), language, world.app.now()).await.unwrap();
    world.settle().await;
    assert!(world.shown(ivan, &card).text.contains("Отменен"));
}
