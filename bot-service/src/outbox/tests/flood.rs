use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn messages_and_redraws_of_one_chat_take_turns(db: PgPool) {
    let mut world = World::new(db).await;
    let anna = world.person("Анна", Role::Admin).await;
    let ivan = world.person("Иван", Role::Measurer).await;
    let olga = world.manager("Ольга").await;
    let mut ids = vec![];
    for lead in 1..=3 {
        ids.push(world.measurement(lead).await);
    }
    for id in &ids {
        world.assign(anna, *id, ivan).await;
    }
    world.settle().await;
    assert_eq!(world.heard(olga).len(), 3, "a card of each");

    // Each of these is a message to the manager and a redraw of her card.
    world.app.clock.advance(TimeDelta::minutes(1));
    for id in &ids {
        world.transit(ivan, *id, Transition::Start).await;
    }
    world.settle().await;
    assert_eq!(world.heard(olga).len(), 3);
    let cards = world.telegram.bot_messages(chat(olga).0);
    assert_eq!(cards.iter().filter(|card| card.edits > 0).count(), 3);
    assert_eq!(world.telegram.flood_refusals(), 0);
}
