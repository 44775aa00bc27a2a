use sqlx::PgPool;

use super::*;
use crate::actions::measurements::NewMeasurement;
use crate::domain::facts::Facts;
use crate::domain::permissions::Refusal;
use crate::testing::{at, opened, person, refused};
use shared::ids::LeadId;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_zone_is_made_renamed_merged_and_deleted(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let (ivan, petr) =
        (person(conn, "Иван", Role::Measurer).await, person(conn, "Пётр", Role::Measurer).await);
    let north = create(conn, &anna, "  Север  ", at(1)).await.unwrap();
    let south = create(conn, &anna, "Юг", at(1)).await.unwrap();
    assert_eq!(refused(create(conn, &anna, "зона СЕВЕР", at(2)).await), Refused::NameTaken("Север".into()));
    for bad in ["", " - ", &"а".repeat(81)] {
        assert_eq!(refused(create(conn, &anna, bad, at(2)).await), Refused::NoName, "{bad}");
    }
    rename(conn, &anna, (north, "Северный округ"), at(3)).await.unwrap();
    assert_eq!(
        refused(rename(conn, &anna, (south, "север"), at(3)).await),
        Refused::NameTaken("Северный округ".into())
    );
    spell(conn, &anna, (north, "САО"), at(4)).await.unwrap();
    give(conn, &anna, (north, ivan.id), at(5)).await.unwrap();
    assert_eq!(refused(give(conn, &anna, (north, ivan.id), at(5)).await), Refused::AlreadyDone);
    give(conn, &anna, (south, petr.id), at(5)).await.unwrap();
    let view = zone(conn, &anna, north).await.unwrap();
    assert_eq!(
        (view.name.as_str(), view.spellings),
        ("Северный округ", vec!["САО".to_owned(), "Север".to_owned()])
    );

    merge(conn, &anna, (south, north), at(6)).await.unwrap();
    let merged = zone(conn, &anna, north).await.unwrap();
    assert_eq!((merged.measurers.len(), merged.spellings.len()), (2, 3));
    assert_eq!(refused(zone(conn, &anna, south).await), Refused::Unknown);
    assert_eq!(refused(merge(conn, &anna, (north, north), at(6)).await), Refused::Unknown);
    take(conn, &anna, (north, ivan.id), at(7)).await.unwrap();
    delete(conn, &anna, north, at(8)).await.unwrap();
    assert_eq!(list(conn, &anna, 0).await.unwrap().rows, []);
    assert_eq!(refused(give(conn, &anna, (north, anna.id), at(9)).await), Refused::Unknown);
    assert_eq!(
        audit::list(conn, None, None, 99).await.unwrap().len(),
        9,
        "each change left a line, no refusal did"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn zones_are_for_who_gives_out_work_and_go_to_measurers(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let boss = person(conn, "Борис", Role::Supervisor).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    let zone = create(conn, &boss, "Север", at(1)).await.unwrap();
    assert_eq!(refused(give(conn, &boss, (zone, boss.id), at(2)).await), Refused::MeasurerUnavailable);
    assert_eq!(refused(list(conn, &ivan, 0).await), Refused::Denied(Refusal::AdminOnly));
    assert_eq!(refused(create(conn, &ivan, "Юг", at(2)).await), Refused::Denied(Refusal::AdminOnly));
    let view = measurers(conn, &boss, zone, 0).await.unwrap();
    assert_eq!(view.rows.iter().map(|(user, ..)| *user).collect::<Vec<_>>(), [ivan.id]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn names_of_deals_become_zones_or_spellings(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    for (lead, zone) in (1..).zip(["Север", "север", "Юг", "Южная", &"ю".repeat(200)]) {
        let facts = Facts { lead_name: "Окна".into(), zone: Some(zone.into()), ..Facts::default() };
        let new = NewMeasurement { facts, responsible: None, moved_on_to: None, is_provisional: false };
        opened(conn, LeadId(lead), &new, at(lead)).await;
    }
    let seen = list(conn, &anna, 0).await.unwrap().unknown.0;
    assert_eq!(seen.len(), 4, "each name once: {seen:?}");
    let id = |name: &str| seen.iter().find(|(_, seen)| seen == name).unwrap().0;
    let south = adopt(conn, &anna, id("Юг"), at(9)).await.unwrap();
    spell_unknown(conn, &anna, (id("Южная"), south), at(9)).await.unwrap();
    assert_eq!(refused(adopt(conn, &anna, id("Юг"), at(9)).await), Refused::AlreadyDone);
    assert_eq!(import(conn, &anna, at(10)).await.unwrap(), 1, "a name that is too long is none");
    let view = list(conn, &anna, 0).await.unwrap();
    assert_eq!((view.rows.len(), view.unknown.0.len()), (2, 0));
}
