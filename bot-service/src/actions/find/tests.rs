use shared::ids::{AmoUserId, LeadId};
use sqlx::PgPool;

use super::*;
use crate::actions::measurements::{NewMeasurement, transit};
use crate::domain::facts::Facts;
use crate::domain::measurement::Transition;
use crate::domain::phone;
use crate::domain::user::{Role, Roles};
use crate::storage::measurements;
use crate::testing::{at, manager, opened, person};

/// A measurement of this client, whose deal has `lead` for its number; the responsible employee has the number 7.
async fn client(conn: &mut PgConnection, lead: i64, name: &str, phone: &str, address: &str) -> MeasurementId {
    let facts = Facts {
        lead_name: "Окна".into(),
        address: Some(address.into()),
        client_name: Some(name.into()),
        phones: phone::parse(phone),
        order_number: Some(format!("А-{lead}/26")),
        ..Facts::default()
    };
    let responsible = Some(AmoUserId(7));
    let new = NewMeasurement { facts, responsible, moved_on_to: None, is_provisional: false };
    opened(conn, LeadId(lead), &new, at(1)).await
}

async fn assign(conn: &mut PgConnection, admin: Actor, id: MeasurementId, measurer: Actor) {
    let step = measurements::find(conn, id).await.unwrap().unwrap().step();
    transit(conn, &admin, (id, step), Transition::Assign(measurer.id), at(10)).await.unwrap();
}

async fn view(conn: &mut PgConnection, actor: &Actor, text: &str, cursor: Cursor) -> FindView {
    let query = Query::parse(text).unwrap_or_else(|| panic!("{text} says something"));
    page(conn, actor, &query, cursor).await.unwrap()
}

fn ids(rows: &[ListRow]) -> Vec<i64> {
    rows.iter().map(|row| row.id.0).collect()
}

/// What is found at once: the exact ones, then the others.
async fn found(conn: &mut PgConnection, actor: &Actor, text: &str) -> Vec<i64> {
    let view = view(conn, actor, text, Cursor::First).await;
    [ids(&view.exact), ids(&view.rows)].concat()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn everybody_finds_his_own_and_nothing_else(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let (boss, owner) = (person(conn, "Б", Role::Supervisor).await, person(conn, "О", Role::Observer).await);
    let (ivan, petr) =
        (person(conn, "Иван", Role::Measurer).await, person(conn, "Пётр", Role::Measurer).await);
    let (olga, oleg) =
        (manager(conn, "Ольга", AmoUserId(7)).await, manager(conn, "Олег", AmoUserId(8)).await);
    let vera = person(conn, "Вера", Role::Manager).await;
    for lead in 1_001..=1_003 {
        client(conn, lead, "Иванов", "8 916 123-45-67", "Химки").await;
    }
    let mut of_oleg = measurements::find(conn, MeasurementId(3)).await.unwrap().unwrap();
    of_oleg.responsible = Some(AmoUserId(8));
    measurements::save_facts(conn, &of_oleg).await.unwrap();
    assign(conn, anna, MeasurementId(1), ivan).await;
    assign(conn, anna, MeasurementId(3), ivan).await;
    let both = Actor { roles: Roles::NONE.with(Role::Manager).with(Role::Measurer), ..oleg };
    let asked = ["иванов", "4567", "+7 (916) 123-45-67", "химки иванов"];
    for (actor, seen) in [
        (anna, vec![3, 2, 1]),
        (boss, vec![3, 2, 1]),
        (owner, vec![3, 2, 1]),
        (ivan, vec![3, 1]),
        (petr, vec![]),
        (olga, vec![2, 1]),
        (oleg, vec![3]),
        (both, vec![3]),
        (vera, vec![]),
    ] {
        for text in asked {
            assert_eq!(found(conn, &actor, text).await, seen, "{actor:?} looks for {text}");
        }
        for id in 1..=3 {
            let expected: Vec<i64> = seen.iter().copied().filter(|seen| *seen == id).collect();
            for text in [
                format!("№{id}"),
                format!("https://x.amocrm.ru/leads/detail/{}", 1_000 + id),
                format!("{}", 1_000 + id),
            ] {
                assert_eq!(found(conn, &actor, &text).await, expected, "{actor:?} looks for {text}");
            }
        }
    }
    assert!(view(conn, &vera, "иванов", Cursor::First).await.is_unlinked);
    assert_eq!([sees_any(&vera), sees_any(&petr), sees_any(&anna)], [false, true, true]);

    assign(conn, anna, MeasurementId(3), petr).await;
    assert_eq!(found(conn, &ivan, "иванов").await, [1], "who was taken off finds it no more");
    assert_eq!(found(conn, &petr, "иванов").await, [3]);
    let union = Actor {
        roles: Roles::NONE.with(Role::Manager).with(Role::Measurer),
        amo_user_id: Some(AmoUserId(7)),
        ..petr
    };
    assert_eq!(found(conn, &union, "иванов").await, [3, 2, 1], "of both roles, each once");
    let nobody = Actor { roles: Roles::NONE, ..ivan };
    let query = Query::parse("иванов").unwrap();
    assert!(matches!(
        page(conn, &nobody, &query, Cursor::First).await,
        Err(ActionError::Refused(Refused::Denied(Refusal::NoAccess)))
    ));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_remembered_of_a_client_finds_him(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    client(conn, 501, "Пётр Ёлкин", "8 (916) 123-45-67", "Химки, ул. Ёлочная, д. 5, кв. 12").await;
    client(conn, 502, "Анна-Мария О'Коннор", "8(495)765-43-21 доб. 4567", "Москва, пр-т Мира, 101").await;
    client(conn, 503, "ИВАНОВ", "доб. 12345", "дом 100% наш_дом \\ «Уют»").await;
    for (text, expected) in [
        ("елочная", vec![1]),
        ("ЁЛОЧНАЯ", vec![1]),
        ("елк петр", vec![1]),
        ("4567", vec![1]),
        ("45-67", vec![1]),
        ("+79161234567", vec![1]),
        ("8 (916) 123-45-67", vec![1]),
        ("89161234567", vec![1]),
        ("1234567", vec![1]),
        ("елочная д 5 кв 12", vec![1]),
        ("елочная 5 13", vec![]),
        ("ленина", vec![]),
        ("коннор", vec![2]),
        ("о'коннор", vec![2]),
        ("84957654321", vec![2]),
        ("мира 101", vec![2]),
        ("иванов", vec![3]),
        ("12345", vec![3]),
        ("дом 100%", vec![3]),
        ("наш_дом", vec![3]),
        ("уют", vec![3]),
        ("А-502/26", vec![2]),
        ("а50226", vec![2]),
        ("503", vec![3]),
        ("502", vec![2]),
        ("кв'; drop table measurements; --", vec![]),
        ("1234", vec![]),
    ] {
        assert_eq!(found(conn, &anna, text).await, expected, "{text}");
    }
    for hostile in
        ["%%%abc", "a_b_c_%", "\\\\\\abc", "'\"`$$abc", &"я".repeat(4_000), "abc🙂\u{1}\u{2}", "%d%s%n"]
    {
        assert_eq!(found(conn, &anna, hostile).await, Vec::<i64>::new(), "{hostile}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_number_is_the_measurement_first_then_the_deal_then_all_else(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    for lead in 1..=12 {
        client(conn, 3_000 + lead, "Иванов", "8 916 123-30-12", "Химки, д. 2, кв. 7").await;
    }
    let last = client(conn, 7, "Петров", "", "Химки, д. 3").await;
    assert_eq!(
        found(conn, &anna, "7").await[..3],
        [7, last.0, 12],
        "the measurement, its namesake deal, flats"
    );
    assert_eq!(found(conn, &anna, "№7").await, [7]);
    assert_eq!(found(conn, &anna, "3005").await, [5]);
    let first = view(conn, &anna, "3012", Cursor::First).await;
    assert_eq!(
        (ids(&first.exact), ids(&first.rows)),
        (vec![12], vec![11, 10, 9, 8, 7, 6]),
        "tails of phones follow"
    );
    let second = view(conn, &anna, "3012", first.next.unwrap()).await;
    assert_eq!((ids(&second.exact), ids(&second.rows)), (vec![], vec![5, 4, 3, 2, 1]));
    let back = view(conn, &anna, "3012", second.previous.unwrap()).await;
    assert_eq!(back, first);
    assert_eq!(found(conn, &anna, "№999").await, Vec::<i64>::new());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_neither_skip_nor_repeat_while_the_list_changes(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let ivan = person(conn, "Иван", Role::Measurer).await;
    for lead in 1..=20 {
        let name = if lead % 10 == 0 { "Петров" } else { "Иванов" };
        let id = client(conn, lead, name, "", "Химки").await;
        assign(conn, anna, id, ivan).await;
    }
    for actor in [anna, ivan] {
        let first = view(conn, &actor, "иванов", Cursor::First).await;
        assert_eq!((ids(&first.rows), first.previous), (vec![19, 18, 17, 16, 15, 14], None));
        let second = view(conn, &actor, "иванов", first.next.unwrap()).await;
        assert_eq!(ids(&second.rows), [13, 12, 11, 9, 8, 7]);
        let third = view(conn, &actor, "иванов", second.next.unwrap()).await;
        assert_eq!((ids(&third.rows), third.next), (vec![6, 5, 4, 3, 2, 1], None));
        assert_eq!(view(conn, &actor, "иванов", third.previous.unwrap()).await, second);
        assert_eq!(view(conn, &actor, "иванов", second.previous.unwrap()).await, first);
    }
    let first = view(conn, &anna, "иванов", Cursor::First).await;
    client(conn, 21, "Иванов", "", "Химки").await;
    let mut renamed = measurements::find(conn, MeasurementId(14)).await.unwrap().unwrap();
    renamed.facts.client_name = Some("Сидоров".into());
    measurements::save_facts(conn, &renamed).await.unwrap();
    let second = view(conn, &anna, "иванов", first.next.unwrap()).await;
    assert_eq!(ids(&second.rows), [13, 12, 11, 9, 8, 7], "its neighbour has another name meanwhile");
    let back = view(conn, &anna, "иванов", second.previous.unwrap()).await;
    assert_eq!((ids(&back.rows), back.previous), (vec![21, 19, 18, 17, 16, 15], None));
    assert_eq!(found(conn, &anna, "сидоров").await, [14], "it is found by what it is called now");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_far_behind_the_newest_is_found_unless_it_is_in_too_many(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let anna = person(conn, "Анна", Role::Admin).await;
    let olga = manager(conn, "Ольга", AmoUserId(7)).await;
    let sql = "insert into measurements (lead_id, origin, status, lead_name, client_name, responsible_amo_user_id, created_at)
               select 100000 + n, 'amocrm', 'pending', 'Окна',
                      case when n <= 10001 then 'Иванов' when n <= 10015 then 'Сидоров' else 'Петров' end,
                      7 + n % 2, $1
               from generate_series(1, 13100) as n";
    sqlx::query(sql).bind(at(1)).execute(&mut *conn).await.unwrap();
    let first = view(conn, &anna, "сидоров", Cursor::First).await;
    assert_eq!(ids(&first.rows), [10_015, 10_014, 10_013, 10_012, 10_011, 10_010]);
    let second = view(conn, &anna, "сидоров", first.next.unwrap()).await;
    let third = view(conn, &anna, "сидоров", second.next.unwrap()).await;
    assert_eq!((ids(&third.rows), third.next), (vec![10_003, 10_002], None));
    assert_eq!(view(conn, &anna, "сидоров", second.previous.unwrap()).await, first);
    assert_eq!(found(conn, &olga, "сидоров").await, [10_014, 10_012, 10_010, 10_008, 10_006, 10_004]);

    let too_many = view(conn, &anna, "иванов", Cursor::First).await;
    assert!(too_many.is_too_much && too_many.rows.is_empty());
    assert_eq!(found(conn, &anna, "иванов 100042").await, Vec::<i64>::new(), "another word tells");
    assert_eq!(found(conn, &olga, "иванов").await[0], 10_000, "of her own there are few enough");
}
