use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, LeadId};
use sqlx::PgPool;

use super::*;
use crate::actions::measurements::{end_with_deal, give_all, transit};
use crate::actions::views::{Period, Sieve, SieveBy, SieveChoices};
use crate::actions::{Refused, zones};
use crate::domain::ids::MeasurementId;
use crate::domain::measurement::{CancelReason, DealEnd, Transition};
use crate::domain::permissions::Refusal;
use crate::domain::user::Role;
use crate::storage::measurements;
use crate::testing::{at, manager, measurement, person, refused};

/// Everybody whom these lists are for.
struct Office {
    anna: Actor,
    ivan: Actor,
    petr: Actor,
    /// Responsible for every deal.
    olga: Actor,
    oleg: Actor,
}

impl Office {
    async fn open(conn: &mut PgConnection) -> Self {
        Self {
            anna: person(conn, "Анна", Role::Admin).await,
            ivan: person(conn, "Иван", Role::Measurer).await,
            petr: person(conn, "Пётр", Role::Measurer).await,
            olga: manager(conn, "Ольга", AmoUserId(7)).await,
            oleg: manager(conn, "Олег", AmoUserId(8)).await,
        }
    }

    /// Moves a measurement on, at this second.
    async fn step(&self, conn: &mut PgConnection, lead: i64, transition: Transition, second: i64) {
        let id = MeasurementId(lead);
        let found = measurements::find(conn, id).await.unwrap().unwrap();
        let by = match transition {
            Transition::Start | Transition::Complete if found.measurer() == Some(self.ivan.id) => self.ivan,
            Transition::Start | Transition::Complete => self.petr,
            _ => self.anna,
        };
        transit(conn, &by, (id, found.step()), transition, at(second)).await.unwrap();
    }
}

/// Measurements of the deals from 1 to `last`, which have the numbers of their deals.
async fn opened(conn: &mut PgConnection, last: i64) {
    for lead in 1..=last {
        assert_eq!(measurement(conn, lead).await.0, lead);
    }
}

async fn read(conn: &mut PgConnection, actor: &Actor, kind: ListKind, cursor: Cursor) -> ListView {
    page(conn, actor, kind, cursor).await.unwrap()
}

fn numbers(view: &ListView) -> Vec<i64> {
    view.rows.iter().map(|row| row.id.0).collect()
}

/// All pages of a list, read to its end and back again.
async fn pages(conn: &mut PgConnection, actor: &Actor, kind: ListKind) -> Vec<Vec<i64>> {
    let mut view = read(conn, actor, kind, Cursor::First).await;
    assert_eq!(view.previous, None);
    let mut pages = vec![numbers(&view)];
    while let Some(next) = view.next {
        view = read(conn, actor, kind, next).await;
        pages.push(numbers(&view));
        assert!(pages.len() < 10, "it has no end: {pages:?}");
    }
    assert_eq!(usize::try_from(view.total), Ok(pages.concat().len()), "{kind:?}");
    let mut back = vec![numbers(&view)];
    while let Some(previous) = view.previous {
        view = read(conn, actor, kind, previous).await;
        assert!(view.next.is_some(), "there is a page after it");
        back.insert(0, numbers(&view));
        assert!(back.len() < 10, "it has no beginning: {back:?}");
    }
    assert_eq!(back, pages, "{kind:?} reads the same backwards");
    pages
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_waits_longest_comes_first_also_after_a_return_to_the_queue(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let office = Office::open(conn).await;
    opened(conn, 14).await;
    end_with_deal(conn, LeadId(2), DealEnd::Closed, at(5)).await.unwrap();
    office.step(conn, 2, Transition::Restore, 20).await;
    office.step(conn, 4, Transition::Assign(office.ivan.id), 6).await;
    let of_ivan = measurements::lock_open_of_measurer(conn, office.ivan.id).await.unwrap();
    give_all(conn, of_ivan, None, office.anna.id, at(10)).await.unwrap();
    office.step(conn, 9, Transition::Assign(office.petr.id), 6).await;

    let expected = [vec![1, 3, 5, 6, 7, 8], vec![10, 11, 12, 13, 14, 4], vec![2]];
    assert_eq!(pages(conn, &office.anna, ListKind::Pending).await, expected);
    let last = read(conn, &office.anna, ListKind::Pending, Cursor::After(MeasurementId(14))).await;
    let since: Vec<DateTime<Utc>> = last.rows.iter().map(|row| row.since).collect();
    assert_eq!(since, [at(10), at(20)], "it is told how long they wait");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_page_goes_on_where_it_was_although_its_neighbour_is_gone(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let office = Office::open(conn).await;
    opened(conn, 14).await;
    for kind in [ListKind::Pending, ListKind::All(Filter::Status(StatusKind::Pending))] {
        let first = read(conn, &office.anna, kind, Cursor::First).await;
        let last = *numbers(&first).last().unwrap();
        office.step(conn, last, Transition::Assign(office.ivan.id), 5).await;
        let next = read(conn, &office.anna, kind, first.next.unwrap()).await;
        let expected: Vec<i64> = match kind {
            ListKind::Pending => (7..=12).collect(),
            // 6 was assigned above.
            _ => vec![8, 7, 5, 4, 3, 2],
        };
        assert_eq!(numbers(&next), expected, "{kind:?}");
    }
    let unknown = read(conn, &office.anna, ListKind::Pending, Cursor::After(MeasurementId(999))).await;
    assert_eq!((numbers(&unknown), unknown.next), (vec![], None), "a forged place is no place");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_measurers_list_goes_on_where_it_was_whatever_became_of_its_neighbour(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let office = Office::open(conn).await;
    opened(conn, 21).await;
    for lead in 1..=20 {
        office.step(conn, lead, Transition::Assign(office.ivan.id), lead).await;
    }
    let mut view = read(conn, &office.ivan, ListKind::My, Cursor::First).await;
    for (gone, how, expected) in [
        (6, Transition::Complete, (7..=12).collect::<Vec<_>>()),
        (12, Transition::Assign(office.petr.id), (13..=18).collect()),
        (18, Transition::Cancel(CancelReason::Mistake), vec![19, 20]),
    ] {
        assert_eq!(numbers(&view).last(), Some(&gone));
        office.step(conn, gone, how, 60).await;
        view = read(conn, &office.ivan, ListKind::My, view.next.unwrap()).await;
        assert_eq!(numbers(&view), expected, "{how:?}");
    }
    office.step(conn, 19, Transition::Complete, 61).await;
    let back = read(conn, &office.ivan, ListKind::My, view.previous.unwrap()).await;
    assert_eq!(numbers(&back), [11, 13, 14, 15, 16, 17]);

    office.step(conn, 3, Transition::Start, 62).await;
    office.step(conn, 3, Transition::Complete, 63).await;
    let begun = read(conn, &office.ivan, ListKind::My, Cursor::After(MeasurementId(3))).await;
    assert_eq!(numbers(&begun), [1, 2, 4, 5, 7, 8], "it stood before all that is not begun");
    for unknown in [21, 999] {
        let view = read(conn, &office.ivan, ListKind::My, Cursor::After(MeasurementId(unknown))).await;
        assert_eq!((numbers(&view), view.next), (vec![], None), "a forged place is no place");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn all_measurements_are_listed_newest_first_by_every_filter(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let office = Office::open(conn).await;
    opened(conn, 40).await;
    // Eight of each status, mixed: the number tells the status.
    for lead in 1..=40 {
        let status = StatusKind::ALL[usize::try_from(lead).unwrap() % 5];
        if !matches!(status, StatusKind::Pending | StatusKind::Cancelled) {
            office.step(conn, lead, Transition::Assign(office.ivan.id), 50 - lead).await;
        }
        match status {
            StatusKind::InProgress => office.step(conn, lead, Transition::Start, 60).await,
            StatusKind::Completed => office.step(conn, lead, Transition::Complete, 100 - lead).await,
            StatusKind::Cancelled => {
                office.step(conn, lead, Transition::Cancel(CancelReason::Mistake), 60).await;
            }
            StatusKind::Pending | StatusKind::Assigned => {}
        }
    }
    let newest_first = |is_in: &dyn Fn(StatusKind) -> bool| {
        let numbers = (1..=40).rev().filter(|lead| is_in(StatusKind::ALL[lead % 5]));
        let numbers: Vec<i64> = numbers.map(|lead| i64::try_from(lead).unwrap()).collect();
        numbers.chunks(ROWS_A_PAGE.into()).map(<[i64]>::to_vec).collect::<Vec<_>>()
    };
    for status in StatusKind::ALL {
        let listed = pages(conn, &office.anna, ListKind::All(Filter::Status(status))).await;
        assert_eq!(listed, newest_first(&|other| other == status), "{status:?}");
        assert_eq!(listed.concat().len(), 8);
    }
    let open = pages(conn, &office.anna, ListKind::All(Filter::Open)).await;
    assert_eq!(open, newest_first(&StatusKind::is_open));
    assert_eq!(pages(conn, &office.anna, ListKind::All(Filter::Everything)).await, newest_first(&|_| true));
    let completed = newest_first(&|status| status == StatusKind::Completed);
    assert_eq!(pages(conn, &office.ivan, ListKind::MyCompleted).await, completed);
    let nothing = read(conn, &office.petr, ListKind::MyCompleted, Cursor::First).await;
    assert_eq!((nothing.total, nothing.rows), (0, vec![]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_measurers_own_work_is_what_he_has_begun_and_then_what_he_has_longest(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let office = Office::open(conn).await;
    opened(conn, 18).await;
    for lead in 1..=14 {
        office.step(conn, lead, Transition::Assign(office.ivan.id), 50 - lead).await;
    }
    for lead in 15..=17 {
        office.step(conn, lead, Transition::Assign(office.petr.id), 5).await;
    }
    office.step(conn, 3, Transition::Start, 60).await;
    office.step(conn, 8, Transition::Start, 61).await;
    office.step(conn, 10, Transition::Complete, 62).await;
    office.step(conn, 11, Transition::Cancel(CancelReason::Mistake), 63).await;
    let expected = [vec![8, 3, 14, 13, 12, 9], vec![7, 6, 5, 4, 2, 1]];
    assert_eq!(pages(conn, &office.ivan, ListKind::My).await, expected);
    assert_eq!(pages(conn, &office.petr, ListKind::My).await, [[15, 16, 17]]);
    let completed = pages(conn, &office.ivan, ListKind::MyCompleted).await;
    assert_eq!(completed, [[10]], "without the cancelled one");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_manager_sees_the_measurements_of_his_own_deals(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let office = Office::open(conn).await;
    opened(conn, 20).await;
    for lead in [5, 6, 7] {
        let mut handed_over = measurements::find(conn, MeasurementId(lead)).await.unwrap().unwrap();
        handed_over.responsible = office.oleg.amo_user_id;
        measurements::save_facts(conn, &handed_over).await.unwrap();
    }
    for lead in 1..=8 {
        office.step(conn, lead, Transition::Assign(office.ivan.id), 10).await;
    }
    for lead in [2, 7, 8] {
        office.step(conn, lead, Transition::Complete, 20).await;
    }
    office.step(conn, 12, Transition::Cancel(CancelReason::Mistake), 20).await;
    let olgas = [vec![20, 19, 18, 17, 16, 15], vec![14, 13, 11, 10, 9, 4], vec![3, 1]];
    assert_eq!(pages(conn, &office.olga, ListKind::Orders).await, olgas);
    assert_eq!(pages(conn, &office.oleg, ListKind::Orders).await, [[6, 5]]);
    assert_eq!(pages(conn, &office.olga, ListKind::OrdersClosed).await, [[12, 8, 2]]);
    assert_eq!(pages(conn, &office.oleg, ListKind::OrdersClosed).await, [[7]]);

    let vera = person(conn, "Вера", Role::Manager).await;
    let view = read(conn, &vera, ListKind::Orders, Cursor::First).await;
    assert!(view.is_unlinked && view.rows.is_empty() && view.total == 0);
    let counts = [
        menu(conn, &office.anna, at(1)).await.unwrap().pending,
        menu(conn, &office.ivan, at(1)).await.unwrap().my_active,
        menu(conn, &office.olga, at(1)).await.unwrap().my_orders,
        menu(conn, &vera, at(1)).await.unwrap().my_orders,
    ];
    assert_eq!(counts, [11, 5, 14, 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_list_is_refused_to_whom_it_is_not_for(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let office = Office::open(conn).await;
    opened(conn, 8).await;
    let nobody = Actor { roles: crate::domain::user::Roles::NONE, ..office.ivan };
    let cursors = [Cursor::First, Cursor::After(MeasurementId(1)), Cursor::Before(MeasurementId(8))];
    for (kind, owner, refusal) in [
        (ListKind::Pending, office.anna, Refusal::AdminOnly),
        (ListKind::All(Filter::Everything), office.anna, Refusal::AdminOnly),
        (ListKind::All(Filter::Open), office.anna, Refusal::AdminOnly),
        (ListKind::All(Filter::Status(StatusKind::Completed)), office.anna, Refusal::AdminOnly),
        (ListKind::My, office.ivan, Refusal::MeasurerOnly),
        (ListKind::MyCompleted, office.ivan, Refusal::MeasurerOnly),
        (ListKind::Orders, office.olga, Refusal::ManagerOnly),
        (ListKind::OrdersClosed, office.olga, Refusal::ManagerOnly),
    ] {
        for other in [office.anna, office.ivan, office.olga, nobody] {
            let expected = if other == nobody { Refusal::NoAccess } else { refusal };
            for cursor in cursors {
                let answer = page(conn, &other, kind, cursor).await;
                if other == owner {
                    assert!(answer.is_ok(), "{kind:?} for its owner");
                } else {
                    let is_refused = matches!(
                        answer,
                        Err(ActionError::Refused(Refused::Denied(refusal))) if refusal == expected
                    );
                    assert!(is_refused, "{kind:?} for {other:?}");
                }
            }
        }
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn all_measurements_are_narrowed_to_a_measurer_a_period_and_a_status(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let office = Office::open(conn).await;
    opened(conn, 24).await;
    for lead in 1..=24 {
        let sql = "update measurements set created_at = $2 where id = $1";
        sqlx::query(sql).bind(lead).bind(at(1_000 * lead)).execute(&mut *conn).await.unwrap();
        let measurer = if lead % 3 == 0 { office.petr } else { office.ivan };
        office.step(conn, lead, Transition::Assign(measurer.id), 5).await;
    }
    for lead in [3, 4, 20, 21] {
        office.step(conn, lead, Transition::Complete, 6).await;
    }
    let ivan = |filter| ListKind::all(filter, Sieve { measurer: Some(office.ivan.id), ..Sieve::default() });
    let ivans = pages(conn, &office.anna, ivan(Filter::Everything)).await.concat();
    assert_eq!(ivans, (1..=24).rev().filter(|lead| lead % 3 != 0).collect::<Vec<i64>>());
    let completed = Filter::Status(StatusKind::Completed);
    assert_eq!(pages(conn, &office.anna, ivan(completed)).await, [[20, 4]]);
    assert_eq!(
        pages(conn, &office.anna, ivan(Filter::Status(StatusKind::Pending))).await,
        [Vec::<i64>::new()]
    );

    let period = Some(Period::Week);
    for (sieve, filter, expected) in [
        (
            Sieve { period, ..Sieve::default() },
            Filter::Everything,
            vec![24, 23, 22, 21, 20, 19, 18, 17, 16, 15],
        ),
        (Sieve { period, ..Sieve::default() }, completed, vec![21, 20]),
        (
            Sieve { measurer: Some(office.petr.id), period, ..Sieve::default() },
            Filter::Everything,
            vec![24, 21, 18, 15],
        ),
        (
            Sieve { measurer: Some(office.petr.id), period, ..Sieve::default() },
            Filter::Open,
            vec![24, 18, 15],
        ),
    ] {
        let kind = ListKind::all(filter, sieve);
        let since = Some(at(15_000));
        let mut view = page_since(conn, &office.anna, kind, Cursor::First, since).await.unwrap();
        let first = numbers(&view);
        assert_eq!(usize::try_from(view.total), Ok(expected.len()), "{kind:?}");
        let mut listed = first.clone();
        while let Some(next) = view.next {
            view = page_since(conn, &office.anna, kind, next, since).await.unwrap();
            listed.extend(numbers(&view));
        }
        assert_eq!(listed, expected, "{kind:?}");
        if let Some(previous) = view.previous {
            let back = page_since(conn, &office.anna, kind, previous, since).await.unwrap();
            assert_eq!((numbers(&back), back.previous), (first, None), "{kind:?}");
        }
    }
    let kind = ListKind::all(Filter::Everything, Sieve { period, ..Sieve::default() });
    let nothing = page_since(conn, &office.anna, kind, Cursor::First, Some(at(25_000))).await.unwrap();
    assert_eq!((nothing.total, nothing.rows), (0, vec![]));
    for kind in [kind, ivan(Filter::Open)] {
        let refused = page(conn, &office.ivan, kind, Cursor::First).await;
        assert!(matches!(refused, Err(ActionError::Refused(Refused::Denied(Refusal::AdminOnly)))));
        assert!(sieve(conn, &office.olga, kind).await.is_err());
        assert!(choices(conn, &office.olga, kind, SieveBy::Zone, 0).await.is_err());
    }
    let view = sieve(conn, &office.anna, ivan(Filter::Open)).await.unwrap();
    assert_eq!((view.chosen.measurer.unwrap().first.as_str(), view.has_zones), ("Иван", false));
    let choice = choices(conn, &office.anna, ivan(Filter::Open), SieveBy::Measurer, 0).await.unwrap();
    assert!(matches!(choice.rows, SieveChoices::Measurers(rows) if rows.len() == 2));
    assert!(sieve(conn, &office.anna, ListKind::My).await.is_err(), "it is nobody's to narrow");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn all_measurements_are_narrowed_to_a_zone_and_to_its_measurer(db: PgPool) {
    let conn = &mut *db.acquire().await.unwrap();
    let office = Office::open(conn).await;
    let khimki = zones::create(conn, &office.anna, "Химки", at(1)).await.unwrap();
    let north = zones::create(conn, &office.anna, "Север", at(1)).await.unwrap();
    opened(conn, 24).await;
    sqlx::query("update measurements set zone = 'север' where id % 4 = 0").execute(&mut *conn).await.unwrap();
    while zones::place_due(conn).await.unwrap() > 0 {}
    for lead in 1..=20 {
        let measurer = if lead % 3 == 0 { office.petr } else { office.ivan };
        office.step(conn, lead, Transition::Assign(measurer.id), 5).await;
    }
    office.step(conn, 8, Transition::Complete, 6).await;
    let completed = Filter::Status(StatusKind::Completed);
    let [ivan, petr] = [office.ivan.id, office.petr.id].map(Some);
    for (zone, measurer, filter, expected) in [
        (north, None, Filter::Everything, vec![24, 20, 16, 12, 8, 4]),
        (north, None, Filter::Open, vec![24, 20, 16, 12, 4]),
        (north, None, completed, vec![8]),
        (north, petr, Filter::Everything, vec![12]),
        (north, ivan, Filter::Everything, vec![20, 16, 8, 4]),
        (khimki, petr, Filter::Everything, vec![18, 15, 9, 6, 3]),
        (khimki, ivan, Filter::Open, vec![19, 17, 14, 13, 11, 10, 7, 5, 2, 1]),
    ] {
        let kind = ListKind::all(filter, Sieve { measurer, zone: Some(zone), period: None });
        assert_eq!(pages(conn, &office.anna, kind).await.concat(), expected, "{kind:?}");
        let view = read(conn, &office.anna, kind, Cursor::First).await;
        assert_eq!(usize::try_from(view.total), Ok(expected.len()), "{kind:?}");
    }
    let of_north = ListKind::all(Filter::Open, Sieve { zone: Some(north), ..Sieve::default() });
    assert_eq!(sieve(conn, &office.anna, of_north).await.unwrap().chosen.zone.as_deref(), Some("Север"));
    let choice = choices(conn, &office.anna, of_north, SieveBy::Zone, 0).await.unwrap();
    let rows = vec![(north, "Север".to_owned()), (khimki, "Химки".to_owned())];
    assert_eq!((choice.rows, choice.has_next), (SieveChoices::Zones(rows), false));
    zones::merge(conn, &office.anna, (north, khimki), at(9)).await.unwrap();
    assert_eq!(refused(page(conn, &office.anna, of_north, Cursor::First).await), Refused::Unknown);
}

#[test]
fn a_period_begins_at_midnight_on_the_wall() {
    let now = "2026-12-01T22:30:00Z".parse().unwrap();
    let starts = |timezone: chrono_tz::Tz| Period::ALL.map(|period| period.start(now, timezone).to_rfc3339());
    assert_eq!(
        starts(chrono_tz::Europe::Moscow),
        [
            "2026-12-01T21:00:00+00:00",
            "2026-11-25T21:00:00+00:00",
            "2026-11-02T21:00:00+00:00",
            "2026-11-30T21:00:00+00:00"
        ]
    );
    assert_eq!(starts(chrono_tz::UTC)[0], "2026-12-01T00:00:00+00:00");
}
