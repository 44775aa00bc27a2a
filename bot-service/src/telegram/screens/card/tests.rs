use insta::assert_snapshot;
use shared::ids::{AmoUserId, LeadId};

use super::super::testing::{at, check, english, hostile, name, picture, russian};
use super::*;
use crate::actions::views::{Candidate, ManagerView};
use crate::domain::facts::Facts;
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{Assignment, DealEnd, MeasurementParts, Origin};
use crate::domain::permissions::Action;
use crate::domain::{phone, user::Name};

const IVAN: UserId = UserId(2);

fn facts() -> Facts {
    Facts {
        lead_name: "Окна в детскую".into(),
        address: Some("г. Химки, ул. Ленина, д. 5".into()),
        client_name: Some("Иванов Иван".into()),
        phones: phone::parse("8 (916) 123-45-67"),
        order_number: Some("А-1042".into()),
        zone: Some("Север".into()),
        product: Some("Окна ПВХ, 3 шт.".into()),
        comment: Some("Домофон не работает".into()),
    }
}

fn parts(facts: Facts) -> MeasurementParts {
    MeasurementParts {
        id: MeasurementId(12),
        lead_id: LeadId(1),
        origin: Origin::AmoCrm,
        previous_id: None,
        responsible: Some(AmoUserId(7)),
        facts,
        moved_on_to: None,
        is_provisional: false,
        created_at: at("2026-11-24T11:05:00Z"),
    }
}

fn assignment() -> Assignment {
    Assignment { measurer: IVAN, by: UserId(1), at: at("2026-11-24T11:07:00Z") }
}

fn view(status: Status, look: Look, actions: &[Action]) -> CardView {
    let ends_by_person = matches!(status, Status::Cancelled { by: Canceller::Person(_), .. });
    let assignment = status.assignment().copied();
    CardView {
        measurement: Measurement::restored(parts(facts()), status, 3),
        look: Some(look),
        actions: actions.to_vec(),
        face: Face::Main,
        headline: None,
        is_live: true,
        measurer: assignment.map(|_| name("Иван", "Петров")),
        assigned_by: assignment.map(|_| name("Анна", "Серова")),
        cancelled_by: ends_by_person.then(|| name("Анна", "Серова")),
        manager: Some(ManagerView { name: "Ольга Смирнова".into(), is_in_bot: true }),
        candidates: vec![],
        has_more_candidates: false,
    }
}

fn pending() -> CardView {
    let candidate = |id, first, last, open| Candidate { id: UserId(id), name: name(first, last), open };
    CardView {
        candidates: vec![candidate(3, "Пётр", "Сидоров", 0), candidate(2, "Иван", "Петров", 2)],
        has_more_candidates: true,
        ..view(Status::Pending, Look::Admin, &[Action::View, Action::Assign, Action::Cancel])
    }
}

fn assigned_for_admin() -> CardView {
    view(Status::Assigned(assignment()), Look::Admin, &[Action::View, Action::Reassign, Action::Cancel])
}

fn drawn(view: &CardView) -> String {
    picture(&render(view, &russian()))
}

#[test]
fn an_admin_gets_a_new_one_with_measurers_to_choose_from() {
    let new = CardView { headline: Some(NoticeKind::NewMeasurement), ..pending() };
    assert_snapshot!(drawn(&new), @r"
        🆕 Замер №12 · ⏳ Ожидает назначения
        📄 Окна в детскую
        🔢 Заказ: А-1042
        📍 г. Химки, ул. Ленина, д. 5 · карта
        🚚 Зона: Север
        👤 Иванов Иван
        📞 +79161234567
        🪟 Окна ПВХ, 3 шт.
        💬 Домофон не работает
        👨‍💼 Ольга Смирнова
        🕒 Сегодня в 14:05
        [Пётр С. · 0]
        [Иван П. · 2]
        [Ещё ▸]
        [❌ Отменить замер]
        ");
}

#[test]
fn after_the_assignment_it_shows_who_gave_it_to_whom() {
    assert_snapshot!(drawn(&assigned_for_admin()), @r"
        Замер №12 · 📋 Назначен
        📄 Окна в детскую
        🔢 Заказ: А-1042
        📍 г. Химки, ул. Ленина, д. 5 · карта
        🚚 Зона: Север
        👤 Иванов Иван
        📞 +79161234567
        🪟 Окна ПВХ, 3 шт.
        💬 Домофон не работает
        👨‍💼 Ольга Смирнова
        🕒 Сегодня в 14:05
        👷 Иван Петров
        ✅ Назначено: Анна Серова, сегодня в 14:07
        [🔄 Сменить замерщика]
        [❌ Отменить замер]
        ");
}

#[test]
fn a_measurer_sees_what_he_needs_for_the_visit() {
    let actions = [Action::View, Action::Start, Action::Complete];
    let mut view = view(Status::Assigned(assignment()), Look::Measurer, &actions);
    view.headline = Some(NoticeKind::AssignedToYou);
    view.manager = Some(ManagerView { name: "Ольга Смирнова".into(), is_in_bot: false });
    assert_snapshot!(drawn(&view), @r"
        📋 Вам назначен новый замер!
        Замер №12 · 📋 Назначен
        📄 Окна в детскую
        📍 г. Химки, ул. Ленина, д. 5 · карта
        👤 Иванов Иван
        📞 +79161234567
        🪟 Окна ПВХ, 3 шт.
        💬 Домофон не работает
        👨‍💼 Ольга Смирнова · не в боте
        [🔄 Начать выполнение]
        [✅ Завершить]
        ");
    let status = Status::InProgress { assignment: assignment(), started_at: at("2026-11-24T12:00:00Z") };
    let view = CardView { headline: None, ..self::view(status, Look::Measurer, &[Action::Complete]) };
    assert_snapshot!(picture(&render(&view, &english())), @r"
        Measurement No. 12 · 🔄 In progress
        📄 Окна в детскую
        📍 г. Химки, ул. Ленина, д. 5 · map
        👤 Иванов Иван
        📞 +79161234567
        🪟 Окна ПВХ, 3 шт.
        💬 Домофон не работает
        👨‍💼 Ольга Смирнова
        [✅ Complete]
        ");
}

#[test]
fn a_manager_follows_without_buttons() {
    let mut view = view(Status::Assigned(assignment()), Look::Manager, &[Action::View]);
    view.headline = Some(NoticeKind::MeasurerFound);
    assert_snapshot!(drawn(&view), @r"
        ✅ Замерщик назначен на ваш заказ
        Замер №12 · 📋 Назначен
        📄 Окна в детскую
        🔢 Заказ: А-1042
        📍 г. Химки, ул. Ленина, д. 5 · карта
        👤 Иванов Иван
        👷 Иван Петров
        ");
}

#[test]
fn a_closed_one_says_how_it_ended() {
    let first_line = |status, actions: &[Action]| {
        let drawn = drawn(&view(status, Look::Admin, actions));
        let lines: Vec<_> = drawn.lines().collect();
        let buttons = lines.iter().filter(|line| line.starts_with('['));
        std::iter::once(&lines[0]).chain(buttons).copied().collect::<Vec<_>>().join("\n")
    };
    let at = at("2026-11-24T13:02:00Z") - chrono::TimeDelta::hours(1);
    let completed = Status::Completed { assignment: assignment(), started_at: None, at };
    assert_snapshot!(first_line(completed, &[Action::View]), @"Замер №12 · ✅ Выполнен · Иван Петров, 15:02");
    let cancelled = |by| Status::Cancelled { assignment: None, started_at: None, at, by };
    let person = cancelled(Canceller::Person(UserId(1)));
    assert_snapshot!(first_line(person, &[Action::View]), @"Замер №12 · ❌ Отменен · Анна Серова, 15:02");
    let restorable = [Action::View, Action::Restore];
    let closed = cancelled(Canceller::AmoCrm(DealEnd::Closed));
    assert_snapshot!(first_line(closed, &restorable), @r"
        Замер №12 · ❌ Отменен · сделка закрыта в AmoCRM, 15:02
        [↩️ Вернуть]
        ");
    let deleted = cancelled(Canceller::AmoCrm(DealEnd::Deleted));
    assert_snapshot!(first_line(deleted, &restorable), @r"
        Замер №12 · ❌ Отменен · сделка удалена в AmoCRM, 15:02
        [↩️ Вернуть]
        ");
}

#[test]
fn what_is_missing_is_said_and_what_nobody_misses_is_left_out() {
    let mut view = pending();
    let parts = MeasurementParts {
        moved_on_to: Some("Договор & оплата".into()),
        is_provisional: true,
        ..parts(Facts::default())
    };
    view.measurement = Measurement::restored(parts, Status::Pending, 0);
    (view.manager, view.candidates, view.has_more_candidates) = (None, vec![], false);
    assert_snapshot!(drawn(&view), @r"
        🆕 Замер №12 · ⏳ Ожидает назначения
        ⚠️ сделка уже на этапе «Договор & оплата»
        ⚠️ данные из вебхука, AmoCRM пока не отвечает
        ⚠️ нет адреса
        ⚠️ нет контакта
        ⚠️ нет телефона
        🕒 Сегодня в 14:05

        Замерщиков пока нет.
        [➕ Пригласить]
        [❌ Отменить замер]
        ");
}

#[test]
fn other_faces_ask_before_they_act() {
    let cancel = CardView { face: Face::ConfirmCancel, ..pending() };
    assert_snapshot!(tail(&cancel), @r"
        Отменить замер №12?
        [Да, отменить] [Не отменять]
        ");
    let mut change = CardView { face: Face::Measurers(0), ..assigned_for_admin() };
    change.candidates = pending().candidates;
    change.has_more_candidates = true;
    assert_snapshot!(tail(&change), @r"
        Кого назначить?
        [Пётр С. · 0]
        [‹ Назад] [Ещё ▸]
        ");
    change.candidates.retain(|candidate| candidate.id == IVAN);
    change.has_more_candidates = false;
    assert_snapshot!(tail(&change), @r"
        Других замерщиков пока нет.
        [➕ Пригласить]
        [‹ Назад]
        ");
    let more = CardView { face: Face::Measurers(1), has_more_candidates: false, ..pending() };
    assert_snapshot!(tail(&more), @r"
        Кого назначить?
        [Пётр С. · 0]
        [Иван П. · 2]
        [‹ Назад]
        ");
}

/// The question and the buttons.
fn tail(view: &CardView) -> String {
    drawn(view).split("\n\n").last().unwrap().to_owned()
}

#[test]
fn a_face_that_is_no_longer_allowed_gives_way_to_the_main_one() {
    let completed =
        Status::Completed { assignment: assignment(), started_at: None, at: at("2026-11-24T12:00:00Z") };
    for face in [Face::ConfirmCancel, Face::Measurers(2)] {
        let view = CardView { face, ..view(completed, Look::Admin, &[Action::View]) };
        let screen = render(&view, &russian());
        assert!(screen.rows.is_empty() && !check(&screen).contains('?'));
    }
}

#[test]
fn a_replaced_card_has_no_keyboard_and_a_hidden_one_no_client() {
    let replaced = CardView { is_live: false, ..pending() };
    assert!(render(&replaced, &russian()).rows.is_empty());
    let hidden = CardView { look: None, ..assigned_for_admin() };
    assert_snapshot!(drawn(&hidden), @r"
        №12 · Окна в детскую
        Этот замер вам больше не доступен.
        ");
    let taken = CardView { headline: Some(NoticeKind::TakenOffYou), ..hidden };
    assert_snapshot!(drawn(&taken), @"⚠️ Вы сняты с замера №12 · Окна в детскую");
}

#[test]
fn every_notice_can_be_the_headline_of_a_card() {
    let drawn = NoticeKind::ALL.map(|kind| {
        let view = CardView { headline: Some(kind), ..assigned_for_admin() };
        drawn(&view).lines().next().unwrap().to_owned()
    });
    assert_snapshot!(drawn.join("\n"), @r"
        Замер №12 · 📋 Назначен
        ⏳ Замер снова ждёт замерщика
        📋 Вам назначен новый замер!
        ⚠️ Вы сняты с замера
        ✅ Замерщик назначен на ваш заказ
        🔄 Изменен замерщик на вашем заказе
        🔔 Изменен статус замера
        ❌ Замер отменен в AmoCRM
        ✏️ Изменены данные замера
        💼 Теперь это ваш заказ
        ");
}

#[test]
fn whatever_the_facts_are_the_card_is_valid_and_fits() {
    let long = hostile();
    let some = || Some(long.clone());
    let facts = Facts {
        lead_name: long.clone(),
        address: some(),
        client_name: some(),
        phones: phone::parse(&format!("{long}; {long} ; 8(495)123-45-67 доб. {long}")),
        order_number: some(),
        zone: some(),
        product: some(),
        comment: Some(format!("{}{long}", "\n-\n".repeat(3000))),
    };
    let parts = MeasurementParts {
        id: MeasurementId(i64::MAX),
        moved_on_to: some(),
        is_provisional: true,
        ..parts(facts)
    };
    let loud = || Some(Name { first: long.clone(), last: some() });
    let candidate = |id| Candidate { id: UserId(id), name: loud().unwrap(), open: i64::MAX };
    for look in [Some(Look::Admin), Some(Look::Measurer), Some(Look::Manager), None] {
        for face in [Face::Main, Face::Measurers(u32::MAX), Face::ConfirmCancel] {
            let view = CardView {
                measurement: Measurement::restored(parts.clone(), Status::Assigned(assignment()), i32::MAX),
                look,
                actions: Action::ALL.to_vec(),
                face,
                headline: Some(NoticeKind::MeasurerChanged),
                is_live: true,
                measurer: loud(),
                assigned_by: loud(),
                cancelled_by: loud(),
                manager: Some(ManagerView { name: long.clone(), is_in_bot: false }),
                candidates: (0..8).map(|n| candidate(i64::MAX - n)).collect(),
                has_more_candidates: true,
            };
            let text = check(&render(&view, &russian()));
            assert!(!text.contains(['\u{0}', '\u{202E}']));
        }
    }
}

#[test]
fn an_address_of_a_thousand_characters_is_shown_whole() {
    let address = "дом ".repeat(250).trim_end().to_owned();
    let facts = Facts { address: Some(address.clone()), ..facts() };
    let mut view = pending();
    view.measurement = Measurement::restored(parts(facts), Status::Pending, 0);
    assert!(check(&render(&view, &russian())).contains(&address));
}
