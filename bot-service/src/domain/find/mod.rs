//! What somebody looks for, read from what he typed: «4567», «иванов химки», «№12», a link to a deal.
//!
//! Words are personal data: nothing here shows them in a log.

use std::fmt;

use shared::ids::LeadId;

use super::ids::MeasurementId;
use super::phone;

/// The part of a deal's address in AmoCRM before its number.
const LEAD_PATH: &str = "/leads/detail/";
/// More of a text says nothing more about what is looked for.
const MOST_CHARS: usize = 200;
/// How many words must be there; of more, the longest.
pub const MOST_WORDS: usize = 5;
/// Fewer letters are in everything.
const LEAST_CHARS: usize = 3;
/// So many digits are the end of a phone or of an order's number; fewer are a house, a flat.
const LEAST_DIGITS: usize = 4;

#[derive(Clone, PartialEq, Eq)]
pub enum Query {
    /// «№12»: this one and no other.
    Number(MeasurementId),
    /// A link to a deal: all measurements of it.
    Deal(LeadId),
    Text(Wanted),
}

/// Patterns for `like`, over words that stand in lower case with a space on either side (`words_of` in SQL). They hold
/// letters and digits alone, so that nothing in them needs escaping.
#[derive(Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The text is a number: who says «12» means «№12» first, or the deal.
    pub number: Option<i64>,
    /// All of these must be there, or the phone. At most [`MOST_WORDS`].
    pub words: Vec<String>,
    /// How a phone ends.
    pub phone: Option<String>,
}

impl Query {
    /// `None` where nothing can be looked for.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(lead) = lead_of_link(text) {
            return Some(Self::Deal(lead));
        }
        let text: String = text.trim().chars().take(MOST_CHARS).collect();
        if let Some(id) = number_of(&text) {
            return Some(Self::Number(id));
        }
        let number = text.parse().ok().filter(|number| *number > 0);
        let phone = phone_of(&text);
        let is_enough = number.is_some() || phone.is_some() || text.split_whitespace().any(says_enough);
        let words = most_telling(words_of(&text)).iter().map(|word| pattern(word)).collect();
        is_enough.then_some(Self::Text(Wanted { number, words, phone }))
    }
}

/// From a link to a deal, whatever stands around it.
fn lead_of_link(text: &str) -> Option<LeadId> {
    let (_, rest) = text.split_once(LEAD_PATH)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok().map(LeadId)
}

/// «№12», «# 12», «No. 12», «Замер №12».
fn number_of(text: &str) -> Option<MeasurementId> {
    let text = folded(text);
    let text = ["замер", "measurement"].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(&text);
    let text = text.trim_start();
    let number = ["№", "#", "no."].iter().find_map(|sign| text.strip_prefix(sign))?;
    let number = number.trim();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|_| is_number).map(MeasurementId)
}

/// A whole phone in any spelling, among words too; or its end, where nothing but digits was typed.
fn phone_of(text: &str) -> Option<String> {
    let whole = phone::parse(text).into_iter().find_map(|phone| phone.e164);
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let digits = match whole {
        Some(number) => digits(&number),
        None if text.chars().any(char::is_alphabetic) => return None,
        None => with_country(digits(text)),
    };
    (digits.len() >= LEAST_DIGITS).then(|| format!("%{digits} %"))
}

/// «8 916…» is «+7 916…».
fn with_country(digits: String) -> String {
    match digits.strip_prefix('8') {
        Some(rest) if digits.len() == 11 => format!("7{rest}"),
        _ => digits,
    }
}

fn words_of(text: &str) -> Vec<String> {
    let words = folded(text);
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| with_country(word.to_owned())).collect()
}

/// As `folded` in SQL.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ё' { 'е' } else { c }).collect()
}

/// «Ким», «А-15», «12/1», but not «кв. 5».
fn says_enough(part: &str) -> bool {
    part.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST_CHARS
}

fn most_telling(mut words: Vec<String>) -> Vec<String> {
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    words.truncate(MOST_WORDS);
    words
}

fn is_telling(word: &str) -> bool {
    word.chars().count() >= if is_digits(word) { LEAST_DIGITS } else { LEAST_CHARS }
}

fn is_digits(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// A long word may be part of another one; a long number ends one; what is short is a word, or begins one.
fn pattern(word: &str) -> String {
    match (is_digits(word), is_telling(word)) {
        (true, true) => format!("%{word} %"),
        (true, false) => format!("% {word} %"),
        (false, true) => format!("%{word}%"),
        (false, false) => format!("% {word}%"),
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number(_) => "Number",
            Self::Deal(_) => "Deal",
            Self::Text(_) => "Text",
        })
    }
}

impl fmt::Debug for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wanted").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
