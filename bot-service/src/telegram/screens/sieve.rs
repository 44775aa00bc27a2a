//! «🔎 Фильтр»: to whose measurements, to which zone and to which days a list of all is narrowed. Each choice leads to
//! the list at once.

use super::{Button, Context, Row, Screen, back_row, bold, limits, name_html, name_line, pages};
use crate::actions::views::{
    Chosen, Cursor, ListKind, Period, Sieve, SieveBy, SieveChoiceView, SieveChoices, SieveView,
};
use crate::format;
use crate::telegram::callback::Callback;
use crate::telegram::words::{Words, say};

pub fn render(view: &SieveView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let SieveView { filter, sieve, .. } = *view;
    let mut text = bold(&say!(words, "sieve-title"));
    if let Some(chosen) = chosen(sieve, &view.chosen, words) {
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
    let kind = ListKind::all(filter, sieve);
    let mut rows = choosers(view, words);
    rows.extend([vec![today, week], vec![thirty, month], vec![period(None)]]);
    if sieve != Sieve::default() {
        rows.push(vec![to_list(say!(words, "button-reset-filter"), ListKind::All(filter))]);
    }
    rows.push(back_row(Callback::List { kind, cursor: Cursor::First }, words));
    Screen::with(text, rows)
}

/// What is chosen from pages. Who has no zones is not asked for one.
fn choosers(view: &SieveView, words: &Words) -> Vec<Row> {
    let kind = ListKind::all(view.filter, view.sieve);
    let choose = |label, by| vec![Button::press(label, Callback::Sieve { kind, choice: Some((by, 0)) })];
    let measurer = match &view.chosen.measurer {
        Some(name) => say!(words, "sieve-measurer", name = name_line(&name.short(), limits::BUTTON, words)),
        None => say!(words, "sieve-any-measurer"),
    };
    let zone = match &view.chosen.zone {
        Some(name) => say!(words, "sieve-zone", name = name_line(name, limits::BUTTON, words)),
        None => say!(words, "sieve-any-zone"),
    };
    let mut rows = vec![choose(measurer, SieveBy::Measurer)];
    rows.extend(view.has_zones.then(|| choose(zone, SieveBy::Zone)));
    rows
}

/// A page of measurers or zones to choose from.
pub fn choices(view: &SieveChoiceView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let SieveChoiceView { filter, sieve, page, .. } = *view;
    let pick = |name: &str, sieve| {
        vec![to_list(name_line(name, limits::BUTTON, words), ListKind::all(filter, sieve))]
    };
    let (question, by, any): (_, _, Button);
    let mut rows: Vec<Row>;
    match &view.rows {
        SieveChoices::Measurers(measurers) => {
            let of = |measurer| Sieve { measurer, ..sieve };
            rows = measurers.iter().map(|(id, name)| pick(&name.full(), of(Some(*id)))).collect();
            any = to_list(say!(words, "sieve-all-measurers"), ListKind::all(filter, of(None)));
            (question, by) = (say!(words, "sieve-whose"), SieveBy::Measurer);
        }
        SieveChoices::Zones(zones) => {
            let of = |zone| Sieve { zone, ..sieve };
            rows = zones.iter().map(|(id, name)| pick(name, of(Some(*id)))).collect();
            any = to_list(say!(words, "sieve-all-zones"), ListKind::all(filter, of(None)));
            (question, by) = (say!(words, "sieve-where"), SieveBy::Zone);
        }
    }
    let kind = ListKind::all(filter, sieve);
    let turn = |page| Callback::Sieve { kind, choice: Some((by, page)) };
    rows.extend(pages(page, view.has_next, turn, words));
    rows.push(vec![any]);
    rows.push(back_row(Callback::Sieve { kind, choice: None }, words));
    Screen::with(question, rows)
}

/// «👷 Иван Петров · 🗺 Север · 🗓 7 дней»; none where nothing is chosen.
pub(super) fn chosen(sieve: Sieve, of: &Chosen, words: &Words) -> Option<String> {
    let measurer =
        of.measurer.as_ref().map(|name| say!(words, "card-measurer", name = name_html(&name.full(), words)));
    let zone =
        of.zone.as_ref().map(|name| say!(words, "sieve-zone", name = format::html(name, limits::SHORT)));
    let period = sieve.period.map(|period| say!(words, "sieve-period", period = self::period(period, words)));
    let parts: Vec<String> = [measurer, zone, period].into_iter().flatten().collect();
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
    use crate::domain::ids::{UserId, ZoneId};

    fn view() -> SieveView {
        SieveView {
            filter: Filter::Everything,
            sieve: Sieve::default(),
            chosen: Chosen::default(),
            has_zones: true,
        }
    }

    fn narrowed() -> SieveView {
        let sieve = Sieve { measurer: Some(UserId(3)), zone: Some(ZoneId(1)), period: Some(Period::Week) };
        let chosen =
            Chosen { measurer: Some(name("Иван", "Петров")), zone: Some("Север".into()) };
        SieveView { sieve, chosen, ..view() }
    }

    #[test]
    fn a_list_is_narrowed_in_one_press_and_made_whole_in_another() {
        let screens = [
            render(&SieveView { has_zones: false, ..view() }, &russian()),
            render(&view(), &russian()),
            render(&narrowed(), &russian()),
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
        [👷 Замерщик: любой]
        [🗺 Зона: любая]
        [Сегодня] [7 дней]
        [30 дней] [Этот месяц]
        [• Всё время]
        [‹ Назад] [⌂ Меню]

        🔎 Фильтр
        👷 Иван Петров · 🗺 Север · 🗓 7 дней
        [👷 Иван П.]
        [🗺 Север]
        [Сегодня] [• 7 дней]
        [30 дней] [Этот месяц]
        [Всё время]
        [Сбросить фильтр]
        [‹ Назад] [⌂ Меню]
        ");
    }

    #[test]
    fn measurers_and_zones_are_chosen_from_pages() {
        let SieveView { filter, sieve, .. } = narrowed();
        let measurers = vec![(UserId(3), name("Иван", "Петров")), (UserId(4), name("Пётр", "Сидоров"))];
        let zones = vec![(ZoneId(1), "Север".to_owned()), (ZoneId(2), "Юг".to_owned())];
        let of = |page, rows| SieveChoiceView { filter, sieve, page, rows, has_next: page == 0 };
        let screens = [
            choices(&of(0, SieveChoices::Measurers(measurers)), &russian()),
            choices(&of(1, SieveChoices::Zones(zones)), &russian()),
        ];
        let pictures = screens.map(|screen| picture(&screen)).join("\n\n");
        assert_snapshot!(pictures, @"
        Чьи замеры показать?
        [Иван Петров]
        [Пётр Сидоров]
        [Дальше ›]
        [👥 Любой замерщик]
        [‹ Назад] [⌂ Меню]

        Замеры какой зоны показать?
        [Север]
        [Юг]
        [‹ Назад]
        [🗺 Любая зона]
        [‹ Назад] [⌂ Меню]
        ");
    }

    #[test]
    fn whatever_the_names_are_the_screens_are_valid() {
        let name = name(&hostile(), &hostile());
        let (measurer, zone) = (UserId(9_999_999_999), ZoneId(9_999_999_999));
        let sieve = Sieve { measurer: Some(measurer), zone: Some(zone), period: Some(Period::Month) };
        let chosen = Chosen { measurer: Some(name.clone()), zone: Some(hostile()) };
        picture(&render(&SieveView { sieve, chosen, ..view() }, &russian()));
        for rows in
            [SieveChoices::Measurers(vec![(measurer, name)]), SieveChoices::Zones(vec![(zone, hostile())])]
        {
            let filter = Filter::Everything;
            picture(&choices(&SieveChoiceView { filter, sieve, page: 1, rows, has_next: true }, &russian()));
        }
    }
}
