use simulator::telegram::{Fault, FaultRule, Refusal};

use super::*;
use crate::actions::reach;
use crate::actions::views::Alert;
use crate::storage::{cards, outbox};
use crate::telegram::screens::{Button, Keyboard, Screen, Target};

async fn say(world: &World, person: Actor, text: &str, edit: Option<i32>) {
    let screen = Screen { text: text.to_owned(), rows: vec![], keyboard: Keyboard::Kept };
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

    world.transit(anna, first, Transition::Cancel(CancelReason::Mistake)).await;
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
    let screen = Screen { text: "Клиент".into(), rows: vec![vec![button]], keyboard: Keyboard::Kept };
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
async fn a_kind_of_another_version_waits_for_it_and_holds_up_nobody(db: PgPool) {
    let mut world = World::new(db).await;
    let (anna, boris) = (world.person("Анна", Role::Admin).await, world.person("Борис", Role::Admin).await);
    for person in [anna, boris] {
        let conn = &mut *world.conn().await;
        outbox::enqueue_alert(conn, person.id, &Alert::AmoCrmUnblocked, world.app.now()).await.unwrap();
        outbox::enqueue_alert(conn, person.id, &Alert::AmoCrmBlocked, world.app.now()).await.unwrap();
    }
    let rename = "update outbox set kind = 'of_another_version' where id = (select min(id) from outbox)";
    sqlx::query(rename).execute(&world.app.db).await.unwrap();
    world.pass(TimeDelta::seconds(10)).await;
    assert_eq!((world.heard(anna).len(), world.heard(boris).len()), (1, 2));
    assert_eq!(world.ends("of_another_version").await, [("pending".into(), 1)]);
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
    world.transit(anna, id, Transition::Cancel(CancelReason::Mistake)).await;
    world.settle().await;
    assert!(!world.shown(ivan, &card).text.contains("Отменен"));

    world.telegram.unblock(chat(ivan).0).unwrap();
    let conn = &mut *world.conn().await;
    let language = crate::domain::user::Language::Ru;
    crate::storage::chats::contact(conn, chat(ivan), language, world.app.now()).await.unwrap();
    world.settle().await;
    assert!(world.shown(ivan, &card).text.contains("Отменен"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_too_long_is_cut_and_every_attempt_is_recorded_with_what_it_said(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let boris = world.person("Борис", Role::Admin).await;
    say(&world, anna, &"🔥ж".repeat(3000), None).await;
    say(&world, anna, "Меню", None).await;
    say(&world, boris, "Меню", None).await;
    world.settle().await;
    let texts: Vec<String> =
        world.telegram.bot_messages(chat(anna).0).into_iter().map(|it| it.text).collect();
    assert_eq!((texts.len(), texts[1].as_str()), (2, "Меню"), "what comes after it is not held up");
    assert!(texts[0].encode_utf16().count() <= 4096 && texts[0].chars().count() > 2700, "{}", texts[0].len());
    assert_eq!(world.heard(boris), ["Меню"]);
    let recorded: Vec<(String, i32)> = sqlx::query_as(
        "select a.outcome, length(a.text) from outbox_attempts a join outbox o on o.id = outbox_id
         where chat_id = $1 order by a.id limit 2",
    )
    .bind(chat(anna).0)
    .fetch_all(&world.app.db)
    .await
    .unwrap();
    let cut = i32::try_from(texts[0].chars().count()).unwrap();
    assert_eq!(recorded, [("malformed".to_owned(), 6000), ("delivered".to_owned(), cut)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_a_message_with_nothing_right_the_words_get_through(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let button = Button { label: "Далее".into(), target: Target::Press("я".repeat(33)) };
    let screen =
        Screen { text: "<b>Замер <x>№12".into(), rows: vec![vec![button]], keyboard: Keyboard::Kept };
    let conn = &mut *world.conn().await;
    outbox::enqueue_screen(conn, chat(anna), &screen, None, world.app.now()).await.unwrap();
    world.settle().await;
    assert_eq!(world.heard(anna), ["Замер №12"]);
    assert_eq!(outcomes(&world).await, some(&["malformed", "malformed", "delivered"]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_telegram_refuses_whatever_is_taken_away_ends_and_lets_others_pass(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let refused = Fault::Refuse(Refusal::bad_request("something that nobody has heard of"));
    world.telegram.fault(FaultRule::on("sendMessage", refused).containing("Меню").always());
    say(&world, anna, "<b>Меню</b>", None).await;
    say(&world, anna, "Список", None).await;
    world.settle().await;
    assert_eq!(world.heard(anna), ["Список"]);
    assert_eq!(world.ends("screen").await, [("failed".into(), 1), ("sent".into(), 1)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_changed_screen_and_a_card_that_are_refused_are_changed_in_plain_words(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    say(&world, anna, "Меню", None).await;
    world.settle().await;
    let menu = world.last(anna);
    say(&world, anna, "<b>Список <x>", Some(i32::try_from(menu.id).unwrap())).await;
    world.settle().await;
    assert_eq!(world.shown(anna, &menu).text, "Список");

    let id = world.measurement(1).await;
    world.settle().await;
    let card = world.last(anna);
    let refused = Fault::Refuse(Refusal::bad_request("can't parse entities: unexpected end tag"));
    world.telegram.fault(FaultRule::on("editMessageText", refused));
    world.assign(anna, id, ivan).await;
    world.settle().await;
    let shown = world.shown(anna, &card);
    assert!(shown.text.contains("Назначен") && shown.entities.is_empty(), "{}", shown.text);
    assert!(!shown.rows().is_empty(), "the buttons stay");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_redraw_that_may_be_lost_shows_nothing_twice_and_is_right_in_the_end(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let id = world.measurement(1).await;
    world.settle().await;
    let card = world.last(anna);
    let before = world.telegram.bot_messages(chat(anna).0).len();
    world.telegram.fault(FaultRule::on("editMessageText", Fault::LoseAnswer));
    world.assign(anna, id, ivan).await;
    world.settle().await;
    assert_eq!(world.telegram.bot_messages(chat(anna).0).len(), before);
    assert_eq!(world.shown(anna, &card).edits, 1, "the second time nothing was modified");
    assert!(world.shown(anna, &card).text.contains("Назначен"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_card_whose_message_is_gone_ends_and_the_next_event_brings_a_new_one(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let olga = world.manager("Ольга").await;
    let id = world.measurement(1).await;
    world.assign(anna, id, ivan).await;
    world.settle().await;
    let gone = Fault::Refuse(Refusal::bad_request("message to edit not found"));
    world.telegram.fault(FaultRule::on("editMessageText", gone).chat(chat(olga).0));
    world.telegram.read(chat(olga).0);
    world.transit(ivan, id, Transition::Start).await;
    world.settle().await;
    assert_eq!(world.heard(olga).len(), 1, "what happened is told all the same");
    world.transit(ivan, id, Transition::Complete).await;
    world.settle().await;
    let last = world.last(olga);
    assert!(last.text.contains("Выполнен") && last.text.contains("📄"), "a card again: {}", last.text);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_comes_back_hears_what_still_matters_and_nothing_else(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let petr = world.person("Пётр", Role::Measurer).await;
    world.telegram.block(chat(ivan).0).unwrap();
    let [his, cancelled, passed_on] =
        [world.measurement(1).await, world.measurement(2).await, world.measurement(3).await];
    for id in [his, cancelled, passed_on] {
        world.assign(anna, id, ivan).await;
        world.settle().await;
    }
    world.transit(anna, cancelled, Transition::Cancel(CancelReason::Mistake)).await;
    world.assign(anna, passed_on, petr).await;
    world.settle().await;
    assert_eq!(world.heard(ivan).len(), 0);

    world.telegram.unblock(chat(ivan).0).unwrap();
    let conn = &mut *world.conn().await;
    let language = crate::domain::user::Language::Ru;
    let contact = crate::storage::chats::contact(conn, chat(ivan), language, world.app.now()).await.unwrap();
    assert!(contact.was_unreachable);
    reach::regain(conn, chat(ivan), world.app.now()).await.unwrap();
    world.settle().await;
    let heard = world.telegram.read(chat(ivan).0);
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(heard[0].text.contains(&format!("№{his}")), "{}", heard[0].text);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_admin_who_was_away_hears_of_all_that_waits_in_one_message(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    world.telegram.block(chat(anna).0).unwrap();
    for lead in 1..=7 {
        world.measurement(lead).await;
        world.settle().await;
    }
    world.telegram.unblock(chat(anna).0).unwrap();
    let conn = &mut *world.conn().await;
    let language = crate::domain::user::Language::Ru;
    crate::storage::chats::contact(conn, chat(anna), language, world.app.now()).await.unwrap();
    reach::regain(conn, chat(anna), world.app.now()).await.unwrap();
    world.settle().await;
    let heard = world.heard(anna);
    assert!(heard.len() == 1 && heard[0].contains("Новых замеров: 7"), "{heard:?}");
}
