use insta::assert_snapshot;

use super::super::testing::{hostile, picture, russian};
use super::*;
use crate::domain::status::Replica;
use crate::domain::webhook::Standing;

fn replica(is_leader: bool) -> Replica {
    let now = russian().now;
    Replica {
        version: "0.1.0".into(),
        started_at: now,
        seen_at: now,
        is_leader,
        broker: Broker::Connected,
        ingest: Some(Ingest::Ready),
        telegram_at: None,
        amocrm_at: None,
    }
}

fn well() -> StatusView {
    let now = russian().now;
    let mut standing = Standing::default();
    standing.works(now);
    StatusView {
        replicas: vec![replica(true), replica(false)],
        ingest: Some(Ingest::Ready),
        amocrm: Some(AmoCrmStatus {
            answered_at: Some(now - TimeDelta::minutes(5)),
            expires_at: Some(now + TimeDelta::days(90)),
            webhook: Some(standing),
            compared_at: Some(now - TimeDelta::minutes(5)),
        }),
        telegram: TelegramStatus { answered_at: Some(now), trouble: None },
        waiting: Waiting::default(),
    }
}

#[test]
fn everything_is_well() {
    assert_snapshot!(picture(&render(&well(), &russian())), @"
    📊 Состояние
    ✅ Приём вебхуков работает
    ✅ Бот работает: 2 копии, версия 0.1.0
    ✅ База данных отвечает
    ✅ Очередь сообщений подключена
    ✅ AmoCRM отвечает (5 мин назад)
    ✅ Токен AmoCRM действует до: 22 февр. 2027 15:10
    ✅ Вебхук в AmoCRM подключён
    🔁 Сверка с AmoCRM: 5 мин назад
    ✅ Telegram отвечает (только что)
    ✅ Сообщения уходят вовремя, в очереди: 0
    ✅ Сделки прочитаны, ждут чтения: 0
    [🔄 Обновить] [⚠️ Сбои]
    [⌂ Меню]
    ");
}

#[test]
fn what_fails_says_what_to_do() {
    let now = russian().now;
    let long_ago = now - TimeDelta::hours(2);
    let mut standing = Standing::default();
    standing.is_off(now);
    let broken = StatusView {
        replicas: vec![Replica { broker: Broker::Away, ..replica(false) }],
        ingest: Some(Ingest::Away),
        amocrm: Some(AmoCrmStatus {
            answered_at: Some(long_ago),
            expires_at: Some(now + TimeDelta::days(2)),
            webhook: Some(standing),
            compared_at: None,
        }),
        telegram: TelegramStatus { answered_at: Some(long_ago), trouble: None },
        waiting: Waiting {
            messages: 12,
            oldest_message_at: Some(long_ago),
            deals: 7,
            stuck: 3,
            files_failed: 1,
        },
    };
    assert_snapshot!(picture(&render(&broken, &russian())), @"
    📊 Состояние
    ❌ Приём вебхуков не отвечает. AmoCRM пришлёт вебхуки ещё раз, а бот сверится сам, но новые замеры придут позже.
    ⚠️ Бот работает, но ни одна копия пока не ведёт (версия 0.1.0). Обычно это проходит за 10 секунд.
    ✅ База данных отвечает
    ❌ Очередь сообщений недоступна: вебхуки ждут на диске и не потеряются
    ❌ AmoCRM не отвечает (последний раз 2 ч назад). Замеры открываются по вебхукам, остальное бот дочитает.
    ⚠️ Токен AmoCRM кончается: 26 нояб. 15:10. Выпустите новый и впишите его в AMOCRM_ACCESS_TOKEN.
    ❌ Вебхук в AmoCRM не подключён: бот сверяется с AmoCRM сам, раз в 10 минут
    ❌ Telegram не отвечает (последний раз 2 ч назад)
    ⚠️ Сообщений в очереди: 12, самое старое ждёт 2 ч
    ⚠️ Не читаются больше часа: 3. Нажмите «Сбои».
    ⚠️ Файлы, которые не скопировались: 1
    [🔄 Обновить] [⚠️ Сбои]
    [⌂ Меню]
    ");
}

#[test]
fn what_is_not_known_is_not_called_well() {
    let nothing = StatusView {
        replicas: vec![],
        ingest: None,
        amocrm: None,
        telegram: TelegramStatus { answered_at: None, trouble: None },
        waiting: Waiting::default(),
    };
    assert_snapshot!(picture(&render(&nothing, &russian())), @"
    📊 Состояние
    ⚠️ Бот только что запущен, обновите через полминуты
    ✅ База данных отвечает
    ❌ Очередь сообщений недоступна: вебхуки ждут на диске и не потеряются
    ℹ️ AmoCRM: токена нет, замеры открываются только по вебхукам
    ⚠️ Telegram ещё не отвечал после запуска
    ✅ Сообщения уходят вовремя, в очереди: 0
    ✅ Сделки прочитаны, ждут чтения: 0
    [🔄 Обновить] [⚠️ Сбои]
    [⌂ Меню]
    ");
}

#[test]
fn whatever_telegram_says_the_screen_is_valid() {
    for trouble in [
        ReceptionTrouble::Foreign { host: hostile() },
        ReceptionTrouble::Refused { reason: hostile() },
        ReceptionTrouble::Undelivered { reason: hostile() },
    ] {
        let telegram = TelegramStatus { answered_at: None, trouble: Some(trouble) };
        picture(&render(&StatusView { telegram, ..well() }, &russian()));
    }
}
