use insta::assert_snapshot;
use shared::ids::LeadId;

use super::super::testing::{at, english, hostile, name, picture, russian};
use super::*;
use crate::actions::views::{ParkedRow, ParkedView, StuckDeal};
use crate::domain::failures::{EventKind, NotSent, ParkedKind, WhyParked, WhyStuck};
use crate::domain::ids::ParkedId;

fn stuck(name: &str, why: WhyStuck) -> StuckDeal {
    StuckDeal {
        lead_id: LeadId(31_415_926),
        seq: 3,
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        event: EventKind::Entry,
        since: at("2026-11-24T10:00:00Z"),
        why,
        next_attempt_at: at("2026-11-24T12:35:00Z"),
        is_taken_from_hook: false,
    }
}

fn row(id: i64, why: WhyParked) -> ParkedRow {
    ParkedRow {
        id: ParkedId(id),
        kind: ParkedKind::Webhook,
        why,
        received_at: at("2026-11-24T11:05:00Z"),
        arrivals: 1,
        last_error: None,
        is_sending: false,
    }
}

fn page<Row, Cursor>(rows: Vec<Row>, next: Option<Cursor>) -> Page<Row, Cursor> {
    Page { total: i64::try_from(rows.len()).unwrap(), rows, previous: None, next }
}

#[test]
fn the_overview_shows_what_there_is_and_nothing_else() {
    let all = FailuresView { deals: 3, messages: 100, unsent: 2, given_up: 1 };
    let views = [FailuresView::default(), all];
    assert_snapshot!(views.map(|view| picture(&overview(&view, &russian()))).join("\n\n"), @r"
        ⚠️ Сбои
        Сбоев нет: сделки читаются, сообщения разобраны.
        [🗒 Кто что решал]
        [⌂ Меню]

        ⚠️ Сбои
        Не удаётся прочитать сделки: 3
        Не разобраны сообщения: 99+
        Не уходят сообщения бота: 2. Бот пробует снова.
        За 2 дня бот не справился с сообщениями людей: 1
        [📄 Сделки · 3]
        [📨 Сообщения · 99+]
        [🗒 Кто что решал]
        [⌂ Меню]
        ");
    assert_snapshot!(picture(&overview(&all, &english())), @r"
        ⚠️ Failures
        Deals that cannot be read: 3
        Messages not understood: 99+
        Messages of the bot that are not delivered: 2. The bot tries again.
        Messages of people that the bot gave up in 2 days: 1
        [📄 Deals · 3]
        [📨 Messages · 99+]
        [🗒 Who decided what]
        [⌂ Menu]
        ");
}

#[test]
fn deals_are_listed_with_reason_and_age() {
    let rows = vec![stuck("Окна в детскую", WhyStuck::AmoCrmAway), stuck("", WhyStuck::Unreadable)];
    assert_snapshot!(picture(&deals(&page(rows, Some(DealCursor::First)), &russian())), @r"
        📄 Не удаётся прочитать сделки · 2
        Окна в детскую
           AmoCRM не отвечает · 2 ч
        Сделка 31415926
           ответ AmoCRM о сделке не разобрать · 2 ч
        [Окна в детскую]
        [Сделка 31415926]
        [Дальше ›]
        [⚠️ Сбои] [⌂ Меню]
        ");
    assert_snapshot!(picture(&deals(&page(vec![], None), &russian())), @r"
        Все сделки читаются.
        [⚠️ Сбои] [⌂ Меню]
        ");
    let gone = Page { total: 4, ..page(vec![], None) };
    assert_snapshot!(picture(&deals(&gone, &russian())), @r"
        📄 Не удаётся прочитать сделки · 4
        Здесь больше ничего нет.
        [‹ Назад]
        [⚠️ Сбои] [⌂ Меню]
        ");
}

#[test]
fn a_deal_shows_what_can_be_done() {
    let deal = stuck("Окна в детскую", WhyStuck::Unreadable);
    let link = Some("https://okna.amocrm.ru/leads/detail/31415926");
    assert_snapshot!(picture(&super::deal(&deal, link, &russian())), @r"
        Окна в детскую · открыть в AmoCRM
        Событие: сделка пришла на этап
        Не получается: 2 ч
        Причина: ответ AmoCRM о сделке не разобрать
        Следующая попытка: сегодня в 15:35
        [🔁 Повторить] [⏭ Пропустить]
        [‹ Назад] [⌂ Меню]
        ");
    let from_hook =
        StuckDeal { is_taken_from_hook: true, event: EventKind::Change, ..stuck("", WhyStuck::Ours) };
    let inside = Some("http://10.0.0.1/leads/detail/1");
    assert_snapshot!(picture(&super::deal(&from_hook, inside, &russian())), @r"
        Сделка 31415926
        Событие: сделка изменилась
        Не получается: 2 ч
        Причина: бот не смог записать сделку
        Пока взята по данным вебхука.
        Следующая попытка: сегодня в 15:35
        [🔁 Повторить] [⏭ Пропустить]
        [‹ Назад] [⌂ Меню]
        ");
    let questions = [EventKind::Entry, EventKind::Deletion, EventKind::Change]
        .map(|event| picture(&ask_skip_deal(&StuckDeal { event, ..deal.clone() }, &russian())));
    assert_snapshot!(questions.join("\n"), @r"
        Пропустить: Окна в детскую?
        Замер по этому событию не откроется. Следующее событие сделки бот прочитает как обычно.
        [Да, пропустить]
        [‹ Назад]
        Пропустить: Окна в детскую?
        Замер этой сделки останется открытым. Следующее событие сделки бот прочитает как обычно.
        [Да, пропустить]
        [‹ Назад]
        Пропустить: Окна в детскую?
        Это изменение бот не учтёт. Следующее событие сделки он прочитает как обычно.
        [Да, пропустить]
        [‹ Назад]
        ");
    assert_snapshot!(picture(&ask_skip_deal(&from_hook, &russian())), @r"
        Пропустить: Сделка 31415926?
        Данные останутся такими, как в вебхуке. Следующее событие сделки бот прочитает как обычно.
        [Да, пропустить]
        [‹ Назад]
        ");
}

#[test]
fn messages_are_listed_with_what_became_of_them() {
    let rows = vec![
        row(17, WhyParked::NoId),
        ParkedRow { arrivals: 3, ..row(16, WhyParked::NotAHook) },
        ParkedRow { kind: ParkedKind::Event, ..row(15, WhyParked::Newer) },
        ParkedRow { last_error: Some(NotSent::CameBack), arrivals: 2, ..row(14, WhyParked::Layout) },
        ParkedRow { is_sending: true, ..row(13, WhyParked::Number) },
    ];
    assert_snapshot!(picture(&messages(&page(rows, None), &russian())), @r"
        📨 Неразобранные сообщения · 5
        №17 · вебхук AmoCRM · 14:05
           нет номера сделки
        №16 · вебхук AmoCRM · 14:05
           не похоже на вебхук AmoCRM · пришло 3 раза
        №15 · событие сделки · 14:05
           написано более новой версией
        №14 · вебхук AmoCRM · 14:05
           непривычное устройство данных · повтор не помог: снова не разобрано
        №13 · вебхук AmoCRM · 14:05
           вместо числа что-то другое · отправляется ещё раз
        [№17 · вебхук AmoCRM]
        [№16 · вебхук AmoCRM]
        [№15 · событие сделки]
        [№14 · вебхук AmoCRM]
        [№13 · вебхук AmoCRM]
        [⚠️ Сбои] [⌂ Меню]
        ");
    assert_snapshot!(picture(&messages(&page(vec![], None), &russian())), @r"
        Все сообщения разобраны.
        [⚠️ Сбои] [⌂ Меню]
        ");
}

#[test]
fn a_message_is_shown_as_far_as_it_can_be() {
    let text = "leads[add][0][name]=Окна\n\u{0}leads[add][0][status_id]=1";
    let view = ParkedView { row: row(17, WhyParked::NoId), size: 59, text: text.into() };
    assert_snapshot!(picture(&message(&view, &russian())), @r"
        №17 · вебхук AmoCRM
        Пришло: сегодня в 14:05
        Причина: нет номера сделки
        Байт: 59
        leads[add][0][name]=Окна
        leads[add][0][status_id]=1
        [🔁 Повторить] [⏭ Пропустить]
        [‹ Назад] [⌂ Меню]
        ");
    let sending = ParkedRow { is_sending: true, ..view.row };
    let view = ParkedView { row: sending, size: 2, text: String::new() };
    assert_snapshot!(picture(&message(&view, &russian())), @r"
        №17 · вебхук AmoCRM
        Пришло: сегодня в 14:05
        Причина: нет номера сделки
        отправляется ещё раз
        Байт: 2
        [🔄 Обновить]
        [‹ Назад] [⌂ Меню]
        ");
    assert_snapshot!(picture(&ask_skip_message(&view, &russian())), @r"
        Пропустить сообщение №17? Его текст сотрётся.
        [Да, пропустить]
        [‹ Назад]
        ");
}

#[test]
fn decisions_are_listed_with_names() {
    let decision = |decided, about| DecisionView {
        at: at("2026-11-24T11:07:00Z"),
        name: name("Анна", "Серова"),
        decided,
        about,
    };
    let log = [
        decision(Decided::Skipped, About::Deal(LeadId(31_415_926), WhyStuck::Unreadable)),
        decision(Decided::Repeated, About::Message(ParkedId(17), WhyParked::Newer)),
    ];
    assert_snapshot!(picture(&decisions(&log, &russian())), @r"
        🗒 Кто что решал
        ⏭ Пропуск · Сделка 31415926 · Анна Серова, 14:07
           ответ AmoCRM о сделке не разобрать
        🔁 Повтор · Сообщение №17 · Анна Серова, 14:07
           написано более новой версией
        [‹ Назад] [⌂ Меню]
        ");
    assert_snapshot!(picture(&decisions(&[], &russian())), @r"
        🗒 Кто что решал
        Пока никто ничего не решал.
        [‹ Назад] [⌂ Меню]
        ");
}

#[test]
fn every_reason_has_its_words() {
    let words = russian().words;
    let stuck = WhyStuck::ALL.iter().map(|why| words.stuck(*why));
    let parked = WhyParked::ALL.iter().map(|why| words.parked(*why));
    let mut all: Vec<String> = stuck.chain(parked).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "two reasons read alike");
}

#[test]
fn whatever_stands_in_it_the_screen_is_valid() {
    let deal = StuckDeal { lead_id: LeadId(i64::MIN), seq: i64::MAX, ..stuck(&hostile(), WhyStuck::Ours) };
    picture(&super::deal(&deal, Some("https://x.ru/a?b=\"<"), &russian()));
    picture(&ask_skip_deal(&deal, &russian()));
    picture(&deals(&page(vec![deal; 6], None), &russian()));
    let view = ParkedView { row: row(i64::MAX, WhyParked::Json), size: i32::MAX, text: hostile() };
    picture(&message(&view, &russian()));
    picture(&messages(&page(vec![row(i64::MIN, WhyParked::Json); 6], None), &russian()));
}
