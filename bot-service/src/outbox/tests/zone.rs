use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_card_tells_the_time_of_the_configured_zone(db: PgPool) {
    let mut world = World::told(db, &[("TIMEZONE", "Asia/Vladivostok")]).await;
    let anna = world.person("Анна", Role::Admin).await;
    world.measurement(1).await;
    world.settle().await;
    let card = world.last(anna).text;
    // 08:00 UTC, 11:00 in Moscow.
    assert!(card.contains("18:00") && !card.contains("11:00"), "{card}");
}
