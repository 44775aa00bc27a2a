use super::*;
use crate::actions::views::Alert;
use crate::storage::outbox;
use crate::telegram::screens::{Keyboard, Screen};

fn joined(number: i64) -> Alert {
    Alert::PersonJoined { user: None, name: format!("Человек {number}"), role: Role::Measurer }
}

fn screen(text: &str) -> Screen {
    Screen { text: text.to_owned(), rows: vec![], keyboard: Keyboard::Kept }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_morning_of_new_measurements_is_one_message(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    for lead in 1..=8 {
        world.measurement(lead).await;
    }
    world.settle().await;
    assert_eq!(world.heard(anna), ["🆕 Новых замеров: 8"]);
    assert_eq!(world.ends("new_measurement").await, [("sent".into(), 1), ("superseded".into(), 7)]);

    world.measurement(9).await;
    world.settle().await;
    assert_eq!(world.heard(anna).len(), 1);
    assert!(world.last(anna).text.contains("Окна в детскую"), "the next one comes as a card");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn five_new_measurements_are_five_cards_and_six_are_one_message(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    for lead in 1..=5 {
        world.measurement(lead).await;
    }
    world.settle().await;
    assert_eq!(world.heard(anna).len(), 5);
    assert_eq!(world.ends("new_measurement").await, [("sent".into(), 5)]);

    for lead in 6..=11 {
        world.measurement(lead).await;
    }
    world.settle().await;
    assert_eq!(world.heard(anna), ["🆕 Новых замеров: 6"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn given_and_taken_before_he_heard_of_it_is_silence(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let petr = world.person("Пётр", Role::Measurer).await;
    let id = world.measurement(1).await;
    world.assign(anna, id, ivan).await;
    world.assign(anna, id, petr).await;
    world.settle().await;
    assert!(world.heard(ivan).is_empty());
    assert_eq!(world.heard(petr), ["📋 Вам назначен новый замер!"]);

    world.assign(anna, id, ivan).await;
    world.assign(anna, id, petr).await;
    world.settle().await;
    assert!(world.heard(ivan).is_empty());
    assert!(world.heard(petr).is_empty(), "for him nothing has changed");

    world.assign(anna, id, ivan).await;
    world.settle().await;
    assert_eq!(world.heard(ivan), ["📋 Вам назначен новый замер!"]);
    assert_eq!(world.heard(petr).len(), 1, "and he is taken off");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_measurement_that_somebody_took_on_is_no_news(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let boris = world.person("Борис", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let id = world.measurement(1).await;
    world.assign(anna, id, ivan).await;
    world.settle().await;
    assert!(world.heard(boris).is_empty());
    assert_eq!(world.ends("new_measurement").await, [("superseded".into(), 2)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_burst_of_sixty_for_three_chats_meets_no_refusal_and_keeps_its_order(db: PgPool) {
    let mut world = World::new(db).await;
    let mut admins = Vec::new();
    for name in ["Анна", "Борис", "Вера"] {
        admins.push(world.person(name, Role::Admin).await);
    }
    let conn = &mut *world.conn().await;
    for number in 0..60 {
        for admin in &admins {
            outbox::enqueue_alert(conn, admin.id, &joined(number), world.app.now()).await.unwrap();
        }
    }
    world.settle().await;
    assert_eq!(world.telegram.flood_refusals(), 0);
    for admin in admins {
        let heard = world.telegram.bot_messages(chat(admin).0);
        assert_eq!(heard.len(), 60);
        for (number, message) in heard.iter().enumerate() {
            assert!(message.text.contains(&format!("Человек {number}")), "{}", message.text);
        }
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_reply_goes_ahead_of_what_waits(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let conn = &mut *world.conn().await;
    for number in 0..10 {
        outbox::enqueue_alert(conn, anna.id, &joined(number), world.app.now()).await.unwrap();
    }
    world.pass(TimeDelta::milliseconds(100)).await;
    outbox::enqueue_screen(conn, chat(anna), &screen("Меню"), None, world.app.now()).await.unwrap();
    world.pass(TimeDelta::milliseconds(1200)).await;
    assert_eq!(world.heard(anna).last().map(String::as_str), Some("Меню"));
    world.settle().await;
    assert_eq!(world.heard(anna).len(), 7);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_the_latest_screen_of_a_message_is_drawn(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let conn = &mut *world.conn().await;
    outbox::enqueue_screen(conn, chat(anna), &screen("1"), None, world.app.now()).await.unwrap();
    world.settle().await;
    let message = i32::try_from(world.last(anna).id).unwrap();
    for page in ["2", "3"] {
        outbox::enqueue_screen(conn, chat(anna), &screen(page), Some(message), world.app.now())
            .await
            .unwrap();
    }
    world.settle().await;
    assert_eq!((world.last(anna).text.as_str(), world.last(anna).edits), ("3", 1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_commands_are_set_once_for_the_same_roles(db: PgPool) {
    let mut world = World::new(db).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let conn = &mut *world.conn().await;
    for _ in 0..2 {
        outbox::enqueue_commands(conn, chat(ivan), world.app.now()).await.unwrap();
    }
    world.settle().await;
    let shown = world.telegram.commands_shown_to(chat(ivan).0);
    let names: Vec<_> = shown.iter().map(|command| command.command.as_str()).collect();
    assert_eq!(
        (names, world.count("setMyCommands")),
        (vec!["menu", "my", "find", "language", "help", "start"], 1)
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_supervisor_hears_what_an_admin_hears_and_an_observer_follows_without_buttons(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let boris = world.person("Борис", Role::Supervisor).await;
    let owner = world.person("Олеся", Role::Observer).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let id = world.measurement(1).await;
    world.settle().await;
    let new = world.heard(anna);
    assert_eq!(new, ["🆕 Замер №1 · ⏳ Ожидает назначения"]);
    assert_eq!([world.heard(boris), world.heard(owner)], [new.clone(), new]);
    assert_eq!(world.last(owner).labels(), [["💬 Комментарий"], ["📜 История"]]);
    assert!(world.last(boris).labels().len() > 1, "he distributes");
    world.assign(boris, id, ivan).await;
    world.settle().await;
    let told = world.heard(owner);
    assert!(told[0].contains(": 📋 Назначен · Иван (Борис, "), "{told:?}");
}
