use insta::assert_snapshot;
use shared::ids::{AmoUserId, LeadId};

use super::super::testing::{at, check, english, hostile, name, picture, russian};
use super::*;
use crate::actions::views::{Candidate, CommentView, ManagerView, ProposalView};
use crate::domain::comment::{FileCounts, Place};
use crate::domain::facts::Facts;
use crate::domain::history::What;
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{
    Assignment, CancelReason, DealEnd, MeasurementParts, Origin, Problem, ProblemReason, Undoable,
};
use crate::domain::permissions::Action;
use crate::domain::proposal::{Rule, WhyNot};
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
        dealer: None,
        company: None,
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
        problem: None,
        undoable: None,
        responsible: Some(AmoUserId(7)),
        facts,
        moved_on_to: None,
        is_provisional: false,
        created_at: at("2026-11-24T11:05:00Z"),
    }
}

fn said(author: Option<Name>, text: &str) -> CommentView {
    let place = Some(Place { latitude: 55.75, longitude: 37.62 });
    let text = Some(text.to_owned());
    CommentView { author, role: None, at: at("2026-11-24T11:30:00Z"), text, place, files: 3 }
}

fn assignment() -> Assignment {
    Assignment { measurer: IVAN, by: Some(UserId(1)), at: at("2026-11-24T11:07:00Z"), accepted_at: None }
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
        cancelled_because: None,
        manager: Some(ManagerView { name: "Ольга Смирнова".into(), is_in_bot: true }),
        candidates: vec![],
        has_more_candidates: false,
        proposal: None,
        comments: vec![],
        files: FileCounts::default(),
    }
}

fn proposal(name: Name) -> ProposalView {
    ProposalView {
        measurer: UserId(4),
        number: 1,
        rule: Rule::Zone,
        of: Some(name.first.clone()),
        busy: 2,
        last: Some(at("2026-11-23T11:05:00Z")),
        passed: vec![(name.clone(), WhyNot::Away), (name.clone(), WhyNot::Declined)],
        before: Some(name.clone()),
        name,
    }
}

fn pending() -> CardView {
    let candidate = |id, first, last, open| Candidate {
        id: UserId(id),
        name: name(first, last),
        open,
        has_declined: false,
        is_away: false,
    };
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
fn a_proposal_is_explained_and_confirmed_with_one_press() {
    let reason = ProposalView {
        of: Some("Север".into()), before: None, ..proposal(name("Анна", "Котова"))
    };
    let proposed = CardView { proposal: Some(reason.clone()), ..pending() };
    let shown = drawn(&proposed).lines().skip(10).collect::<Vec<_>>().join("\n");
    assert_snapshot!(shown, @"
    🕒 Сегодня в 14:05

    ⚡️ Предлагаем: Анна Котова
    🗺 Зона «Север» · 2 открытых · последний раз вчера в 14:05
    Не предлагаем: Анна К. (выходной), Анна К. (не может)
    [✅ Подтвердить: Анна К. · 2]
    [Пётр С. · 0]
    [Иван П. · 2]
    [👷 Выбрать другого ▸]
    [❌ Отменить замер]
    ");
    let anew = ProposalView {
        rule: Rule::Turn,
        of: None,
        last: None,
        passed: vec![],
        ..proposal(name("Анна", "Котова"))
    };
    let shown = drawn(&CardView { proposal: Some(anew), ..pending() });
    assert_snapshot!(shown.lines().skip(10).take(4).collect::<Vec<_>>().join("\n"), @"
    🕒 Сегодня в 14:05

    ⚡️ Теперь предлагаем: Анна Котова (было: Анна К.)
    🔄 По очереди · 2 открытых · впервые
    ");
    let choice = CardView { face: Face::Measurers(1), proposal: Some(reason), ..pending() };
    assert_snapshot!(tail(&choice), @"
    Кого назначить?
    [Пётр С. · 0]
    [Иван П. · 2]
    [‹ Назад] [Ещё ▸]
    ");
}

#[test]
fn what_a_rule_has_assigned_says_so() {
    let by_rule = Status::Assigned(Assignment { by: None, ..assignment() });
    let view = CardView { assigned_by: None, ..view(by_rule, Look::Admin, &[Action::View]) };
    assert_snapshot!(drawn(&view).lines().last().unwrap(), @"⏳ Ещё не принято");
}

#[test]
fn after_the_assignment_it_shows_who_gave_it_to_whom() {
    assert_snapshot!(drawn(&assigned_for_admin()), @"
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
    ⏳ Ещё не принято
    [🔄 Сменить замерщика]
    [❌ Отменить замер]
    ");
}

#[test]
fn the_office_sees_whether_the_measurer_goes() {
    let last_line = |status| {
        let drawn = drawn(&view(status, Look::Observer, &[Action::View]));
        drawn.lines().last().unwrap().to_owned()
    };
    let accepted = Assignment { accepted_at: Some(at("2026-11-24T11:09:00Z")), ..assignment() };
    assert_snapshot!(last_line(Status::Assigned(assignment())), @"⏳ Ещё не принято");
    assert_snapshot!(last_line(Status::Assigned(accepted)), @"👌 Принято сегодня в 14:09");
    let under_way = Status::InProgress { assignment: accepted, started_at: at("2026-11-24T12:00:00Z") };
    assert_snapshot!(last_line(under_way), @"✅ Назначено: Анна Серова, сегодня в 14:07");
}

#[test]
fn a_measurer_sees_what_he_needs_for_the_visit() {
    let actions = [
        Action::View,
        Action::Accept,
        Action::Start,
        Action::Complete,
        Action::Decline,
        Action::ReportProblem,
    ];
    let mut view = view(Status::Assigned(assignment()), Look::Measurer, &actions);
    view.headline = Some(NoticeKind::AssignedToYou);
    view.manager = Some(ManagerView { name: "Ольга Смирнова".into(), is_in_bot: false });
    assert_snapshot!(drawn(&view), @"
    📋 Вам назначен новый замер!
    Замер №12 · 📋 Назначен
    📄 Окна в детскую
    📍 г. Химки, ул. Ленина, д. 5 · карта
    👤 Иванов Иван
    📞 +79161234567
    🪟 Окна ПВХ, 3 шт.
    💬 Домофон не работает
    👨‍💼 Ольга Смирнова · не в боте
    [👌 Принять]
    [🔄 Начать выполнение]
    [✅ Завершить]
    [🙅 Не могу] [⚠️ Проблема]
    ");
    let why = CardView { face: Face::Decline, headline: None, ..view.clone() };
    assert_snapshot!(drawn(&why).lines().skip(8).collect::<Vec<_>>().join("\n"), @"

    Почему не можете? Замер вернётся в очередь.
    [занят]
    [далеко]
    [не мой профиль]
    [клиент перенёс]
    [другое…]
    [‹ Назад]
    ");
    let what = CardView { face: Face::Problem, headline: None, ..view.clone() };
    assert_snapshot!(tail(&what), @"
    Что мешает? Администратор сразу узнает и решит, как быть.
    [клиента нет]
    [объект не готов]
    [неверный адрес]
    [другое…]
    [‹ Назад]
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
fn a_problem_stands_on_the_card_until_the_office_has_decided() {
    let problem = Problem { reason: ProblemReason::ClientAbsent, text: None, at: at("2026-11-24T12:10:00Z") };
    let parts = MeasurementParts { problem: Some(problem), ..parts(facts()) };
    let actions = [Action::View, Action::ClearProblem, Action::Reassign, Action::Cancel, Action::History];
    let mut view = view(Status::Assigned(assignment()), Look::Admin, &actions);
    view.measurement = Measurement::restored(parts, Status::Assigned(assignment()), 4);
    view.headline = Some(NoticeKind::Problem);
    assert_snapshot!(drawn(&view), @"
    ⚠️ Проблема на замере
    Замер №12 · 📋 Назначен
    ⚠️ Проблема: клиента нет · Иван Петров, 15:10
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
    [🔁 Пусть едет снова]
    [🔄 Сменить замерщика]
    [❌ Отменить замер]
    [📜 История]
    ");
}

#[test]
fn what_was_said_last_stands_below() {
    let comments = vec![said(Some(name("Иван", "Петров")), "Домофон\nне работает"), said(None, " ")];
    let actions = [Action::View, Action::Comment];
    let view = CardView { comments, ..view(Status::Assigned(assignment()), Look::Manager, &actions) };
    assert_snapshot!(drawn(&view), @"
    Замер №12 · 📋 Назначен
    📄 Окна в детскую
    🔢 Заказ: А-1042
    📍 г. Химки, ул. Ленина, д. 5 · карта
    👤 Иванов Иван
    👷 Иван Петров

    💬 Иван Петров, 14:30: Домофон не работает · 📍 место · 📎 3
    💬 Без имени, 14:30: 📍 место · 📎 3
    [💬 Комментарий]
    ");
}

#[test]
fn another_visit_is_asked_for_and_names_the_one_before() {
    let actions = [Action::View, Action::Reassign, Action::Cancel, Action::FollowUp, Action::History];
    let open = view(Status::Assigned(assignment()), Look::Admin, &actions);
    let buttons = |view: &CardView| {
        let drawn = drawn(view);
        drawn.lines().filter(|line| line.starts_with('[')).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(buttons(&open), @"
    [🔄 Сменить замерщика]
    [❌ Отменить замер]
    [➕ Ещё один выезд] [📜 История]
    ");
    assert_snapshot!(tail(&CardView { face: Face::FollowUp, ..open }), @"
    Открыть ещё один замер по той же сделке? №12 тоже останется открыт.
    [Да, ещё один] [Не нужно]
    ");
    let at = at("2026-11-24T12:00:00Z");
    let completed = Status::Completed { assignment: assignment(), started_at: None, at };
    let actions = [Action::View, Action::Restore, Action::FollowUp, Action::History];
    assert_snapshot!(buttons(&view(completed, Look::Admin, &actions)), @"
    [↩️ Вернуть]
    [➕ Повторный выезд] [📜 История]
    ");
    let previous_id = Some(MeasurementId(9));
    let parts = MeasurementParts { origin: Origin::Person, previous_id, ..parts(facts()) };
    let after = CardView { measurement: Measurement::restored(parts, Status::Pending, 0), ..pending() };
    assert_snapshot!(drawn(&after).lines().nth(1).unwrap(), @"🔁 Повторный выезд после замера №9");
}

#[test]
fn the_last_step_is_taken_back_on_the_card_of_who_made_it_for_ten_minutes() {
    let drawn_after = |minutes: i64, look| {
        let made = at("2026-11-24T12:10:00Z") - chrono::TimeDelta::minutes(minutes);
        let (status, what) = (Status::Pending, What::Assigned { to: IVAN, instead_of: None });
        let last = Undoable { step: 3, by: UserId(1), at: made, what, status, problem: None };
        let parts = MeasurementParts { undoable: Some(last), ..parts(facts()) };
        let mut view = view(Status::Assigned(assignment()), Look::Admin, &[Action::View, Action::Undo]);
        view.measurement = Measurement::restored(parts, Status::Assigned(assignment()), 3);
        view.look = look;
        drawn(&view).lines().last().unwrap().to_owned()
    };
    assert_snapshot!(drawn_after(10, Some(Look::Admin)), @"[↩️ Отменить действие]");
    assert_snapshot!(drawn_after(11, Some(Look::Admin)), @"⏳ Ещё не принято");
    assert_snapshot!(drawn_after(10, None), @"[↩️ Отменить действие]");
    assert_snapshot!(drawn_after(11, None), @"Этот замер вам больше не доступен.");
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
    let because = CardView {
        cancelled_because: Some((CancelReason::Duplicate, None)),
        ..view(cancelled(Canceller::Person(UserId(1))), Look::Admin, &[Action::View])
    };
    assert_snapshot!(drawn(&because).lines().nth(1).unwrap(), @"Причина: дубль");
    let restorable = [Action::View, Action::Restore];
    let reopened = CardView { face: Face::Restore, ..view(completed, Look::Admin, &restorable) };
    assert_snapshot!(tail(&reopened), @"
    Вернуть замер №12 в очередь?
    [Да, вернуть] [Не возвращать]
    ");
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
    let cancel = CardView { face: Face::Cancel, ..pending() };
    assert_snapshot!(tail(&cancel), @"
    Отменить замер №12? Выберите причину.
    [клиент отказался]
    [не дозвонились]
    [дубль]
    [ошибка]
    [другое…]
    [Не отменять]
    ");
    let why = CardView { face: Face::Reassigned, ..assigned_for_admin() };
    assert_snapshot!(tail(&why), @"
    Почему сменили замерщика? Можно пропустить.
    [прежний не может]
    [прежний перегружен]
    [попросил клиент]
    [ошибка]
    [другое…]
    [Пропустить]
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
    for face in [Face::Cancel, Face::Restore, Face::FollowUp, Face::Reassigned, Face::Measurers(2)] {
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
    assert_snapshot!(drawn.join("\n"), @"
    Замер №12 · 📋 Назначен
    ⏳ Замер снова ждёт замерщика
    📋 Вам назначен новый замер!
    ⚠️ Вы сняты с замера
    ✅ Замерщик назначен на ваш заказ
    🔄 Изменен замерщик на вашем заказе
    🔔 Изменен статус замера
    ❌ Замер отменен в AmoCRM
    ✏️ Изменены данные замера
    ⚠️ Проблема на замере
    🔁 Проблема снята
    💼 Теперь это ваш заказ
    Замер №12 · 📋 Назначен
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
        dealer: some(),
        company: some(),
        product: some(),
        comment: Some(format!("{}{long}", "\n-\n".repeat(3000))),
    };
    let problem = Problem { reason: ProblemReason::Other, text: some(), at: at("2026-11-24T12:10:00Z") };
    let parts = MeasurementParts {
        id: MeasurementId(i64::MAX),
        moved_on_to: some(),
        is_provisional: true,
        ..parts(facts)
    };
    let loud = || Some(Name { first: long.clone(), last: some() });
    let candidate = |id| Candidate {
        id: UserId(id),
        name: loud().unwrap(),
        open: i64::MAX,
        has_declined: true,
        is_away: true,
    };
    let end = Status::Cancelled {
        assignment: Some(assignment()),
        started_at: None,
        at: at("2026-11-24T12:20:00Z"),
        by: Canceller::Person(UserId(1)),
    };
    let everybody = [Some(Look::Admin), Some(Look::Measurer), Some(Look::Manager), None];
    let keyboards = [Face::Main, Face::Measurers(u32::MAX), Face::Cancel, Face::Reassigned];
    // Who is proposed, what is wrong there and why it ended are never told together.
    for status in [Status::Pending, Status::Assigned(assignment()), end] {
        let (is_pending, is_assigned) = (status == Status::Pending, matches!(status, Status::Assigned(_)));
        let parts = MeasurementParts { problem: is_assigned.then(|| problem.clone()), ..parts.clone() };
        for (look, face) in everybody.into_iter().flat_map(|look| keyboards.map(|face| (look, face))) {
            let view = CardView {
                measurement: Measurement::restored(parts.clone(), status, i32::MAX),
                look,
                actions: Action::ALL.to_vec(),
                face,
                headline: Some(NoticeKind::MeasurerChanged),
                is_live: true,
                measurer: loud().filter(|_| !is_pending),
                assigned_by: loud().filter(|_| !is_pending),
                cancelled_by: loud(),
                cancelled_because: (!is_pending && !is_assigned)
                    .then(|| (CancelReason::Other, Some(hostile()))),
                manager: Some(ManagerView { name: long.clone(), is_in_bot: false }),
                candidates: (0..8).map(|n| candidate(i64::MAX - n)).collect(),
                has_more_candidates: true,
                proposal: is_pending.then(|| proposal(loud().unwrap())),
                comments: (0..2).map(|_| said(loud(), &long)).collect(),
                files: FileCounts { all: i64::MAX, waiting: i64::MAX, failed: i64::MAX },
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
