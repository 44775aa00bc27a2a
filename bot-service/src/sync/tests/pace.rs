//! How fast AmoCRM is asked.

use std::time::Instant;

use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_configured_rate_is_kept_to(db: PgPool) {
    let account = Simulator::start(Options::demo().without_limits()).await.unwrap();
    let settings = [("AMOCRM_ACCESS_TOKEN", demo::TOKEN), ("AMOCRM_RPS", "2")];
    let world = World::with(db, account, &settings).await;
    let gateway = world.syncer.gateway.as_ref().unwrap();
    let began = Instant::now();
    for _ in 0..6 {
        gateway.leads(&[LeadId(1)]).await.unwrap();
    }
    assert!(began.elapsed() >= Duration::from_millis(1_490), "three at once, three at half a second each");
}
