//! What an admin must know that is no step of a measurement.

use super::times::when;
use super::{Button, Context, Row, Screen, name_html};
use crate::actions::views::{Alert, RecordedChoice};
use crate::domain::user::Roles;
use crate::domain::webhook::WebhookTrouble;
use crate::telegram::callback::Callback;
use crate::telegram::words::{Words, say};

pub fn render(alert: &Alert, context: &Context<'_>) -> Screen {
    let rows = match alert {
        Alert::DealsAlreadyThere { recording, recent, .. } if *recent > 0 => {
            choice(*recording, *recent, context)
        }
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
        Alert::PersonJoined { name, role } => {
            let mark = words.mark(Roles::NONE.with(*role));
            say!(words, "trouble-joined", mark = mark, name = name_html(name, words))
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
    }
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

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{hostile, picture, russian};
    use super::*;
    use crate::domain::ids::MeasurementId;
    use crate::domain::user::Role;

    fn drawn(alert: &Alert) -> String {
        picture(&render(alert, &russian()))
    }

    #[test]
    fn trouble_is_told_in_one_line() {
        let unreachable =
            |id| Alert::PersonUnreachable { name: "Пётр Сидоров".into(), measurement_id: id };
        let webhook = |trouble| Alert::WebhookTrouble { trouble };
        let alerts = [
            unreachable(Some(MeasurementId(12))),
            unreachable(None),
            Alert::AdminNeverStarted { telegram_id: 1002 },
            Alert::PersonJoined { name: "Ольга Смирнова".into(), role: Role::Manager },
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
        ];
        assert_snapshot!(alerts.map(|alert| drawn(&alert)).join("\n"), @r"
        📵 Пётр Сидоров: бот заблокирован, замер №12 не доставлен.
        📵 Пётр Сидоров: бот заблокирован, сообщения не доходят.
        📵 Администратор 1002 ещё не нажал /start: сообщения до него не доходят.
        💼 Новый сотрудник вошёл по приглашению: Ольга Смирнова
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
        ");
        drawn(&Alert::PersonJoined { name: hostile(), role: Role::Admin });
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
