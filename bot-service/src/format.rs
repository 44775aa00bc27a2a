//! Values from outside made fit for a Telegram message: one line, a bounded length, escaped.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

use crate::domain::phone::Phone;

/// How much of a raw phone is shown.
const PHONE_LIMIT: usize = 60;
/// How much of what stands on either side of a number.
const REMARK_LIMIT: usize = 30;
/// Longer addresses are found no better, and Telegram limits the length of a link.
const MAP_QUERY_LIMIT: usize = 200;

/// For Telegram's HTML; quotes too, so that a value may stand in an attribute.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// At most `limit` characters; what is cut off is marked with «…».
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let kept: String = text.chars().take(limit.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// One line of plain text, for buttons and toasts. Empty where nothing visible is left.
pub fn line(text: &str, limit: usize) -> String {
    let text: String = text.chars().filter_map(visible).collect();
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "), limit)
}

/// As `line`, escaped for the text of a message.
pub fn html(text: &str, limit: usize) -> String {
    escape(&line(text, limit))
}

/// As [`html`], but the author's line breaks stay; empty lines go.
pub fn html_lines(text: &str, limit: usize) -> String {
    let lines = text.lines().map(|part| line(part, usize::MAX)).filter(|part| !part.is_empty());
    escape(&cut(&lines.collect::<Vec<_>>().join("\n"), limit))
}

/// Control characters become spaces; marks that turn the direction of all that follows go.
fn visible(c: char) -> Option<char> {
    match c {
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => None,
        '\u{2028}' | '\u{2029}' => Some(' '),
        c if c.is_control() => Some(' '),
        c => Some(c),
    }
}

/// A number that dials on tap among the words that stood beside it; the raw text where it is no number. Escaped.
pub fn phone(phone: &Phone) -> String {
    let Some(number) = &phone.e164 else { return html(&phone.raw, PHONE_LIMIT) };
    let (before, after) = phone.remarks();
    let parts = [html(before, REMARK_LIMIT), escape(number), html(after, REMARK_LIMIT)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Where Yandex shows an address.
pub fn map_url(address: &str) -> String {
    let query: String = address.chars().take(MAP_QUERY_LIMIT).collect();
    format!("https://yandex.ru/maps/?text={}", percent_encode(&line(&query, MAP_QUERY_LIMIT)))
}

/// Every byte that is not unreserved in a URL becomes `%XX`.
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            byte => encoded.extend(['%', hex(byte >> 4), hex(byte & 15)]),
        }
    }
    encoded
}

/// The digit of a number below 16.
fn hex(number: u8) -> char {
    char::from(if number < 10 { b'0' + number } else { b'A' + number - 10 })
}

/// A count on a button or in a title: above `cap` it is «99+».
pub fn count(count: i64, cap: i64) -> String {
    if count > cap { format!("{cap}+") } else { count.to_string() }
}

/// «14:05» on the wall of `timezone`.
pub fn clock(at: DateTime<Utc>, timezone: Tz) -> String {
    at.with_timezone(&timezone).format("%H:%M").to_string()
}

/// Which day a moment is, as people say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    Yesterday,
    Today,
    Tomorrow,
    /// Day of month and month, from 1.
    ThisYear {
        day: u32,
        month: u32,
    },
    OtherYear {
        day: u32,
        month: u32,
        year: i32,
    },
}

/// The day of `at` on the calendar of `timezone`, seen from `now`.
pub fn day(at: DateTime<Utc>, now: DateTime<Utc>, timezone: Tz) -> Day {
    let (date, today) = (at.with_timezone(&timezone).date_naive(), now.with_timezone(&timezone).date_naive());
    let (day, month, year) = (date.day(), date.month(), date.year());
    match (date - today).num_days() {
        -1 => Day::Yesterday,
        0 => Day::Today,
        1 => Day::Tomorrow,
        _ if year == today.year() => Day::ThisYear { day, month },
        _ => Day::OtherYear { day, month, year },
    }
}

/// A waiting time in the one unit that says enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    Minutes(i64),
    Hours(i64),
    Days(i64),
}

/// At least a minute; hours up to two days.
pub fn span(since: DateTime<Utc>, now: DateTime<Utc>) -> Span {
    let passed = now - since;
    match (passed.num_hours(), passed.num_minutes()) {
        (48.., _) => Span::Days(passed.num_days()),
        (1.., _) => Span::Hours(passed.num_hours()),
        (_, minutes) => Span::Minutes(minutes.max(1)),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use chrono_tz::Europe::Moscow;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn markup_from_outside_is_text() {
        assert_eq!(html("<b>\"Q&A\"</b>", 99), "&lt;b&gt;&quot;Q&amp;A&quot;&lt;/b&gt;");
    }

    #[test]
    fn a_long_text_ends_in_an_ellipsis_and_is_cut_before_it_is_escaped() {
        assert_eq!(cut("окна", 4), "окна");
        assert_eq!(cut("окна и двери", 6), "окна…");
        assert_eq!(html(&"&".repeat(9), 3), "&amp;&amp;…");
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(line(" Окна\r\n\tв\u{0}детскую\u{202E}!\u{2028} ", 99), "Окна в детскую!");
        assert_eq!(line("👨‍👩‍👧 семья", 99), "👨‍👩‍👧 семья", "joined emoji stay joined");
        assert_eq!(html_lines("подъезд 2\r\n\n\n домофон <3>", 99), "подъезд 2\nдомофон &lt;3&gt;");
    }

    #[test]
    fn a_phone_dials_and_keeps_its_extension() {
        let shown = |field: &str| phone(&crate::domain::phone::parse(field)[0]);
        assert_eq!(shown("8 (916) 123-45-67"), "+79161234567");
        assert_eq!(shown("8(495)123-45-67 доб. 12"), "+74951234567 доб. 12");
        assert_eq!(shown("8(495)123-45-67 #12"), "+74951234567 #12");
        assert_eq!(shown("8 916 123-45-67 (жена <3)"), "+79161234567 (жена &lt;3)");
        assert_eq!(shown("Основной 8 916 123-45-67 доб. 5"), "Основной +79161234567 доб. 5");
        assert_eq!(shown("внук 89161234567"), "внук +79161234567");
        assert_eq!(shown("<звонить мужу>"), "&lt;звонить мужу&gt;");
    }

    #[test]
    fn an_address_becomes_a_link_that_needs_no_escaping() {
        assert_eq!(map_url("ул. A\"&<5>"), "https://yandex.ru/maps/?text=%D1%83%D0%BB.%20A%22%26%3C5%3E");
    }

    #[test]
    fn days_are_those_of_the_reader() {
        let now = at("2026-11-24T21:30:00Z"); // half past midnight of the 25th in Moscow
        let of = |text: &str| day(at(text), now, Moscow);
        assert_eq!(of("2026-11-24T21:00:00Z"), Day::Today);
        assert_eq!(of("2026-11-24T20:59:59Z"), Day::Yesterday);
        assert_eq!(of("2026-11-25T21:00:00Z"), Day::Tomorrow);
        assert_eq!(of("2026-11-23T11:05:00Z"), Day::ThisYear { day: 23, month: 11 });
        assert_eq!(of("2025-12-31T21:00:00Z"), Day::ThisYear { day: 1, month: 1 });
        assert_eq!(of("2025-12-31T20:00:00Z"), Day::OtherYear { day: 31, month: 12, year: 2025 });
        assert_eq!(clock(now, Moscow), "00:30");
    }

    #[test]
    fn waiting_is_told_in_one_unit() {
        let now = at("2026-11-24T12:00:00Z");
        let of = |minutes| span(now - TimeDelta::minutes(minutes), now);
        assert_eq!([of(-5), of(0), of(59)], [Span::Minutes(1), Span::Minutes(1), Span::Minutes(59)]);
        assert_eq!([of(60), of(47 * 60), of(48 * 60)], [Span::Hours(1), Span::Hours(47), Span::Days(2)]);
        assert_eq!([count(0, 99), count(99, 99), count(100, 99)], ["0", "99", "99+"]);
    }

    proptest! {
        #[test]
        fn nothing_is_longer_than_allowed(text in any::<String>(), limit in 1usize..50) {
            prop_assert!(line(&text, limit).chars().count() <= limit);
            prop_assert!(!line(&text, limit).contains('\n'));
        }
    }
}
