//! The deal's company, which may be its dealer.

use simulator::amocrm::{Answer, DealEdit};
use sqlx::PgConnection;

use super::*;
use crate::actions::{dealers, dispatch as settings};
use crate::domain::dispatch::DispatchChange;
use crate::domain::proposal::{Mode, Rule};
use crate::domain::user::Actor;
use crate::testing::at;

/// Petr measures for the customers of «Окна Плюс», and it is Ivan's turn.
async fn office(conn: &mut PgConnection) -> Actor {
    let anna = person(conn, "Анна", Role::Admin).await;
    person(conn, "Иван", Role::Measurer).await;
    let petr = person(conn, "Пётр", Role::Measurer).await;
    let dealer = dealers::create(conn, &anna, "Окна Плюс", at(1)).await.unwrap();
    dealers::give(conn, &anna, (dealer, petr.id), at(1)).await.unwrap();
    anna
}

fn of(company: &str, name: &str) -> Deal {
    Deal::named(name).stage(demo::MEASUREMENT).client("Иван", "89161234567").company(company)
}

/// Deal, company, who is proposed for his dealer, and the rule.
async fn proposed(world: &World) -> Vec<String> {
    sqlx::query_scalar(
        "select concat_ws(' | ', m.lead_name, m.company, case p.details ->> 'rule' when 'dealer' then u.first_name end,
                          p.details ->> 'rule')
         from measurements m join proposals p on p.measurement_id = m.id left join users u on u.id = p.measurer_id
         order by m.lead_name",
    )
    .fetch_all(&world.app().db)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_company_names_the_dealer_where_no_field_does(db: PgPool) {
    let world = World::new(db).await;
    office(&mut world.app().db.acquire().await.unwrap()).await;
    let [first, second, third] = [
        world.deal(of("ООО «Окна Плюс»", "1")),
        world.deal(of("Ромашка", "2").dealer("Фасады")),
        world.deal(of("Ромашка", "3")),
    ];
    world.arrive(&[first, second, third].map(|lead| world.added(lead))).await;
    world.settle().await;
    assert_eq!(
        proposed(&world).await,
        ["1 | ООО «Окна Плюс» | Пётр | dealer", "2 | Ромашка | turn", "3 | Ромашка | turn"]
    );
    assert_eq!(world.calls("companies"), 1, "together");
    let told = "select payload ->> 'name' from outbox where payload ->> 'alert' = 'name_unknown'";
    let told: Vec<String> = sqlx::query_scalar(told).fetch_all(&world.app().db).await.unwrap();
    assert_eq!(told, ["Фасады"], "a company may be the customer: nobody is told that it is no dealer");

    world.account.edit_deal(second.0, DealEdit::default().field("Дилер", "")).unwrap();
    world.account.link_company(first.0, None).unwrap();
    world.account.link_company(second.0, Some("Окна Плюс")).unwrap();
    world.account.link_company(third.0, Some("Окна Плюс")).unwrap();
    world.pass(1);
    world.arrive(&[first, second, third].map(|lead| world.about(lead, LeadAction::Update))).await;
    world.settle().await;
    assert_eq!(
        proposed(&world).await,
        ["1 | turn", "2 | Окна Плюс | Пётр | dealer", "3 | Окна Плюс | Пётр | dealer"]
    );
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_has_no_use_for_dealers_pays_nothing(db: PgPool) {
    let world = World::new(db).await;
    let conn = &mut *world.app().db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let off = DispatchChange::Mode { rule: Rule::Dealer, mode: Mode::Off };
    settings::change(conn, &anna, off, at(1)).await.unwrap();
    let lead = world.deal(of("Ромашка", "Окна"));
    world.arrive(&[world.added(lead)]).await;
    world.settle().await;
    assert_eq!((world.measurements().await.len(), world.calls("companies")), (1, 0));
    dealers::create(conn, &anna, "Окна Плюс", at(2)).await.unwrap();
    world.arrive(&[world.about(lead, LeadAction::Update)]).await;
    world.settle().await;
    assert_eq!(world.calls("companies"), 1, "a dealer makes it matter");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_company_that_cannot_be_read_holds_up_no_deal_and_comes_later(db: PgPool) {
    let world = World::new(db).await;
    office(&mut world.app().db.acquire().await.unwrap()).await;
    let (path, answer) = (Some("/api/v4/companies".into()), Answer::Html { status: 502 });
    world.account.inject(Fault::Next { count: 2, path, answer }).unwrap();
    let lead = world.deal(of("Окна Плюс", "Окна"));
    world.arrive(&[world.added(lead)]).await;
    world.round().await;
    assert_eq!(world.measurements().await, ["Окна | pending | +79161234567"]);
    assert_eq!(proposed(&world).await, ["Окна | turn"]);
    let waits = vec![(lead.0, Some(super::super::trouble::COMPANY_NOT_READ.to_owned()))];
    assert_eq!(world.nudges().await, waits);
    let other = world.measured("Двери");
    world.arrive(&[world.added(other)]).await;
    world.round().await;
    assert_eq!(world.measurements().await.len(), 2, "nothing else is paused");
    for seconds in [10, 60] {
        world.pass(seconds);
        world.round().await;
    }
    assert_eq!(proposed(&world).await[1], "Окна | Окна Плюс | Пётр | dealer");
    assert_eq!(world.nudges().await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn companies_that_we_may_not_see_are_none_and_what_is_known_stays(db: PgPool) {
    let world = World::new(db).await;
    office(&mut world.app().db.acquire().await.unwrap()).await;
    let known = world.deal(of("Окна Плюс", "1"));
    world.arrive(&[world.added(known)]).await;
    world.settle().await;
    world.account.inject(Fault::Forbidden { path: "/api/v4/companies".into() }).unwrap();
    let unseen = world.deal(of("Окна Плюс", "2"));
    world.account.edit_deal(known.0, DealEdit::default().name("1!")).unwrap();
    world.arrive(&[world.added(unseen), world.about(known, LeadAction::Update)]).await;
    world.settle().await;
    assert_eq!(proposed(&world).await, ["1! | Окна Плюс | Пётр | dealer", "2 | turn"]);
    assert_eq!(world.nudges().await, [], "nobody waits for a right");
}

#[test]
fn a_hook_may_tell_of_the_company_or_not() {
    let config = crate::domain::setup::FieldNames::default();
    let reader = crate::amocrm::facts::Reader { fields: &config, timezone: chrono_tz::Europe::Moscow };
    let told = json!({ "name": "Окна", "status_id": "20", "pipeline_id": "1", "linked_company_id": "77" });
    let untold = json!({ "name": "Окна", "status_id": "20", "pipeline_id": "1" });
    assert_eq!(reader.hook(&told), reader.hook(&untold));
}
