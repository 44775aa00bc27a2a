//! The mirrors of the account's small lists.

use simulator::amocrm::Answer;

use super::*;

pub async fn mirror(world: &World) -> anyhow::Result<()> {
    directory::mirror(world.app(), world.syncer.gateway.as_ref().unwrap(), &world.syncer.fence).await
}

async fn counts(world: &World) -> (i64, i64) {
    sqlx::query_as(
        "select (select count(*) from amo_users where is_active), (select count(*) from amo_stages)",
    )
    .fetch_one(&world.app().db)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_empty_answer_wipes_neither_people_nor_stages(db: PgPool) {
    let world = World::new(db).await;
    mirror(&world).await.unwrap();
    let before = counts(&world).await;
    assert_eq!(before, (3, 6));
    for path in ["/api/v4/users", "/api/v4/leads/pipelines"] {
        let answer = Answer::Empty { status: 204 };
        world.account.inject(Fault::Next { count: 1, path: Some(path.to_owned()), answer }).unwrap();
        let error = mirror(&world).await.unwrap_err();
        assert!(error.to_string().ends_with("is empty"), "{error}");
        assert_eq!(counts(&world).await, before);
    }
    mirror(&world).await.unwrap();
}
