//! Deals by an integration that renews its tokens.

use simulator::amocrm::{Integration, Rotation};

use super::*;

const SETTINGS: [(&str, &str); 4] = [
    ("AMOCRM_REFRESH_TOKEN", "first"),
    ("AMOCRM_CLIENT_ID", "client"),
    ("AMOCRM_CLIENT_SECRET", "client-secret"),
    ("AMOCRM_REDIRECT_URI", "https://example.ru/back"),
];

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn deals_are_read_until_access_is_taken_away_and_admins_hear_of_that_once(db: PgPool) {
    let [refresh_token, client_id, client_secret, redirect_uri] = SETTINGS.map(|(_, value)| value.to_owned());
    let rotation = Rotation::Strict;
    let integration = Integration { client_id, client_secret, redirect_uri, refresh_token, rotation };
    let options = Options::demo().without_limits().integration(integration);
    let world = World::with(db, Simulator::start(options).await.unwrap(), &SETTINGS).await;
    let admin = person(&mut world.app().db.acquire().await.unwrap(), "Анна", Role::Admin).await;
    let first = world.measured("Окна");
    world.arrive(&[world.added(first)]).await;
    world.settle().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);

    world.account.revoke_tokens();
    let second = world.measured("Двери");
    world.arrive(&[world.added(second)]).await;
    for _ in 0..20 {
        world.pass(60);
        world.settle().await;
        let statement = "update amocrm_tokens set refused_at = refused_at - interval '1 minute'";
        sqlx::query(statement).execute(&world.app().db).await.unwrap();
    }
    assert_eq!(world.measurements().await[1], "Двери | pending | provisional");
    let alerts: Vec<String> =
        sqlx::query_scalar("select payload ->> 'alert' from outbox where kind = 'alert' and user_id = $1")
            .bind(admin.id.0)
            .fetch_all(&world.app().db)
            .await
            .unwrap();
    assert_eq!(alerts.iter().filter(|alert| *alert == "amo_crm_refresh_refused").count(), 1, "{alerts:?}");
}
