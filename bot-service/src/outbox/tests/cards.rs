use super::*;
use crate::actions::measurements::{Linked, Place, TakenFacts};
use crate::domain::facts::Facts;
use crate::domain::intake::Source;
use crate::domain::phone;
use crate::storage::cards;
use shared::ids::LeadId;

async fn facts_change(world: &World, lead: i64, change: impl Fn(&mut Facts)) {
    let conn = &mut *world.conn().await;
    let lead = LeadId(lead);
    let open = crate::storage::measurements::lock_open_of_lead(conn, lead).await.unwrap();
    let mut facts = open[0].facts.clone();
    change(&mut facts);
    let (source, client, place) = (Source::AmoCrm, Linked::Known, Place::Trigger);
    let taken = TakenFacts { source, facts, client, company: client, place, is_handed_over: false };
    measurements::take_facts(conn, lead, &taken, world.app.now()).await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_has_no_card_gets_it_and_who_has_one_gets_a_reply_to_it(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна Серова", Role::Admin).await;
    let ivan = world.person("Иван Петров", Role::Measurer).await;
    let olga = world.manager("Ольга Смирнова").await;
    let id = world.measurement(1).await;
    world.settle().await;
    let admins_card = world.last(anna);
    assert_eq!(world.heard(anna).len(), 1);
    assert!(world.heard(ivan).is_empty() && world.heard(olga).is_empty());

    world.assign(anna, id, ivan).await;
    world.settle().await;
    assert_eq!(world.heard(ivan), ["📋 Вам назначен новый замер!"]);
    assert_eq!(world.heard(olga), ["✅ Замерщик назначен на ваш заказ"]);
    assert!(world.heard(anna).is_empty(), "the admin's card is redrawn silently");
    assert!(world.shown(anna, &admins_card).text.contains("📋 Назначен"));

    let (card_of_ivan, card_of_olga) = (world.last(ivan), world.last(olga));
    world.transit(ivan, id, Transition::Start).await;
    world.settle().await;
    assert!(world.heard(ivan).is_empty() && world.heard(anna).is_empty());
    let told = world.last(olga);
    assert_eq!((world.heard(olga).len(), told.reply_to), (1, Some(card_of_olga.id)));
    assert!(told.text.contains("🔄 В процессе"), "{}", told.text);
    let redrawn = world.shown(ivan, &card_of_ivan).text;
    assert!(redrawn.contains("🔄 В процессе") && !redrawn.contains("Вам назначен"), "{redrawn}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_card_catches_up_with_many_changes_in_few_redraws_and_one_message(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let id = world.measurement(1).await;
    world.assign(anna, id, ivan).await;
    world.settle().await;
    world.heard(ivan);
    let (card, edits) = (world.last(ivan), world.count("editMessageText"));

    for entrance in 1..=10 {
        facts_change(&world, 1, |facts| facts.address = Some(format!("Мира, 1, подъезд {entrance}"))).await;
        world.pass(TimeDelta::milliseconds(200)).await;
    }
    facts_change(&world, 1, |facts| facts.phones = phone::parse("8 916 765-43-21")).await;
    world.pass(TimeDelta::seconds(10)).await;
    assert!(world.heard(ivan).is_empty(), "after the quiet, not before");
    let shown = world.shown(ivan, &card).text;
    assert!(shown.contains("подъезд 10") && shown.contains("+79167654321"), "{shown}");

    world.settle().await;
    assert_eq!(world.heard(ivan), [format!("✏️ Замер №{id}: изменены адрес, телефон")]);
    assert!(world.count("editMessageText") - edits <= 4, "two cards, two redraws each");
    assert_eq!(world.telegram.flood_refusals(), 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_pressed_card_is_redrawn_at_once(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let id = world.measurement(1).await;
    world.settle().await;
    let card = world.last(anna);
    world.assign(anna, id, ivan).await;
    world.pass(TimeDelta::milliseconds(1)).await;

    let conn = &mut *world.conn().await;
    let message_id = i32::try_from(card.id).unwrap();
    let face = crate::actions::views::Face::Cancel;
    cards::set_face(conn, chat(anna), message_id, face, world.app.now()).await.unwrap();
    world.pass(TimeDelta::milliseconds(1)).await;
    assert!(world.shown(anna, &card).edits >= 2, "the second redraw did not wait three seconds");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_opens_a_card_again_has_one_with_buttons(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    world.person("Иван", Role::Measurer).await;
    let id = world.measurement(1).await;
    world.settle().await;
    let older = world.last(anna);
    assert!(!older.rows().is_empty());
    let conn = &mut *world.conn().await;
    crate::storage::outbox::enqueue_card(conn, chat(anna), anna.id, id, world.app.now(), world.app.now())
        .await
        .unwrap();
    world.settle().await;
    assert!(!world.last(anna).rows().is_empty() && world.last(anna).id != older.id);
    assert!(world.shown(anna, &older).rows().is_empty(), "the older lost its keyboard");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_is_taken_off_keeps_no_fact_of_the_client(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let petr = world.person("Пётр", Role::Measurer).await;
    let id = world.measurement(1).await;
    world.assign(anna, id, ivan).await;
    world.settle().await;
    let conn = &mut *world.conn().await;
    crate::storage::outbox::enqueue_card(conn, chat(ivan), ivan.id, id, world.app.now(), world.app.now())
        .await
        .unwrap();
    world.settle().await;
    world.heard(ivan);

    world.assign(anna, id, petr).await;
    world.settle().await;
    assert_eq!(world.heard(ivan), [format!("⚠️ Вы сняты с замера №{id} · Окна в детскую")]);
    for message in world.telegram.bot_messages(chat(ivan).0) {
        for fact in ["+7916", "Иванов", "Ленина"] {
            assert!(!message.text.contains(fact), "«{}» tells {fact}", message.text);
        }
        assert!(message.rows().is_empty());
    }
}

/// The person deletes a message from his chat.
async fn delete(world: &World, person: Actor, message: &Message) {
    let delete = serde_json::json!({ "chat_id": chat(person), "message_id": message.id });
    let url = format!("{}/bot{}/deleteMessage", world.telegram.url(), world.telegram.token());
    world.app.bot.client().post(url).json(&delete).send().await.unwrap().error_for_status().unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_is_taken_off_keeps_no_fact_in_older_messages_either_though_the_newest_is_deleted(db: PgPool) {
    for notices_the_loss_before in [false, true] {
        let mut world = World::new(db.clone()).await;
        let anna = world.person("Анна", Role::Admin).await;
        let ivan = world.person("Иван", Role::Measurer).await;
        let petr = world.person("Пётр", Role::Measurer).await;
        let lead = i64::from(notices_the_loss_before) + 1;
        let id = world.measurement(lead).await;
        world.assign(anna, id, ivan).await;
        world.settle().await;
        let older = world.last(ivan);
        let (conn, now) = (&mut *world.conn().await, world.app.now());
        crate::storage::outbox::enqueue_card(conn, chat(ivan), ivan.id, id, now, now).await.unwrap();
        world.settle().await;
        delete(&world, ivan, &world.last(ivan)).await;
        if notices_the_loss_before {
            facts_change(&world, lead, |facts| facts.zone = Some("Север".into())).await;
            // The redraw finds it gone; what there is to tell waits for quiet.
            world.pass(TimeDelta::seconds(5)).await;
        }
        assert!(world.shown(ivan, &older).text.contains("Ленина"));

        world.assign(anna, id, petr).await;
        world.settle().await;
        let text = world.shown(ivan, &older).text;
        for fact in ["+7916", "Иванов", "Ленина"] {
            assert!(!text.contains(fact), "«{text}» tells {fact}");
        }
        sqlx::query("update leases set expires_at = '-infinity'").execute(&db).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_card_whose_message_was_deleted_ends_and_the_next_event_brings_a_new_one(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let olga = world.manager("Ольга").await;
    let id = world.measurement(1).await;
    world.assign(anna, id, ivan).await;
    world.settle().await;
    delete(&world, olga, &world.last(olga)).await;
    facts_change(&world, 1, |facts| facts.zone = Some("Север".into())).await;
    world.pass(TimeDelta::seconds(5)).await;
    world.heard(olga);

    world.transit(ivan, id, Transition::Complete).await;
    world.settle().await;
    let heard = world.telegram.find_message_containing(chat(olga).0, "✅ Выполнен").unwrap();
    assert_eq!(heard.reply_to, None);
    assert!(heard.text.contains("Ленина"), "a whole card: {}", heard.text);
}
