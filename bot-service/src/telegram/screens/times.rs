//! Moments and waiting times in words, as the reader's wall clock has them.

use chrono::{DateTime, Utc};

use super::Context;
use crate::format::{self, Day, Span};
use crate::telegram::words::say;

/// «сегодня в 14:05», «вчера в 14:05», «23 нояб. в 14:05».
pub fn when(at: DateTime<Utc>, context: &Context<'_>) -> String {
    let time = format::clock(at, context.timezone);
    match format::day(at, context.now, context.timezone) {
        Day::Yesterday => say!(context.words, "yesterday-at", time = time),
        Day::Today => say!(context.words, "today-at", time = time),
        Day::Tomorrow => say!(context.words, "tomorrow-at", time = time),
        day @ (Day::ThisYear { .. } | Day::OtherYear { .. }) => {
            say!(context.words, "date-at", date = date(day, context), time = time)
        }
    }
}

/// «14:05» today, else as [`when`].
pub fn moment(at: DateTime<Utc>, context: &Context<'_>) -> String {
    match format::day(at, context.now, context.timezone) {
        Day::Today => format::clock(at, context.timezone),
        _ => when(at, context),
    }
}

/// «завтра 14:05»: the end of a term.
pub fn until(at: DateTime<Utc>, context: &Context<'_>) -> String {
    let time = format::clock(at, context.timezone);
    match format::day(at, context.now, context.timezone) {
        Day::Today => say!(context.words, "today-time", time = time),
        Day::Tomorrow => say!(context.words, "tomorrow-time", time = time),
        Day::Yesterday => when(at, context),
        day @ (Day::ThisYear { .. } | Day::OtherYear { .. }) => {
            say!(context.words, "date-time", date = date(day, context), time = time)
        }
    }
}

/// «5 мин», «2 ч», «3 дн».
pub fn waited(since: DateTime<Utc>, context: &Context<'_>) -> String {
    match format::span(since, context.now) {
        Span::Minutes(count) => say!(context.words, "minutes", count = count),
        Span::Hours(count) => say!(context.words, "hours", count = count),
        Span::Days(count) => say!(context.words, "days", count = count),
    }
}

/// A text that begins a line.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn date(day: Day, context: &Context<'_>) -> String {
    let words = context.words;
    match day {
        Day::OtherYear { day, month, year } => {
            let year = year.to_string();
            say!(words, "date-with-year", day = day.to_string(), month = words.month(month), year = year)
        }
        Day::ThisYear { day, month } => {
            say!(words, "date", day = day.to_string(), month = words.month(month))
        }
        Day::Yesterday | Day::Today | Day::Tomorrow => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telegram::screens::testing::{at, english, russian};

    #[test]
    fn times_are_told_as_people_tell_them() {
        let told = |text: &str| when(at(text), &russian());
        assert_eq!(told("2026-11-24T11:05:00Z"), "сегодня в 14:05");
        assert_eq!(told("2026-11-23T20:59:00Z"), "вчера в 23:59");
        assert_eq!(told("2026-11-22T11:05:00Z"), "22 нояб. в 14:05");
        assert_eq!(told("2025-05-22T11:05:00Z"), "22 мая 2025 в 14:05");
        assert_eq!(when(at("2026-11-22T11:05:00Z"), &english()), "22 Nov at 14:05");
        assert_eq!(moment(at("2026-11-24T11:05:00Z"), &russian()), "14:05");
        assert_eq!(moment(at("2026-11-23T11:05:00Z"), &russian()), "вчера в 14:05");
        assert_eq!(until(at("2026-11-25T11:05:00Z"), &russian()), "завтра 14:05");
        assert_eq!(waited(at("2026-11-24T10:00:00Z"), &russian()), "2 ч");
    }
}
