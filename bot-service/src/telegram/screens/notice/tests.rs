use insta::assert_snapshot;

use super::super::testing::{at, english, hostile, name, picture, russian};
use super::*;
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::{CancelReason, DealEnd, DeclineReason, ProblemReason, StatusKind};

fn view(kind: NoticeKind, what: What, status: StatusKind) -> NoticeView {
    NoticeView {
        kind,
        measurement_id: MeasurementId(12),
        lead_name: "Окна в детскую".into(),
        what,
        status,
        at: at("2026-11-24T12:10:00Z"),
        author: Some(name("Анна", "Серова")),
        from: Some(name("Иван", "Петров")),
        to: Some(name("Пётр", "Сидоров")),
        fields: vec![],
        comment: None,
    }
}

fn drawn(view: &NoticeView) -> String {
    picture(&render(view, &russian()))
}

#[test]
fn a_step_is_told_with_who_and_when() {
    let mut started = view(NoticeKind::StatusChanged, What::Started, StatusKind::InProgress);
    started.author = Some(name("Иван", "Петров"));
    assert_snapshot!(drawn(&started), @"Замер №12 · Окна в детскую: 🔄 В процессе (Иван Петров, 15:10)");
    let completed = view(NoticeKind::StatusChanged, What::Completed, StatusKind::Completed);
    assert_snapshot!(picture(&render(&completed, &english())), @"Measurement No. 12 · Окна в детскую: ✅ Completed (Анна Серова, 15:10)");
    let restored = NoticeView {
        author: None,
        ..view(NoticeKind::StatusChanged, What::Restored { from: None }, StatusKind::Pending)
    };
    let to_measurer = NoticeView {
        from: Some(name("Иван", "Петров")),
        ..view(NoticeKind::TakenOffYou, What::Restored { from: Some(UserId(2)) }, StatusKind::Pending)
    };
    assert_snapshot!(drawn(&to_measurer), @"↩️ Замер №12 · Окна в детскую снова открыт: Анна Серова");
    assert_snapshot!(drawn(&restored), @"Замер №12 · Окна в детскую: ⏳ Ожидает назначения");
}

#[test]
fn an_end_is_told_with_its_cause() {
    let told = |what| view(NoticeKind::StatusChanged, what, StatusKind::Cancelled);
    let cancelled = |because| told(What::Cancelled { because, reason: None, text: None });
    assert_snapshot!(drawn(&cancelled(None)), @"❌ Замер №12 · Окна в детскую отменен: Анна Серова");
    let by_amocrm = NoticeView { kind: NoticeKind::CancelledInAmoCrm, ..cancelled(Some(DealEnd::Deleted)) };
    assert_snapshot!(drawn(&by_amocrm), @"❌ Замер №12 · Окна в детскую отменен: сделка удалена в AmoCRM");
    assert_snapshot!(drawn(&NoticeView { author: None, ..cancelled(None) }), @"❌ Замер №12 · Окна в детскую отменен");
    let by_person = |reason, text: Option<&str>| {
        let (reason, text) = (Some(reason), text.map(Into::into));
        drawn(&told(What::Cancelled { because: None, reason, text }))
    };
    assert_snapshot!(by_person(CancelReason::NoAnswer, None), @"
    ❌ Замер №12 · Окна в детскую отменен: Анна Серова
    Причина: не дозвонились
    ");
    assert_snapshot!(by_person(CancelReason::Other, Some("<b>переезд</b>")), @"
    ❌ Замер №12 · Окна в детскую отменен: Анна Серова
    Причина: <b>переезд</b>
    ");
}

#[test]
fn who_cannot_go_is_told_with_his_reason() {
    let declined = |reason, text: Option<&str>| {
        let what = What::Declined { from: UserId(2), reason, text: text.map(Into::into) };
        drawn(&view(NoticeKind::BackInQueue, what, StatusKind::Pending))
    };
    assert_snapshot!(declined(DeclineReason::Far, None), @"
    ⏳ Замер №12 · Окна в детскую снова ждёт замерщика
    🙅 Иван Петров не может: далеко
    ");
    assert_snapshot!(declined(DeclineReason::Other, Some("<b>сломалась</b>")), @"
    ⏳ Замер №12 · Окна в детскую снова ждёт замерщика
    🙅 Иван Петров не может: <b>сломалась</b>
    ");
}

#[test]
fn a_problem_is_told_with_what_it_is_and_its_end_with_whose_word_it_was() {
    let reported = |reason, text: Option<&str>| {
        let what = What::ProblemReported { reason, text: text.map(Into::into) };
        drawn(&view(NoticeKind::Problem, what, StatusKind::Assigned))
    };
    assert_snapshot!(reported(ProblemReason::ClientAbsent, None), @"⚠️ Замер №12 · Окна в детскую: клиента нет (Анна Серова, 15:10)");
    assert_snapshot!(reported(ProblemReason::Other, Some("<злая собака>")), @"⚠️ Замер №12 · Окна в детскую: <злая собака> (Анна Серова, 15:10)");
    let cleared = view(NoticeKind::ProblemCleared, What::ProblemCleared, StatusKind::Assigned);
    assert_snapshot!(drawn(&cleared), @"🔁 Замер №12 · Окна в детскую: проблема снята, замер в силе (Анна Серова, 15:10)");
}

#[test]
fn what_was_taken_back_is_told_with_what_is_true_again() {
    let of = Box::new(What::Completed);
    let (from, to, status) = (Some(UserId(2)), Some(UserId(2)), StatusKind::InProgress);
    let what = What::Undone { of, from, to, status };
    assert_snapshot!(drawn(&view(NoticeKind::StatusChanged, what, status)), @"↩️ Замер №12 · Окна в детскую: действие отменено, сейчас 🔄 В процессе (Анна Серова, 15:10)");
}

#[test]
fn measurers_come_and_go() {
    let assigned = What::Assigned { to: UserId(2), instead_of: None };
    let (of, on) = (StatusKind::Assigned, |kind| view(kind, assigned.clone(), StatusKind::Assigned));
    assert_snapshot!(drawn(&on(NoticeKind::AssignedToYou)), @"📋 Вам назначен замер №12 · Окна в детскую");
    assert_snapshot!(drawn(&on(NoticeKind::TakenOffYou)), @"⚠️ Вы сняты с замера №12 · Окна в детскую");
    assert_snapshot!(drawn(&on(NoticeKind::StatusChanged)), @"Замер №12 · Окна в детскую: 📋 Назначен · Пётр Сидоров (Анна Серова, 15:10)");
    assert_snapshot!(drawn(&on(NoticeKind::MeasurerFound)), @r"
        ✅ Замерщик назначен на ваш заказ · №12 · Окна в детскую
        👷 Пётр Сидоров
        ");
    let changed = What::Reassigned { from: UserId(2), to: UserId(3) };
    assert_snapshot!(drawn(&view(NoticeKind::MeasurerChanged, changed, of)), @r"
        🔄 Изменен замерщик на вашем заказе · №12 · Окна в детскую
        ❌ Иван Петров
        ✅ Пётр Сидоров
        ");
    let returned = || What::Returned { from: UserId(2) };
    assert_snapshot!(drawn(&view(NoticeKind::StatusChanged, returned(), StatusKind::Pending)), @"
    ⏳ Замер №12 · Окна в детскую снова ждёт замерщика
    Снят с замера: Иван Петров
    ");
    assert_snapshot!(drawn(&view(NoticeKind::BackInQueue, returned(), StatusKind::Pending)), @"
    ⏳ Замер №12 · Окна в детскую снова ждёт замерщика
    Снят с замера: Иван Петров
    ");
}

#[test]
fn changed_facts_are_named_in_one_line() {
    let changed = |fields: &[Field]| {
        let what = What::FactsChanged { changes: vec![] };
        let view = view(NoticeKind::FactsChanged, what, StatusKind::Assigned);
        drawn(&NoticeView { fields: fields.to_vec(), ..view })
    };
    assert_snapshot!(changed(&[Field::Phone]), @"✏️ Замер №12: изменён телефон");
    assert_snapshot!(changed(&[Field::Zone]), @"✏️ Замер №12: изменена зона");
    assert_snapshot!(changed(&[Field::Phone, Field::Address, Field::Phone]), @"✏️ Замер №12: изменены адрес, телефон");
    assert_snapshot!(changed(&[]), @"✏️ Замер №12: изменены данные");
}

#[test]
fn a_deal_gets_another_manager() {
    let what = What::ResponsibleChanged { from: None, to: None };
    assert_snapshot!(drawn(&view(NoticeKind::NowYours, what, StatusKind::InProgress)), @r"
        💼 Теперь это ваш заказ · №12 · Окна в детскую
        🔄 В процессе
        ");
    let new = view(NoticeKind::NewMeasurement, What::Opened, StatusKind::Pending);
    assert_snapshot!(drawn(&NoticeView { lead_name: " ".into(), ..new }), @"🆕 Новый замер №12");
}

#[test]
fn whatever_the_names_are_every_notice_is_valid() {
    let person = || Some(name(&hostile(), &hostile()));
    let events = [
        What::Started,
        What::Cancelled { because: None, reason: Some(CancelReason::Other), text: Some(hostile()) },
        What::Returned { from: UserId(2) },
    ];
    for kind in NoticeKind::ALL {
        for what in events.clone() {
            let view = view(kind, what, StatusKind::Pending);
            let (author, from, to) = (person(), person(), person());
            let fields = Field::ALL.to_vec();
            drawn(&NoticeView { lead_name: hostile(), author, from, to, fields, ..view });
        }
    }
}
