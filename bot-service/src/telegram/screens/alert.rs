//! What an admin must know that is no step of a measurement.

use super::{Button, Context, Row, Screen, name_html};
use crate::actions::views::{Alert, RecordedChoice};
use crate::domain::user::Roles;
use crate::telegram::callback::Callback;
use crate::telegram::words::{Words, say};

pub fn render(alert: &Alert, context: &Context<'_>) -> Screen {
    let words = context.words;
    let rows = match alert {
        Alert::DealsAlreadyThere { recording, recent, .. } if *recent > 0 => {
            choice(*recording, *recent, context)
        }
        _ => Vec::new(),
    };
    Screen::with(text(alert, words), rows)
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

fn text(alert: &Alert, words: &Words) -> String {
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
        let alerts = [
            unreachable(Some(MeasurementId(12))),
            unreachable(None),
            Alert::AdminNeverStarted { telegram_id: 1002 },
            Alert::PersonJoined { name: "Ольга Смирнова".into(), role: Role::Manager },
            Alert::AmoCrmBlocked,
            Alert::AmoCrmUnblocked,
            Alert::AmoCrmTokenRefused,
            Alert::DealsWereMissed { deals: 3 },
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
