//! Phones as people type them into AmoCRM: `8 (912) 345-67-89`, two in one field, with an extension, among words.

use std::ops::Range;

use phonenumber::{Mode, country};
use serde::{Deserialize, Serialize};

/// What people put between the digits of a number.
const BETWEEN: [char; 12] = ['-', '‐', '‑', '–', '—', '−', '.', '(', ')', '[', ']', '~'];
/// The digits of a whole number without the country's.
const NATIONAL: usize = 10;
/// A number has no more pieces than this, as it has no more than fifteen digits.
const PIECES: usize = 16;

/// A phone as it came, and as it can be dialled if it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    pub raw: String,
    /// `+79123456789`.
    pub e164: Option<String>,
}

impl Phone {
    /// What people wrote before and after the number: «жена», «доб. 12». Empty where there is no number.
    pub fn remarks(&self) -> (&str, &str) {
        find(&self.raw).map_or(("", ""), |found| (found.before, found.after))
    }
}

/// Splits a field at `,` `;` `/` and reads each part, by default as a Russian number.
///
/// Words beside the number stay in the raw text. A part that is no number is kept raw; an empty one is dropped.
pub fn parse(field: &str) -> Vec<Phone> {
    field
        .split([',', ';', '/', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| Phone { raw: part.to_owned(), e164: find(part).map(|found| found.e164) })
        .collect()
}

/// Builds the tables of the world's numbers, which takes a while the first time: better at the start than while
/// somebody waits for the first deal.
pub fn prepare() {
    parse("+7 495 123-45-67");
}

/// A number and the words around it.
struct Found<'a> {
    before: &'a str,
    e164: String,
    after: &'a str,
}

/// The first number of a text.
fn find(text: &str) -> Option<Found<'_>> {
    stretches(text).into_iter().flat_map(|stretch| spans(text, stretch)).find_map(|span| {
        let e164 = to_e164(&text[span.clone()])?;
        Some(Found { before: words(&text[..span.start]), e164, after: words(&text[span.end..]) })
    })
}

/// Where there are digits with nothing but punctuation between them. A `+` begins another number; a bracket
/// after a whole one is a remark.
fn stretches(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut digits) = (0, 0);
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            digits += 1;
            continue;
        }
        let is_between = c.is_whitespace() || BETWEEN.contains(&c);
        if !is_between || (c == '(' && digits >= NATIONAL) {
            found.extend((digits > 0).then_some(start..at));
            start = if is_between || c == '+' { at } else { at + c.len_utf8() };
            digits = 0;
        }
    }
    found.extend((digits > 0).then_some(start..text.len()));
    found
}

/// What of a stretch may be the number, the likeliest first: all of it, or less where a figure stands beside it
/// («№ 1 8916…», «8916… 2 подъезд»).
fn spans(text: &str, stretch: Range<usize>) -> Vec<Range<usize>> {
    let mut end = stretch.start;
    let pieces = text[stretch].split_inclusive(char::is_whitespace).map(|piece| {
        end += piece.len();
        end - piece.len()..end
    });
    let pieces = pieces.filter(|piece| digits(&text[piece.clone()]) > 0).take(PIECES);
    let pieces: Vec<_> = pieces.collect();
    let [first, rest @ ..] = &pieces[..] else { return pieces };
    let from = |start: usize, pieces: &[Range<usize>]| {
        pieces.iter().rev().map(|last| start..last.end).collect::<Vec<_>>()
    };
    let is_figure = digits(&text[first.clone()]) <= 2 && !text[first.clone()].contains('+');
    let mut spans = rest.first().filter(|_| is_figure).map_or(vec![], |second| from(second.start, rest));
    // Else the figure is how the number itself begins: «8 916…».
    spans.retain(|span| digits(&text[span.clone()]) > NATIONAL);
    spans.extend(from(first.start, &pieces));
    spans
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn to_e164(span: &str) -> Option<String> {
    let number: String = span.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let parsed = phonenumber::parse(Some(country::Id::RU), number).ok()?;
    phonenumber::is_valid(&parsed).then(|| parsed.format().mode(Mode::E164).to_string())
}

/// Nothing where punctuation alone is left.
fn words(text: &str) -> &str {
    let text = text.trim().trim_start_matches(')').trim_end_matches('(').trim();
    if text.contains(char::is_alphanumeric) { text } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &str) -> Vec<String> {
        parse(field).into_iter().map(|phone| phone.e164.unwrap_or_default()).collect()
    }

    #[test]
    fn the_ways_people_write_one_number_are_one_number() {
        for text in ["8 (912) 345-67-89", "+7 912 345 67 89", "9123456789", "+79123456789", "7 912 345-67-89"]
        {
            assert_eq!(read(text), ["+79123456789"], "{text}");
        }
    }

    #[test]
    fn two_numbers_in_one_field_are_two_and_an_extension_is_cut() {
        assert_eq!(read("8(495)123-45-67 доб. 12; 89161234567"), ["+74951234567", "+79161234567"]);
        assert_eq!(parse("8(495)123-45-67 доб. 12")[0].raw, "8(495)123-45-67 доб. 12");
    }

    #[test]
    fn words_around_a_number_do_not_hide_it() {
        for (text, before, after) in [
            ("Основной 8 916 123-45-67", "Основной", ""),
            ("главный: 8 916 123-45-67", "главный:", ""),
            ("внук 89161234567", "внук", ""),
            ("Добрынин 8(916)1234567 внешний", "Добрынин", "внешний"),
            ("#1 89161234567", "#1", ""),
            ("2 8 916 123-45-67", "2", ""),
            ("тел.2: 8 916 123-45-67", "тел.2:", ""),
            ("8 916 123-45-67 (жена)", "", "(жена)"),
            ("8 (916) 123-45-67 (2)", "", "(2)"),
            ("жена (8 916 123-45-67)", "жена", ""),
            ("8 916 123-45-67, доб. 12", "", ""),
            ("8 916 123-45-67 #12", "", "#12"),
            ("8 916 123-45-67 2 подъезд", "", "2 подъезд"),
            ("89161234567 89031112233", "", "89031112233"),
            ("\u{202A}+7\u{a0}916\u{a0}123‑45‑67\u{202C}", "", ""),
            ("кв. 12 тел +7 916 123-45-67", "кв. 12 тел", ""),
        ] {
            let phone = &parse(text)[0];
            assert_eq!(phone.e164.as_deref(), Some("+79161234567"), "{text}");
            assert_eq!(phone.remarks(), (before, after), "{text}");
        }
    }

    #[test]
    fn words_around_what_is_no_number_make_it_none() {
        for text in ["доб. 12", "8 916 123-45", "1 916 123-45-6", "кв. 5 этаж 7", "№ 2"] {
            assert_eq!(read(text), [""], "{text}");
        }
    }

    #[test]
    fn foreign_numbers_keep_their_country() {
        assert_eq!(read("+49 30 1234567 (офис)"), ["+49301234567"]);
        assert_eq!(read("+49 30 1234567 (2)"), ["+49301234567"]);
        assert_eq!(read("8 10 375 29 123-45-67"), ["+375291234567"]);
        assert_eq!(read("+375 29 123-45-67"), ["+375291234567"]);
        assert_eq!(read("+7 701 123 45 67"), ["+77011234567"]);
    }

    #[test]
    fn what_is_no_number_stays_as_it_was() {
        assert_eq!(parse("звонить мужу"), [Phone { raw: "звонить мужу".into(), e164: None }]);
        assert_eq!(parse(" , ;"), []);
    }
}
