//! What was found, and what can be looked for.

use super::list::{entry, opener};
use super::{Button, Context, Row, Screen, bold, menu_row};
use crate::actions::views::{Cursor, Filter, FindView, ListKind};
use crate::domain::ids::SearchId;
use crate::telegram::callback::{Callback, FindPress};
use crate::telegram::words::{Words, say};

pub fn render(view: &FindView, search: SearchId, context: &Context<'_>) -> Screen {
    let words = context.words;
    let all = || view.exact.iter().chain(&view.rows);
    let mut lines = vec![bold(&title(view, words))];
    lines.extend(all().map(|row| entry(ListKind::All(Filter::Everything), row, context)));
    if view.is_too_much {
        lines.push(say!(words, "find-too-much"));
    } else if all().next().is_none() {
        lines = vec![if view.is_unlinked { say!(words, "empty-unlinked") } else { say!(words, "find-none") }];
    }
    let mut rows: Vec<Row> = all().map(|row| vec![opener(row, words)]).collect();
    rows.extend(pages(view, search, words));
    rows.push(menu_row(words));
    Screen::with(lines.join("\n"), rows)
}

/// To /find alone, and to words that say too little.
pub fn hint(context: &Context<'_>) -> Screen {
    Screen::with(say!(context.words, "find-hint"), vec![menu_row(context.words)])
}

/// How many there are, where they all stand on this page.
fn title(view: &FindView, words: &Words) -> String {
    if view.previous.is_some() || view.next.is_some() || view.is_too_much {
        return say!(words, "find-title-pages");
    }
    let count = i64::try_from(view.exact.len() + view.rows.len()).unwrap_or(i64::MAX);
    say!(words, "find-title", count = count)
}

fn pages(view: &FindView, search: SearchId, words: &Words) -> Option<Row> {
    let turn = |label, cursor| Button::press(label, Callback::Find(FindPress { search, cursor }));
    let back = view.previous.map(|cursor: Cursor| turn(say!(words, "button-back"), cursor));
    let next = view.next.map(|cursor| turn(say!(words, "button-next"), cursor));
    let row: Row = back.into_iter().chain(next).collect();
    (!row.is_empty()).then_some(row)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{at, english, hostile, name, picture, russian};
    use super::*;
    use crate::actions::views::ListRow;
    use crate::domain::ids::MeasurementId;
    use crate::domain::measurement::StatusKind;

    fn row(id: i64, lead_name: &str) -> ListRow {
        ListRow {
            id: MeasurementId(id),
            lead_name: lead_name.into(),
            address: Some("г. Химки, ул. Ленина, д. 5".into()),
            status: StatusKind::Assigned,
            since: at("2026-11-24T10:00:00Z"),
            measurer: Some(name("Иван", "Петров")),
        }
    }

    fn drawn(view: &FindView) -> String {
        picture(&render(view, SearchId(7), &russian()))
    }

    #[test]
    fn what_was_found_is_a_list_with_the_exact_ones_first() {
        let rows = vec![row(40, "Окна в детскую"), row(31, "")];
        let view = FindView { exact: vec![row(12, "Балкон")], rows, ..FindView::default() };
        assert_snapshot!(drawn(&view), @"
        🔎 Найдено 3 замера
        №12 · Балкон
           г. Химки, ул. Ленина, д. 5 · 📋 Назначен · Иван П.
        №40 · Окна в детскую
           г. Химки, ул. Ленина, д. 5 · 📋 Назначен · Иван П.
        №31
           г. Химки, ул. Ленина, д. 5 · 📋 Назначен · Иван П.
        [№12 · Балкон]
        [№40 · Окна в детскую]
        [№31]
        [⌂ Меню]
        ");
        let page = FindView {
            exact: vec![],
            previous: Some(Cursor::Before(MeasurementId(40))),
            next: Some(Cursor::After(MeasurementId(31))),
            ..view
        };
        assert_snapshot!(picture(&render(&page, SearchId(7), &english())), @"
        🔎 Many found, the newest first
        No. 40 · Окна в детскую
           г. Химки, ул. Ленина, д. 5 · 📋 Assigned · Иван П.
        No. 31
           г. Химки, ул. Ленина, д. 5 · 📋 Assigned · Иван П.
        [No. 40 · Окна в детскую]
        [No. 31]
        [‹ Back] [Next ›]
        [⌂ Menu]
        ");
    }

    #[test]
    fn nothing_and_too_much_say_what_to_do() {
        let nothing = FindView::default();
        let views = [
            nothing.clone(),
            FindView { is_unlinked: true, ..nothing.clone() },
            FindView { is_too_much: true, ..nothing.clone() },
            FindView { exact: vec![row(12, "Балкон")], is_too_much: true, ..nothing },
        ];
        let pictures = views.map(|view| drawn(&view)).join("\n") + "\n" + &picture(&hint(&russian()));
        assert_snapshot!(pictures, @"
        Ничего не найдено. Попробуйте короче: конец телефона, фамилию или улицу.
        [⌂ Меню]
        Вы ещё не привязаны к AmoCRM, попросите администратора.
        [⌂ Меню]
        🔎 Найдено много, сначала новые
        Слишком много совпадений. Уточните: добавьте улицу, фамилию или конец телефона.
        [⌂ Меню]
        🔎 Найдено много, сначала новые
        №12 · Балкон
           г. Химки, ул. Ленина, д. 5 · 📋 Назначен · Иван П.
        Слишком много совпадений. Уточните: добавьте улицу, фамилию или конец телефона.
        [№12 · Балкон]
        [⌂ Меню]
        🔎 Напишите, что найти: последние цифры телефона, имя или фамилию, часть адреса, номер заказа, №12 или ссылку на сделку.
        [⌂ Меню]
        ");
    }

    #[test]
    fn whatever_the_names_are_the_screen_is_valid() {
        let row = |id| ListRow { address: Some(hostile()), ..row(id, &hostile()) };
        let rows = |count| (0..count).map(|n| row(i64::MAX - n)).collect();
        drawn(&FindView { exact: rows(3), rows: rows(6), ..FindView::default() });
    }
}
