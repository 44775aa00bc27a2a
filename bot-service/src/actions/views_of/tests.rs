use sqlx::PgPool;

use super::*;
use crate::actions::measurements::transit;
use crate::domain::measurement::{CancelReason, Transition};
use crate::domain::user::Actor;
use crate::testing::{at, measurement, person};

/// Measurers by name, each with so many visits, as they joined.
const TEAM: [(&str, i64); 11] = [
    ("Артём", 3),
    ("Борис", 0),
    ("Вадим", 2),
    ("Глеб", 0),
    ("Денис", 5),
    ("Егор", 1),
    ("Жан", 4),
    ("Захар", 1),
    ("Илья", 0),
    ("Кирилл", 2),
    ("Лев", 1),
];

/// Everybody of [`TEAM`] with his visits; some of them are under way.
async fn team(conn: &mut PgConnection, admin: Actor) {
    let mut lead = 100;
    for (name, visits) in TEAM {
        let measurer = person(conn, name, Role::Measurer).await;
        for visit in 0..visits {
            lead += 1;
            let id = measurement(conn, lead).await;
            transit(conn, &admin, (id, 0), Transition::Assign(measurer.id), at(2)).await.unwrap();
            if visit == 0 {
                transit(conn, &measurer, (id, 1), Transition::Start, at(3)).await.unwrap();
            }
        }
    }
}

async fn offered(
    conn: &mut PgConnection,
    viewer: &User,
    id: MeasurementId,
    face: Face,
) -> (Vec<(String, i64)>, bool) {
    let view = card(conn, viewer, id, face, None, (true, at(9))).await.unwrap();
    let rows = view.candidates.into_iter().map(|candidate| (candidate.name.first, candidate.open));
    (rows.collect(), view.has_more_candidates)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_eight_least_busy_are_offered_first_and_the_others_on_the_next_page(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    team(conn, anna).await;
    // Who is done with his visits is free, and who has no access is nobody to choose.
    let yan = person(conn, "Ян", Role::Measurer).await;
    for (lead, transition) in [(1, Transition::Complete), (2, Transition::Cancel(CancelReason::Mistake))] {
        let id = measurement(conn, lead).await;
        transit(conn, &anna, (id, 0), Transition::Assign(yan.id), at(2)).await.unwrap();
        let by = if transition == Transition::Complete { yan } else { anna };
        transit(conn, &by, (id, 1), transition, at(3)).await.unwrap();
    }
    let gone = person(conn, "Аким", Role::Measurer).await;
    users::set_disabled(conn, gone.id, Some(at(1))).await.unwrap();

    let anna = users::find(conn, anna.id).await.unwrap().unwrap();
    let id = measurement(conn, 3).await;
    let named = |rows: &[(&str, i64)]| -> Vec<(String, i64)> {
        rows.iter().map(|(name, open)| ((*name).to_owned(), *open)).collect()
    };
    let least_busy = named(&[
        ("Борис", 0),
        ("Глеб", 0),
        ("Илья", 0),
        ("Ян", 0),
        ("Егор", 1),
        ("Захар", 1),
        ("Лев", 1),
        ("Вадим", 2),
    ]);
    let others = named(&[("Кирилл", 2), ("Артём", 3), ("Жан", 4), ("Денис", 5)]);
    let next = named(&[("Глеб", 0), ("Илья", 0)]);
    assert_eq!(offered(conn, &anna, id, Face::Main).await, (next, true), "behind the one who is proposed");
    assert_eq!(offered(conn, &anna, id, Face::Measurers(0)).await, (least_busy, true));
    assert_eq!(offered(conn, &anna, id, Face::Measurers(1)).await, (others, false));
    assert_eq!(offered(conn, &anna, id, Face::Measurers(2)).await, (vec![], false));
    assert_eq!(offered(conn, &anna, id, Face::Cancel).await, (vec![], false));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn eight_measurers_are_one_page_and_shown_to_admins_alone(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let mut ivan = None;
    for number in 0..8 {
        ivan = Some(person(conn, &format!("Иван {number}"), Role::Measurer).await);
    }
    let ivan = ivan.unwrap();
    let id = measurement(conn, 1).await;
    let [admin, measurer] = [anna.id, ivan.id];
    let admin = users::find(conn, admin).await.unwrap().unwrap();
    let measurer = users::find(conn, measurer).await.unwrap().unwrap();
    let (rows, has_more) = offered(conn, &admin, id, Face::Main).await;
    assert_eq!((rows.len(), has_more), (2, true), "behind the one who is proposed");

    transit(conn, &anna, (id, 0), Transition::Assign(ivan.id), at(2)).await.unwrap();
    assert_eq!(offered(conn, &admin, id, Face::Main).await.0, [], "it has a measurer");
    assert_eq!(offered(conn, &admin, id, Face::Measurers(0)).await.0.len(), 8);
    assert_eq!(offered(conn, &measurer, id, Face::Measurers(0)).await.0, []);
}
