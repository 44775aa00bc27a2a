//! What an admin must know that is no step of a measurement.

use super::times::when;
use super::{Button, Context, Row, Screen, limits, name_html, name_line};
use crate::actions::views::{Alert, Cursor, ListKind, ParkedCount, RecordedChoice, UnacceptedVisit};
use crate::domain::failures::ParkedKind;
use crate::domain::ids::MeasurementId;
use crate::domain::proposal::NameKind;
use crate::domain::reception::ReceptionTrouble;
use crate::domain::user::Roles;
use crate::domain::webhook::WebhookTrouble;
use crate::format::{escape, html};
use crate::telegram::callback::{Callback, DealerPress, FailurePress, ZonePress};
use crate::telegram::words::{Words, say};

/// Measurements that are named one by one.
const NUMBERS: usize = 10;

pub fn render(alert: &Alert, context: &Context<'_>) -> Screen {
    let rows = match alert {
        Alert::DealsAlreadyThere { recording, recent, .. } if *recent > 0 => {
            choice(*recording, *recent, context)
        }
        Alert::MessagesParked { .. } | Alert::DealsStuck { .. } => {
            let open = Callback::Failure(FailurePress::Overview);
            vec![vec![Button::press(say!(context.words, "button-failures"), open)]]
        }
        Alert::PersonJoined { user: Some(user), .. } => {
            vec![vec![Button::press(say!(context.words, "button-person"), Callback::Person(*user))]]
        }
        Alert::EmployeeSuggested { user, employee, .. } => {
            let link = Callback::Link { user: *user, employee: *employee };
            vec![vec![Button::press(say!(context.words, "button-link"), link)]]
        }
        Alert::NameUnknown { id, kind, .. } => {
            let open = match kind {
                NameKind::Zone => Callback::Zone(ZonePress::Unknown(*id)),
                NameKind::Dealer => Callback::Dealer(DealerPress::Adopt(*id)),
            };
            vec![vec![Button::press(say!(context.words, "button-decide"), open)]]
        }
        Alert::ZoneIsEmpty { zone, .. } => {
            let open = Callback::Zone(ZonePress::Measurers(*zone, 0));
            vec![vec![Button::press(say!(context.words, "button-zone-measurers"), open)]]
        }
        Alert::StillWaiting { .. } => {
            let open = Callback::List { kind: ListKind::Pending, cursor: Cursor::First };
            vec![vec![Button::press(say!(context.words, "button-open-list"), open)]]
        }
        Alert::Unaccepted { visits, .. } => visits.iter().map(|visit| open_visit(visit, context)).collect(),
        _ => Vec::new(),
    };
    Screen::with(text(alert, context), rows)
}

/// What was decided about deals that were there before us.
pub fn decided(opened: i64, context: &Context<'_>) -> Screen {
    Screen::text(match opened {
        0 => say!(context.words, "already-there-none"),
        count => say!(context.words, "already-there-opening", count = count),
    })
}

/// Another admin was first.
pub fn decided_before(context: &Context<'_>) -> Screen {
    Screen::text(say!(context.words, "already-there-decided"))
}

fn choice(recording: i64, recent: i64, context: &Context<'_>) -> Vec<Row> {
    let press = |choice| Callback::Recorded { recording, choice };
    let open = say!(context.words, "button-open-recent");
    let open = say!(context.words, "menu-count", label = open, count = recent.to_string());
    let leave = say!(context.words, "button-open-none");
    vec![
        vec![Button::press(open, press(RecordedChoice::OpenRecent))],
        vec![Button::press(leave, press(RecordedChoice::OpenNone))],
    ]
}

fn text(alert: &Alert, context: &Context<'_>) -> String {
    let words = context.words;
    match alert {
        Alert::PersonUnreachable { name, measurement_id: Some(id) } => {
            say!(words, "trouble-undelivered", name = name_html(name, words), id = id.to_string())
        }
        Alert::PersonUnreachable { name, measurement_id: None } => {
            say!(words, "trouble-unreachable", name = name_html(name, words))
        }
        Alert::AdminNeverStarted { telegram_id } => {
            say!(words, "trouble-admin-never-started", id = telegram_id.to_string())
        }
        Alert::PersonJoined { name, role, .. } => {
            let mark = words.mark(Roles::NONE.with(*role));
            say!(words, "trouble-joined", mark = mark, name = name_html(name, words))
        }
        Alert::EmployeeSuggested { name, employee_name, .. } => {
            let (name, employee) = (name_html(name, words), name_html(employee_name, words));
            say!(words, "trouble-employee-suggested", name = name, employee = employee)
        }
        Alert::AmoCrmBlocked => say!(words, "trouble-amocrm-blocked"),
        Alert::AmoCrmUnblocked => say!(words, "trouble-amocrm-unblocked"),
        Alert::AmoCrmTokenRefused => say!(words, "trouble-amocrm-token"),
        Alert::DealsAlreadyThere { deals, .. } => {
            let count = *deals;
            say!(words, "already-there", count = count)
        }
        Alert::DealsWereMissed { deals } => {
            let count = *deals;
            say!(words, "trouble-missed", count = count)
        }
        Alert::AmoCrmRefreshRefused => say!(words, "trouble-amocrm-refresh"),
        Alert::AmoCrmTokenEnds { at } => say!(words, "trouble-amocrm-token-ends", when = when(*at, context)),
        Alert::WebhookOff => say!(words, "trouble-webhook-off"),
        Alert::WebhookTrouble { trouble } => webhook(*trouble, words),
        Alert::WebhookWorks => say!(words, "trouble-webhook-works"),
        Alert::ReceptionTrouble { trouble } => reception(trouble, words),
        Alert::ReceptionWorks => say!(words, "trouble-reception-works"),
        Alert::MessagesParked { kinds } => parked(kinds, words),
        Alert::DealsStuck { deals, why } => {
            let count = *deals;
            say!(words, "trouble-stuck", count = count, why = words.stuck(*why))
        }
        Alert::DealsUnstuck => say!(words, "trouble-unstuck"),
        Alert::NameUnknown { kind, name, measurement, .. } => {
            let (name, id) = (html(name, limits::SHORT), measurement.to_string());
            match kind {
                NameKind::Zone => say!(words, "trouble-zone-unknown", name = name, id = id),
                NameKind::Dealer => say!(words, "trouble-dealer-unknown", name = name, id = id),
            }
        }
        Alert::ZoneIsEmpty { name, measurement, .. } => {
            let (name, id) = (html(name, limits::SHORT), measurement.to_string());
            say!(words, "trouble-zone-empty", name = name, id = id)
        }
        Alert::StillWaiting { measurements, minutes } => still_waiting(measurements, *minutes, words),
        Alert::Unaccepted { minutes, visits } => unaccepted(*minutes, visits, words),
    }
}

/// «⏰ 3 замера ждут назначения дольше 15 мин: №12, №13, №14»
fn still_waiting(measurements: &[MeasurementId], minutes: i64, words: &Words) -> String {
    let numbers = measurements.iter().take(NUMBERS).map(|id| say!(words, "number", id = id.to_string()));
    let mut numbers = numbers.collect::<Vec<_>>().join(", ");
    if measurements.len() > NUMBERS {
        numbers.push('…');
    }
    let count = i64::try_from(measurements.len()).unwrap_or(i64::MAX);
    say!(words, "trouble-still-waiting", count = count, minutes = minutes.to_string(), numbers = numbers)
}

fn unaccepted(minutes: i64, visits: &[UnacceptedVisit], words: &Words) -> String {
    let span = say!(words, "minutes", count = minutes);
    match visits {
        [only] => {
            let name = name_html(&only.name, words);
            say!(words, "trouble-unaccepted", id = only.id.to_string(), name = name, span = span)
        }
        _ => say!(words, "trouble-unaccepted-many", span = span),
    }
}

/// «№12 · Иван Петров»
fn open_visit(visit: &UnacceptedVisit, context: &Context<'_>) -> Row {
    let name = name_line(&visit.name, limits::BUTTON, context.words);
    let label = say!(context.words, "number-and-name", id = visit.id.to_string(), name = name);
    vec![Button::press(label, Callback::Open(visit.id))]
}

fn parked(kinds: &[ParkedCount], words: &Words) -> String {
    let line = |of: &ParkedCount| {
        let (count, why) = (of.count.to_string(), words.parked(of.why));
        match of.kind {
            ParkedKind::Event => say!(words, "trouble-parked-events", count = count, why = why),
            ParkedKind::Webhook => say!(words, "trouble-parked-webhooks", count = count, why = why),
        }
    };
    std::iter::once(say!(words, "trouble-parked"))
        .chain(kinds.iter().map(line))
        .collect::<Vec<_>>()
        .join("\n")
}

fn webhook(trouble: WebhookTrouble, words: &Words) -> String {
    match trouble {
        WebhookTrouble::NoRights => say!(words, "trouble-webhook-rights"),
        WebhookTrouble::TooMany => say!(words, "trouble-webhook-too-many"),
        WebhookTrouble::NotPaid => say!(words, "trouble-webhook-not-paid"),
        WebhookTrouble::Refused { status } => {
            say!(words, "trouble-webhook-refused", status = status.to_string())
        }
    }
}

fn reception(trouble: &ReceptionTrouble, words: &Words) -> String {
    match trouble {
        ReceptionTrouble::Foreign { host } => {
            say!(words, "trouble-reception-foreign", host = escape(host))
        }
        ReceptionTrouble::Refused { reason } => {
            say!(words, "trouble-reception-refused", reason = escape(reason))
        }
        ReceptionTrouble::Undelivered { reason } => {
            say!(words, "trouble-reception-undelivered", reason = escape(reason))
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{hostile, picture, russian};
    use super::*;
    use crate::domain::failures::{WhyParked, WhyStuck};
    use crate::domain::ids::MeasurementId;
    use crate::domain::ids::UserId;
    use crate::domain::user::Role;

    fn drawn(alert: &Alert) -> String {
        picture(&render(alert, &russian()))
    }

    #[test]
    fn what_is_stuck_is_told_with_the_way_to_it() {
        let count = |kind, count, why| ParkedCount { kind, count, why };
        let alerts = [
            Alert::MessagesParked {
                kinds: vec![
                    count(ParkedKind::Event, 1, WhyParked::Newer),
                    count(ParkedKind::Webhook, 12, WhyParked::NoId),
                ],
            },
            Alert::DealsStuck { deals: 1, why: WhyStuck::Unreadable },
            Alert::DealsStuck { deals: 3, why: WhyStuck::AmoCrmAway },
            Alert::DealsUnstuck,
        ];
        assert_snapshot!(alerts.map(|alert| drawn(&alert)).join("\n"), @r"
            📨 Бот не разобрал сообщения
            События сделок: 1 · написано более новой версией
            Вебхуки AmoCRM: 12 · нет номера сделки
            [⚠️ Сбои]
            ⚠️ Больше часа не удаётся прочитать 1 сделку: ответ AmoCRM о сделке не разобрать.
            [⚠️ Сбои]
            ⚠️ Больше часа не удаётся прочитать 3 сделки: AmoCRM не отвечает.
            [⚠️ Сбои]
            ✅ Сделки снова читаются.
            ");
    }

    #[test]
    fn trouble_is_told_in_one_line() {
        let unreachable =
            |id| Alert::PersonUnreachable { name: "Пётр Сидоров".into(), measurement_id: id };
        let webhook = |trouble| Alert::WebhookTrouble { trouble };
        let reception = |trouble| Alert::ReceptionTrouble { trouble };
        let alerts = [
            unreachable(Some(MeasurementId(12))),
            unreachable(None),
            Alert::AdminNeverStarted { telegram_id: 1002 },
            Alert::PersonJoined {
                user: Some(UserId(5)), name: "Ольга Смирнова".into(), role: Role::Manager
            },
            Alert::AmoCrmBlocked,
            Alert::AmoCrmUnblocked,
            Alert::AmoCrmTokenRefused,
            Alert::DealsWereMissed { deals: 3 },
            Alert::AmoCrmRefreshRefused,
            Alert::AmoCrmTokenEnds { at: "2027-01-05T09:00:00Z".parse().unwrap() },
            Alert::WebhookOff,
            webhook(WebhookTrouble::NoRights),
            webhook(WebhookTrouble::TooMany),
            webhook(WebhookTrouble::NotPaid),
            webhook(WebhookTrouble::Refused { status: 400 }),
            Alert::WebhookWorks,
            reception(ReceptionTrouble::Foreign { host: "other.example".into() }),
            reception(ReceptionTrouble::Refused { reason: "bad webhook: Failed to resolve host".into() }),
            reception(ReceptionTrouble::Undelivered { reason: "Connection refused".into() }),
            Alert::ReceptionWorks,
        ];
        assert_snapshot!(alerts.map(|alert| drawn(&alert)).join("\n"), @"
        📵 Пётр Сидоров: бот заблокирован, замер №12 не доставлен.
        📵 Пётр Сидоров: бот заблокирован, сообщения не доходят.
        📵 Администратор 1002 ещё не нажал /start: сообщения до него не доходят.
        💼 Новый сотрудник вошёл по приглашению: Ольга Смирнова
        [👤 Открыть карточку]
        🚫 AmoCRM отказывает в доступе (403). Замеры открываются по данным вебхуков; напишите в поддержку AmoCRM.
        ✅ AmoCRM снова отвечает.
        🔑 AmoCRM не принимает токен. Замеры открываются по данным вебхуков; выпустите новый токен и замените AMOCRM_ACCESS_TOKEN.
        🔎 Ночная сверка с AmoCRM нашла 3 пропущенные сделки. Они уже учтены.
        🔑 AmoCRM не продлевает доступ интеграции. Замеры открываются по данным вебхуков; разрешите доступ заново и замените AMOCRM_REFRESH_TOKEN.
        🔑 Токен AmoCRM действует до 5 янв. 2027 в 12:00. Выпустите новый и замените AMOCRM_ACCESS_TOKEN.
        🔌 AmoCRM выключила вебхук: сервер слишком часто не принимал события. Бот включает его снова; проверьте, что адрес сервера открывается снаружи.
        🔌 Вебхук AmoCRM не настроить: токен выпущен не администратором (403). Выпустите токен от администратора или добавьте вебхук вручную.
        🔌 Вебхук AmoCRM не добавить: в аккаунте уже 100 вебхуков. Удалите лишние: «amoМаркет» → «WEB HOOKS».
        🔌 Вебхук AmoCRM не настроить: аккаунт не оплачен, или на его тарифе нет вебхуков (402).
        🔌 AmoCRM не принимает вебхук (400). Проверьте, что WEBHOOK_HOST открывается из интернета; бот пробует снова каждые 10 минут.
        ✅ Вебхук AmoCRM настроен.
        🔌 Бот не слышит людей: нажатия и сообщения уходят другой программе, на вебхук other.example. Остановите её и вызовите deleteWebhook.
        🔌 Бот не слышит людей: Telegram не принимает TELEGRAM_WEBHOOK_URL (bad webhook: Failed to resolve host). Исправьте адрес или верните TELEGRAM_MODE=polling.
        🔌 Бот не слышит людей: Telegram не может доставить нажатия и сообщения (Connection refused). Проверьте, что TELEGRAM_WEBHOOK_URL открывается из интернета.
        ✅ Бот снова слышит людей; что они успели написать, обрабатывается.
        ");
        drawn(&Alert::PersonJoined { user: None, name: hostile(), role: Role::Admin });
    }

    #[test]
    fn visits_that_nobody_has_accepted_are_named_with_the_way_to_them() {
        let visit = |id, name: &str| UnacceptedVisit { id: MeasurementId(id), name: name.to_owned() };
        let told = |visits| drawn(&Alert::Unaccepted { minutes: 30, visits });
        assert_snapshot!(told(vec![visit(12, "Иван Петров")]), @"
        ⏳ Замер №12 не принят дольше 30 мин: Иван Петров.
        [№12 · Иван Петров]
        ");
        assert_snapshot!(told(vec![visit(12, "Иван Петров"), visit(14, "Пётр Сидоров")]), @"
        ⏳ Не приняты дольше 30 мин:
        [№12 · Иван Петров]
        [№14 · Пётр Сидоров]
        ");
        told(vec![visit(i64::MAX, &hostile()); 20]);
    }

    #[test]
    fn deals_that_were_there_before_us_are_a_question() {
        let question = |recent| Alert::DealsAlreadyThere { recording: 1_800_000_000, deals: 312, recent };
        assert_snapshot!(drawn(&question(12)), @r"
        📋 В этапах замера уже 312 сделок. Сами они замеров не откроют.
        [▶️ Открыть за 7 дней · 12]
        [Не открывать]
        ");
        assert_snapshot!(drawn(&question(0)), @"📋 В этапах замера уже 312 сделок. Сами они замеров не откроют.");
        let answers = [decided(0, &russian()), decided(12, &russian()), decided_before(&russian())];
        assert_snapshot!(answers.map(|screen| picture(&screen)).join("\n"), @r"
        📋 По сделкам, которые уже были в этапах замера, замеры не открываются.
        📋 Открываются замеры: 12. Карточки придут сюда.
        📋 Про эти сделки уже решил другой администратор.
        ");
    }
}
