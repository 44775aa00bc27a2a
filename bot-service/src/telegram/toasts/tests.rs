use std::fmt::Write as _;

use insta::assert_snapshot;

use super::super::screens::testing::{at, hostile, name, russian};
use super::*;
use crate::domain::history::{Author, Line};
use crate::domain::ids::{HistoryId, UserId};
use crate::domain::measurement::{CancelReason, DealEnd, ProblemReason};

fn last(what: What) -> Refused {
    let line = Line {
        id: HistoryId(1),
        measurement_id: MeasurementId(12),
        step: 2,
        at: at("2026-11-24T11:07:00Z"),
        author: Author::Person(UserId(1)),
        what,
    };
    let (author, to) = (Some(name("Анна", "Серова")), Some(name("Иван", "Петров")));
    Refused::Stale { last: Box::new(LastChange { line, author, to }) }
}

fn drawn(toasts: &[Toast]) -> String {
    toasts.iter().fold(String::new(), |mut drawn, toast| {
        let kind = if toast.is_alert { "alert: " } else { "" };
        writeln!(drawn, "{kind}{}", toast.text).unwrap();
        drawn
    })
}

#[test]
fn what_happened_passes_by() {
    let (ivan, context) = (name("Иван", "Петров"), russian());
    let toasts = [
        assigned(&ivan, &context),
        started(&context),
        completed(&context),
        cancelled(&context),
        restored(&context),
        disabled(&ivan, &context),
        enabled(&ivan, &context),
        refreshing(&context),
        slow(&context),
        refused(&Refused::AlreadyDone, &context),
    ];
    assert_snapshot!(drawn(&toasts), @r"
    ✅ Назначен Иван Петров
    🔄 Замер начат
    ✅ Замер выполнен
    ❌ Замер отменен
    ↩️ Замер снова ждёт назначения
    ⛔ Доступ отключён: Иван Петров
    ✅ Доступ возвращён: Иван Петров
    🔄 Список обновляется, откройте его ещё раз через минуту
    Секунду…
    Уже сделано
    ");
}

#[test]
fn a_refusal_says_why() {
    let denied = [
        Refusal::AssignedByAdmin,
        Refusal::AdminOnly,
        Refusal::MeasurerOnly,
        Refusal::ManagerOnly,
        Refusal::NotYours,
        Refusal::NoAccess,
        Refusal::WrongState,
        Refusal::AlreadyTheMeasurer,
    ];
    let others = [
        Refused::MeasurerUnavailable,
        Refused::AnotherIsOpen(MeasurementId(13)),
        Refused::Unknown,
        Refused::EmployeeTaken(name("Олег", "Петров")),
        Refused::Protected,
    ];
    let context = russian();
    let refusals = denied.into_iter().map(Refused::Denied).chain(others);
    let mut toasts: Vec<_> = refusals.map(|refusal| refused(&refusal, &context)).collect();
    toasts.push(outdated(&context));
    assert_snapshot!(drawn(&toasts), @r"
    alert: ⛔ Нет прав: назначает администратор
    alert: ⛔ Нет прав: это делает администратор
    alert: ⛔ Это для замерщиков
    alert: ⛔ Это для менеджеров
    alert: ⛔ Нет прав: это не ваш замер
    alert: ⛔ Нет доступа
    alert: Сейчас это сделать нельзя. Карточка обновлена.
    alert: Этот замерщик уже назначен
    alert: Этот замерщик отключён, выберите другого
    alert: По этой сделке уже открыт замер №13
    alert: Этого больше нет, откройте /menu
    alert: Этот пользователь AmoCRM уже привязан: Олег Петров
    alert: Этого человека отключить нельзя
    alert: Кнопка устарела, откройте /menu
    ");
}

#[test]
fn a_stale_press_reads_who_did_what() {
    let changes = [
        What::Assigned { to: UserId(2), instead_of: None },
        What::Reassigned { from: UserId(3), to: UserId(2) },
        What::Started,
        What::Completed,
        What::Cancelled { because: None, reason: Some(CancelReason::Mistake), text: None },
        What::Cancelled { because: Some(DealEnd::Closed), reason: None, text: None },
        What::Restored { from: None },
        What::Returned { from: UserId(2) },
        What::ProblemReported { reason: ProblemReason::ClientAbsent, text: None },
        What::FactsChanged { changes: vec![] },
    ];
    let toasts = changes.map(|what| refused(&last(what), &russian()));
    assert_snapshot!(drawn(&toasts), @"
    alert: Уже назначено: Анна Серова → Иван Петров, 14:07
    alert: Уже назначено: Анна Серова → Иван Петров, 14:07
    alert: Замер изменился: сейчас 🔄 В процессе. Карточка обновлена.
    alert: Замер уже выполнен: Анна Серова, 14:07
    alert: Замер уже отменен: Анна Серова, 14:07
    alert: Замер уже отменен: сделка закрыта в AmoCRM, 14:07
    alert: Замер изменился: сейчас ⏳ Ожидает назначения. Карточка обновлена.
    alert: Замер изменился: сейчас ⏳ Ожидает назначения. Карточка обновлена.
    alert: Замер изменился: проблема, клиента нет. Карточка обновлена.
    alert: Замер изменился. Карточка обновлена.
    ");
}

#[test]
fn a_toast_never_exceeds_its_limit() {
    let long = Name { first: hostile(), last: Some(hostile()) };
    let toast = assigned(&long, &russian());
    assert!(toast.text.chars().count() <= LIMIT && !toast.text.contains('\n'), "{}", toast.text);
    let Refused::Stale { mut last } = last(What::Assigned { to: UserId(2), instead_of: None }) else {
        unreachable!()
    };
    (last.author, last.to) = (Some(long.clone()), Some(long));
    let toast = refused(&Refused::Stale { last }, &russian());
    assert!(toast.text.chars().count() <= LIMIT, "{}", toast.text);
}
