//! While AmoCRM or we ourselves fail.

use simulator::amocrm::Answer;

use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn how_far_was_read_survives_a_restart_and_moves_with_the_nudges_alone(db: PgPool) {
    let scene = Scene::started(db).await;
    let lead = scene.deal_elsewhere("Окна");
    scene.pass().await;
    scene.later(60);
    scene.world.account.move_deal(lead.0, demo::MEASUREMENT).unwrap();
    scene.later(60);
    scene.world.account.move_deal(lead.0, demo::PRODUCTION).unwrap();
    let before = scene.marks().await;
    scene.execute("alter table lead_nudges add constraint broken check (false)").await;
    assert!(scene.try_pass().await.is_err());
    assert_eq!(scene.marks().await, before);
    scene.execute("alter table lead_nudges drop constraint broken").await;

    scene.later(5 * 86_400);
    scene.deal_elsewhere("Другая");
    let scene = scene.restarted(&[]).await;
    assert_eq!(scene.marks().await, before);
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, [OPENED]);
    let marks = scene.marks().await;
    assert_eq!(marks.leads, scene.world.app().now().timestamp(), "AmoCRM's own time of the newest change");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_failure_amid_the_pages_ends_the_pass_and_loses_nothing(db: PgPool) {
    for answer in [Answer::Json { status: 429 }, Answer::Html { status: 500 }, Answer::BrokenJson] {
        for path in ["/api/v4/events", "/api/v4/leads"] {
            let empty = "truncate leads, lead_nudges, measurements, settings, outbox cascade";
            sqlx::query(empty).execute(&db).await.unwrap();
            sqlx::query("update leases set holder = null, expires_at = '-infinity'")
                .execute(&db)
                .await
                .unwrap();
            let scene = Scene::started(db.clone()).await;
            for n in 0..300 {
                scene.world.deal(Deal::named(n.to_string()).stage(demo::MEASUREMENT));
                scene.later(i64::from(n % 2 == 0));
            }
            let page = Some(path.to_owned());
            let sound = Answer::Hang { delay: Duration::ZERO };
            scene.world.account.inject(Fault::Next { count: 1, path: page.clone(), answer: sound }).unwrap();
            scene.world.account.inject(Fault::Next { count: 1, path: page, answer: answer.clone() }).unwrap();
            assert!(scene.try_pass().await.is_err(), "{path} {answer:?}");
            scene.later(900);
            scene.world.settle().await;
            scene.pass().await;
            assert_eq!(scene.world.measurements().await.len(), 300, "{path} {answer:?}");
        }
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_from_the_future_does_not_keep_later_ones_from_being_read(db: PgPool) {
    let scene = Scene::started(db).await;
    let now = scene.clock.now();
    scene.clock.advance(TimeDelta::days(365_000));
    scene.deal_elsewhere("Из будущего");
    scene.clock.advance(now - scene.clock.now());
    scene.pass().await;
    let marks = scene.marks().await;
    let latest = (scene.world.app().now() + TimeDelta::days(1)).timestamp();
    assert!(marks.leads <= latest && marks.journal <= latest, "{marks:?}");
    scene.later(60);
    scene.world.measured("Окна");
    scene.later(60);
    scene.pass().await;
    assert_eq!(scene.world.measurements().await, [OPENED]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_old_leader_keeps_nothing_of_what_it_found(db: PgPool) {
    let scene = Scene::started(db).await;
    let before = scene.marks().await;
    scene.world.measured("Окна");
    scene.execute("update leases set epoch = epoch + 1").await;
    assert!(scene.try_pass().await.is_err());
    assert_eq!((scene.marks().await, scene.world.nudges().await), (before, vec![]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_blocked_account_is_not_asked(db: PgPool) {
    let scene = Scene::started(db).await;
    scene.world.account.inject(Fault::Blocked).unwrap();
    assert!(scene.try_pass().await.is_err());
    scene.world.account.forget_calls();
    assert!(scene.try_pass().await.is_err());
    assert_eq!(scene.world.account.calls().len(), 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn filters_that_are_off_cost_a_page_and_no_round_through_the_account(db: PgPool) {
    let scene = Scene::started(db).await;
    let moved = scene.deal_elsewhere("Окна");
    for n in 0..600 {
        scene.deal_elsewhere(&n.to_string());
        scene.later(1);
    }
    scene.pass().await;
    scene.later(86_400);
    scene.deal_elsewhere("Другая");
    scene.pass().await;
    scene.later(60);
    let before = scene.marks().await;
    scene.world.account.inject(Fault::FiltersIgnored).unwrap();
    scene.world.account.move_deal(moved.0, demo::MEASUREMENT).unwrap();
    scene.world.account.forget_calls();
    scene.try_pass().await.unwrap();
    assert_eq!(scene.world.nudges().await, [(moved.0, None)], "the journal is newest first");
    assert_eq!(scene.marks().await.leads, before.leads);
    assert!(scene.world.calls("leads") <= 2 && scene.world.calls("events") == 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn without_a_token_nothing_is_compared(db: PgPool) {
    let account = Simulator::start(Options::demo()).await.unwrap();
    let world = World::with(db, account, &[]).await;
    timeout(Duration::from_secs(5), comparison::run(&world.syncer)).await.expect("it ends at once");
    assert_eq!(world.account.calls().len(), 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deal_does_not_wait_for_a_comparison(db: PgPool) {
    let account = Simulator::start(Options::demo().without_limits()).await.unwrap();
    let settings = [("AMOCRM_ACCESS_TOKEN", demo::TOKEN), ("AMOCRM_RPS", "5")];
    let world = World::with(db, account, &settings).await;
    let gateway = world.syncer.gateway.as_ref().unwrap();
    let comparing = async {
        for _ in 0..12 {
            gateway.newest_lead().await.unwrap();
        }
    };
    let asking = async {
        world.account.wait_for_calls("/api/v4/leads", 6, Duration::from_secs(20)).await.unwrap();
        let began = std::time::Instant::now();
        gateway.contacts(&[ContactId(1)]).await.unwrap();
        gateway.contacts(&[ContactId(1)]).await.unwrap();
        began.elapsed()
    };
    let ((), took) = tokio::join!(comparing, asking);
    assert!(took < Duration::from_millis(900), "{took:?}");
}
