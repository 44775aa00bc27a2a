//! The company's time zone: those of Russia and its neighbours, each with what its clocks show.

use chrono_tz::Tz;

use super::super::{Button, Context, Row, Screen, bold};
use super::{back, press};
use crate::telegram::callback::SetupPress;
use crate::telegram::words::{Words, say};

const CHOICES: [Tz; 20] = [
    Tz::Europe__Kaliningrad,
    Tz::Europe__Moscow,
    Tz::Europe__Samara,
    Tz::Asia__Yekaterinburg,
    Tz::Asia__Omsk,
    Tz::Asia__Novosibirsk,
    Tz::Asia__Irkutsk,
    Tz::Asia__Yakutsk,
    Tz::Asia__Vladivostok,
    Tz::Asia__Magadan,
    Tz::Asia__Kamchatka,
    Tz::Europe__Minsk,
    Tz::Asia__Almaty,
    Tz::Asia__Tashkent,
    Tz::Asia__Bishkek,
    Tz::Asia__Dushanbe,
    Tz::Asia__Yerevan,
    Tz::Asia__Baku,
    Tz::Asia__Tbilisi,
    Tz::Europe__Chisinau,
];

pub fn render(chosen: Tz, context: &Context<'_>) -> Screen {
    let words = context.words;
    let now = now_shows(chosen, context);
    let text = format!("{}\n{now}", bold(&say!(words, "setup-timezone")));
    let button = |zone: &Tz| -> Button {
        let shows = now_shows(*zone, context);
        let label = if *zone == chosen { say!(words, "role-has", role = shows) } else { shows };
        press(label, SetupPress::SetTimezone(*zone))
    };
    let mut rows: Vec<Row> = CHOICES.chunks(2).map(|pair| pair.iter().map(button).collect()).collect();
    rows.push(back(words));
    Screen::with(text, rows)
}

fn now_shows(zone: Tz, context: &Context<'_>) -> String {
    let time = context.now.with_timezone(&zone).format("%H:%M").to_string();
    say!(context.words, "timezone-now", city = city(zone, context.words), time = time)
}

/// As people call it; others by their name in the time zone database.
pub fn city(zone: Tz, words: &Words) -> String {
    match zone {
        Tz::Europe__Kaliningrad => say!(words, "city-kaliningrad"),
        Tz::Europe__Moscow => say!(words, "city-moscow"),
        Tz::Europe__Samara => say!(words, "city-samara"),
        Tz::Asia__Yekaterinburg => say!(words, "city-yekaterinburg"),
        Tz::Asia__Omsk => say!(words, "city-omsk"),
        Tz::Asia__Novosibirsk => say!(words, "city-novosibirsk"),
        Tz::Asia__Irkutsk => say!(words, "city-irkutsk"),
        Tz::Asia__Yakutsk => say!(words, "city-yakutsk"),
        Tz::Asia__Vladivostok => say!(words, "city-vladivostok"),
        Tz::Asia__Magadan => say!(words, "city-magadan"),
        Tz::Asia__Kamchatka => say!(words, "city-kamchatka"),
        Tz::Europe__Minsk => say!(words, "city-minsk"),
        Tz::Asia__Almaty => say!(words, "city-almaty"),
        Tz::Asia__Tashkent => say!(words, "city-tashkent"),
        Tz::Asia__Bishkek => say!(words, "city-bishkek"),
        Tz::Asia__Dushanbe => say!(words, "city-dushanbe"),
        Tz::Asia__Yerevan => say!(words, "city-yerevan"),
        Tz::Asia__Baku => say!(words, "city-baku"),
        Tz::Asia__Tbilisi => say!(words, "city-tbilisi"),
        Tz::Europe__Chisinau => say!(words, "city-chisinau"),
        other => other.name().to_owned(),
    }
}
