//! What happened to one measurement, in plain words, the latest first.

use super::times::moment;
use super::{Button, Context, Row, Screen, bold, comment, limits, menu_row, name_html, onward, which, why};
use crate::actions::views::{By, HistoryRow, HistoryView, LATEST};
use crate::domain::facts::FieldChange;
use crate::domain::history::What;
use crate::domain::notices::Delivery;
use crate::domain::user::Name;
use crate::format;
use crate::telegram::callback::Callback;
use crate::telegram::words::{Words, say};

/// Characters of a message; where changes are long, a page has fewer lines.
const MOST: usize = 3_900;
/// Names under a line.
const TOLD: usize = 10;

pub fn render(view: &HistoryView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let title = say!(words, "history-title", which = which(view.id, &view.lead_name, words));
    let (mut text, mut next) = (bold(&title), view.next);
    for (place, row) in view.rows.iter().enumerate() {
        let lines = [line(row, context)].into_iter().chain(told(row, words)).collect::<Vec<_>>().join("\n");
        if place > 0 && text.chars().count() + lines.chars().count() > MOST {
            next = Some(view.rows[place - 1].id);
            break;
        }
        text = format!("{text}\n{lines}");
    }
    let turn = |before| Callback::History { id: view.id, before: Some(before) };
    let start = (!view.is_first).then(|| turn(LATEST));
    let mut rows: Vec<Row> = onward(start, next, turn, words).into_iter().collect();
    rows.push(vec![Button::press(say!(words, "button-open-card"), Callback::Open(view.id))]);
    rows.push(menu_row(words));
    Screen::with(text, rows)
}

/// «14:07 · Анна Серова: назначен Иван Петров»
fn line(row: &HistoryRow, context: &Context<'_>) -> String {
    let words = context.words;
    let who = match &row.author {
        By::Person(name) => full(name, words),
        By::AmoCrm => say!(words, "history-amocrm"),
        By::System => say!(words, "changes-system"),
    };
    say!(words, "changes-line", when = moment(row.at, context), who = who, what = what(row, context))
}

fn what(row: &HistoryRow, context: &Context<'_>) -> String {
    let words = context.words;
    match &row.comment {
        Some(said) => say!(words, "history-commented", what = comment::in_short(said, context)),
        None => told_of(&row.what, row.from.as_ref(), row.to.as_ref(), words),
    }
}

fn told_of(what: &What, from: Option<&Name>, to: Option<&Name>, words: &Words) -> String {
    let name = |name: Option<&Name>| name.map(|name| full(name, words)).unwrap_or_default();
    match what {
        What::Opened => say!(words, "history-opened"),
        What::Assigned { instead_of: None, .. } => say!(words, "history-assigned", to = name(to)),
        What::Assigned { instead_of: Some(_), .. } => {
            say!(words, "history-assigned-instead", to = name(to), from = name(from))
        }
        What::Proposed { rule, name: of, .. } => {
            let of = format::html(of.as_deref().unwrap_or_default(), limits::SHORT);
            say!(words, "history-proposed", to = name(to), why = words.because(*rule, of))
        }
        What::Reassigned { .. } => {
            say!(words, "history-reassigned", from = name(from), to = name(to))
        }
        What::Accepted => say!(words, "history-accepted"),
        What::Started => say!(words, "history-started"),
        What::Completed => say!(words, "history-completed"),
        What::Cancelled { because: Some(end), .. } => {
            say!(words, "history-cancelled-because", why = words.deal_end(*end))
        }
        What::Cancelled { reason: Some(reason), text, .. } => {
            let why = why(text.as_deref(), || words.cancel(*reason));
            say!(words, "history-cancelled-because", why = why)
        }
        What::Cancelled { .. } => say!(words, "history-cancelled"),
        What::Restored { .. } => say!(words, "history-restored"),
        What::Returned { .. } => say!(words, "history-returned", from = name(from)),
        What::Declined { reason, text, .. } => {
            let why = why(text.as_deref(), || words.decline(*reason));
            say!(words, "history-declined", why = why)
        }
        What::ProblemReported { reason, text } => {
            let why = why(text.as_deref(), || words.problem(*reason));
            say!(words, "history-problem", why = why)
        }
        // Its measurers are those of the taking back, the other way round.
        What::Undone { of, .. } => say!(words, "history-undone", what = told_of(of, to, from, words)),
        What::ProblemCleared => say!(words, "history-problem-cleared"),
        What::Explained { reason, text } => {
            let why = why(text.as_deref(), || words.reassign(*reason));
            say!(words, "history-explained", why = why)
        }
        What::FactsChanged { changes } => {
            changes.iter().map(|change| changed(change, words)).collect::<Vec<_>>().join("; ")
        }
        What::ResponsibleChanged { .. } => say!(words, "history-responsible"),
        What::Commented { .. } => say!(words, "history-commented", what = say!(words, "history-nothing")),
    }
}

/// «изменён телефон: +7916… → +7917…»
fn changed(change: &FieldChange, words: &Words) -> String {
    let value = |value: &Option<String>| {
        let shown = value.as_deref().map(|value| format::html(value, limits::ROW));
        shown.filter(|value| !value.is_empty()).unwrap_or_else(|| say!(words, "history-nothing"))
    };
    let what = words.changed(change.field);
    say!(words, "history-changed", what = what, from = value(&change.from), to = value(&change.to))
}

/// «   ✓ Иван Петров · 📵 Ольга Смирнова»; none where nobody was to hear of it.
fn told(row: &HistoryRow, words: &Words) -> Option<String> {
    let one = |(name, delivery): &(Name, Delivery)| {
        let name = full(name, words);
        match delivery {
            Delivery::Sent => say!(words, "told-sent", name = name),
            Delivery::Waiting => say!(words, "told-waiting", name = name),
            Delivery::Unreachable => say!(words, "told-unreachable", name = name),
            Delivery::Failed => say!(words, "told-failed", name = name),
            Delivery::Superseded => say!(words, "told-superseded", name = name),
        }
    };
    let told: Vec<_> = row.told.iter().take(TOLD).map(one).collect();
    (!told.is_empty()).then(|| format!("   {}", told.join(" · ")))
}

fn full(name: &Name, words: &Words) -> String {
    name_html(&name.full(), words)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{at, hostile, name, picture, russian};
    use super::*;
    use crate::domain::facts::Field;
    use crate::domain::ids::{HistoryId, MeasurementId, UserId};
    use crate::domain::measurement::{
        CancelReason, DealEnd, DeclineReason, ProblemReason, ReassignReason, StatusKind,
    };

    fn row(author: By, what: What) -> HistoryRow {
        HistoryRow {
            id: HistoryId(7),
            at: at("2026-11-24T11:05:00Z"),
            author,
            what,
            from: Some(name("Иван", "Петров")),
            to: Some(name("Пётр", "Сидоров")),
            told: vec![],
            comment: None,
        }
    }

    #[test]
    fn every_step_is_told_in_plain_words() {
        let anna = || By::Person(name("Анна", "Серова"));
        let (from, to) = (UserId(1), UserId(2));
        let undone = |of| {
            let (from, to, status) = (Some(UserId(2)), None, StatusKind::Pending);
            What::Undone { of: Box::new(of), from, to, status }
        };
        let change = |field, from: Option<&str>, to: Option<&str>| FieldChange {
            field,
            from: from.map(Into::into),
            to: to.map(Into::into),
        };
        let changes = vec![
            change(Field::Phone, Some("+79160000001"), Some("+79160000002")),
            change(Field::Address, None, Some("ул. Мира, 1")),
        ];
        let told = vec![
            (name("Иван", "Петров"), Delivery::Sent),
            (name("Ольга", "Смирнова"), Delivery::Unreachable),
            (name("Борис", "Белов"), Delivery::Waiting),
            (name("Вера", "Котова"), Delivery::Failed),
            (name("Олег", "Петров"), Delivery::Superseded),
        ];
        let rows = vec![
            row(anna(), What::ResponsibleChanged { from: None, to: None }),
            row(By::AmoCrm, What::FactsChanged { changes }),
            row(anna(), What::Declined { from, reason: DeclineReason::Far, text: None }),
            row(By::System, What::Returned { from }),
            row(anna(), What::Restored { from: None }),
            row(By::AmoCrm, What::Cancelled { because: Some(DealEnd::Deleted), reason: None, text: None }),
            row(anna(), What::Cancelled { because: None, reason: None, text: None }),
            row(anna(), What::Cancelled { because: None, reason: Some(CancelReason::NoAnswer), text: None }),
            row(anna(), undone(What::Assigned { to, instead_of: None })),
            row(anna(), undone(What::Completed)),
            row(anna(), What::ProblemCleared),
            row(anna(), What::ProblemReported { reason: ProblemReason::WrongAddress, text: None }),
            row(anna(), What::Explained { reason: ReassignReason::Other, text: Some("жена рожает".into()) }),
            row(anna(), What::Completed),
            row(anna(), What::Started),
            row(anna(), What::Accepted),
            row(anna(), What::Reassigned { from, to }),
            HistoryRow { told, ..row(anna(), What::Assigned { to, instead_of: None }) },
            row(By::AmoCrm, What::Opened),
        ];
        let lead_name = "Окна в детскую".to_owned();
        let (id, next) = (MeasurementId(12), Some(HistoryId(5)));
        let view = HistoryView { id, lead_name, rows, is_first: false, next };
        assert_snapshot!(picture(&render(&view, &russian())), @"
        📜 История · №12 · Окна в детскую
        14:05 · Анна Серова: другой ответственный за сделку
        14:05 · AmoCRM: изменён телефон: +79160000001 → +79160000002; изменён адрес: пусто → ул. Мира, 1
        14:05 · Анна Серова: 🙅 не может: далеко
        14:05 · Система: Иван Петров снят, замер в очереди
        14:05 · Анна Серова: замер возвращён в очередь
        14:05 · AmoCRM: замер отменен: сделка удалена в AmoCRM
        14:05 · Анна Серова: замер отменен
        14:05 · Анна Серова: замер отменен: не дозвонились
        14:05 · Анна Серова: ↩️ действие отменено: назначен Иван Петров
        14:05 · Анна Серова: ↩️ действие отменено: замер выполнен
        14:05 · Анна Серова: 🔁 проблема снята
        14:05 · Анна Серова: ⚠️ проблема: неверный адрес
        14:05 · Анна Серова: причина смены: жена рожает
        14:05 · Анна Серова: замер выполнен
        14:05 · Анна Серова: замер начат
        14:05 · Анна Серова: 👌 замер принят
        14:05 · Анна Серова: Иван Петров → Пётр Сидоров
        14:05 · Анна Серова: назначен Пётр Сидоров
           ✓ Иван Петров · 📵 Ольга Смирнова · ⏳ Борис Белов · ⚠️ Вера Котова · – Олег Петров
        14:05 · AmoCRM: новый замер
        [« В начало] [Дальше ›]
        [📋 Открыть карточку]
        [⌂ Меню]
        ");
    }

    #[test]
    fn the_longest_page_fits_one_message() {
        let loud = || Name { first: hostile(), last: Some(hostile()) };
        let change = |field| FieldChange { field, from: Some(hostile()), to: Some(hostile()) };
        let what = What::FactsChanged { changes: Field::ALL.map(change).to_vec() };
        let told = vec![(loud(), Delivery::Unreachable); 2 * TOLD];
        let row = HistoryRow { told, ..row(By::Person(loud()), what) };
        let rows = vec![row; usize::from(crate::actions::views::LINES_A_PAGE)];
        let lead_name = hostile();
        let view = HistoryView { id: MeasurementId(i64::MAX), lead_name, rows, is_first: true, next: None };
        let screen = render(&view, &russian());
        picture(&screen);
        assert!(screen.rows[0][0].label.contains("Дальше"), "the rest is on the next page");
    }
}
