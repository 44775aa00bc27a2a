//! «🔎 Фильтр»: to whose measurements and to which days a list of all is narrowed. Each choice leads to the list at once.

use super::{Button, Context, Row, Screen, back_row, bold, limits, name_html, name_line};
use crate::actions::views::{Cursor, ListKind, Period, Sieve, SieveView};
use crate::domain::user::Name;
use crate::telegram::callback::Callback;
use crate::telegram::words::{Words, say};

pub fn render(view: &SieveView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let SieveView { filter, sieve, .. } = *view;
    let mut text = bold(&say!(words, "sieve-title"));
    if let Some(chosen) = chosen(sieve, view.measurer.as_ref(), words) {
        text = format!("{text}\n{chosen}");
    }
    let period = |period| {
        let label = match period {
            Some(period) => self::period(period, words),
            None => say!(words, "period-always"),
        };
        let label = if sieve.period == period { say!(words, "filter-chosen", filter = label) } else { label };
        to_list(label, ListKind::all(filter, Sieve { period, ..sieve }))
    };
    let [today, week, thirty, month] = Period::ALL.map(Some).map(period);
    let measurer = match &view.measurer {
        Some(name) => say!(words, "sieve-measurer", name = name_line(&name.short(), limits::BUTTON, words)),
        None => say!(words, "sieve-any-measurer"),
    };
    let kind = ListKind::all(filter, sieve);
    let mut rows = vec![
        vec![Button::press(measurer, Callback::Sieve { kind, page: Some(0) })],
        vec![today, week],
        vec![thirty, month],
        vec![period(None)],
    ];
    if sieve != Sieve::default() {
        rows.push(vec![to_list(say!(words, "button-reset-filter"), ListKind::All(filter))]);
    }
    rows.push(back_row(Callback::List { kind, cursor: Cursor::First }, words));
    Screen::with(text, rows)
}

/// A page of measurers to choose from.
pub fn measurers(view: &SieveView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let SieveView { filter, sieve, page, .. } = *view;
    let of = |measurer| ListKind::all(filter, Sieve { measurer, ..sieve });
    let mut rows: Vec<Row> = view
        .rows
        .iter()
        .map(|(id, name)| vec![to_list(name_line(&name.full(), limits::BUTTON, words), of(Some(*id)))])
        .collect();
    let turn = |label, page| {
        Button::press(label, Callback::Sieve { kind: ListKind::all(filter, sieve), page: Some(page) })
    };
    let back = page.checked_sub(1).map(|page| turn(say!(words, "button-back"), page));
    let next = view.has_next.then(|| turn(say!(words, "button-next"), page.saturating_add(1)));
    let pages: Row = back.into_iter().chain(next).collect();
    rows.extend((!pages.is_empty()).then_some(pages));
    rows.push(vec![to_list(say!(words, "sieve-all-measurers"), of(None))]);
    rows.push(back_row(Callback::Sieve { kind: ListKind::all(filter, sieve), page: None }, words));
    Screen::with(say!(words, "sieve-whose"), rows)
}

/// «👷 Иван Петров · 🗓 7 дней»; none where nothing is chosen.
pub(super) fn chosen(sieve: Sieve, measurer: Option<&Name>, words: &Words) -> Option<String> {
    let measurer = measurer.map(|name| say!(words, "card-measurer", name = name_html(&name.full(), words)));
    let period = sieve.period.map(|period| say!(words, "sieve-period", period = self::period(period, words)));
    let parts: Vec<String> = measurer.into_iter().chain(period).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn period(period: Period, words: &Words) -> String {
    match period {
        Period::Today => say!(words, "period-today"),
        Period::Week => say!(words, "period-week"),
        Period::ThirtyDays => say!(words, "period-thirty-days"),
        Period::Month => say!(words, "period-month"),
    }
}

fn to_list(label: String, kind: ListKind) -> Button {
    Button::press(label, Callback::List { kind, cursor: Cursor::First })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{hostile, name, picture, russian};
    use super::*;
    use crate::actions::views::Filter;
    use crate::domain::ids::UserId;

    fn view() -> SieveView {
        SieveView {
            filter: Filter::Everything,
            sieve: Sieve::default(),
            measurer: None,
            page: 0,
            rows: vec![(UserId(3), name("Иван", "Петров")), (UserId(4), name("Пётр", "Сидоров"))],
            has_next: true,
        }
    }

    #[test]
    fn a_list_is_narrowed_in_one_press_and_made_whole_in_another() {
        let chosen = SieveView {
            sieve: Sieve { measurer: Some(UserId(3)), period: Some(Period::Week) },
            measurer: Some(name("Иван", "Петров")),
            ..view()
        };
        let screens = [
            render(&view(), &russian()),
            render(&chosen, &russian()),
            measurers(&view(), &russian()),
            measurers(&SieveView { page: 1, has_next: false, ..chosen }, &russian()),
        ];
        let pictures = screens.map(|screen| picture(&screen)).join("\n\n");
        assert_snapshot!(pictures, @"
        🔎 Фильтр
        [👷 Замерщик: любой]
        [Сегодня] [7 дней]
        [30 дней] [Этот месяц]
        [• Всё время]
        [‹ Назад] [⌂ Меню]

        🔎 Фильтр
        👷 Иван Петров · 🗓 7 дней
        [👷 Иван П.]
        [Сегодня] [• 7 дней]
        [30 дней] [Этот месяц]
        [Всё время]
        [Сбросить фильтр]
        [‹ Назад] [⌂ Меню]

        Чьи замеры показать?
        [Иван Петров]
        [Пётр Сидоров]
        [Дальше ›]
        [👥 Любой замерщик]
        [‹ Назад] [⌂ Меню]

        Чьи замеры показать?
        [Иван Петров]
        [Пётр Сидоров]
        [‹ Назад]
        [👥 Любой замерщик]
        [‹ Назад] [⌂ Меню]
        ");
    }

    #[test]
    fn whatever_the_names_are_the_screens_are_valid() {
        let name = name(&hostile(), &hostile());
        let sieve = Sieve { measurer: Some(UserId(i64::MAX)), period: Some(Period::Month) };
        let view =
            SieveView { sieve, measurer: Some(name.clone()), rows: vec![(UserId(i64::MIN), name)], ..view() };
        picture(&render(&view, &russian()));
        picture(&measurers(&view, &russian()));
    }
}
