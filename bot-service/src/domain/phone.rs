//! Phones as people type them into AmoCRM: `8 (912) 345-67-89`, two in one field, with an extension.

use phonenumber::{Mode, country};
use serde::{Deserialize, Serialize};

/// A phone as it came, and as it can be dialled if it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    pub raw: String,
    /// `+79123456789`.
    pub e164: Option<String>,
}

/// Splits a field at `,` `;` `/` and reads each part, by default as a Russian number.
///
/// An extension («доб. 12») is cut from the number and stays in the raw text. A part that is no number is
/// kept raw; an empty one is dropped.
pub fn parse(field: &str) -> Vec<Phone> {
    field
        .split([',', ';', '/', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| Phone { raw: part.to_owned(), e164: to_e164(part) })
        .collect()
}

/// Builds the tables of the world's numbers, which takes a while the first time: better at the start than while
/// somebody waits for the first deal.
pub fn prepare() {
    parse("+7 495 123-45-67");
}

fn to_e164(part: &str) -> Option<String> {
    let lower = part.to_lowercase();
    let cut = ["доб", "вн", "ext", "#"].iter().filter_map(|mark| lower.find(mark)).min();
    // Lower-casing keeps the byte length of Russian and Latin letters, so the cut fits the original too.
    let number = cut.and_then(|at| part.get(..at)).unwrap_or(part);
    let parsed = phonenumber::parse(Some(country::Id::RU), number).ok()?;
    phonenumber::is_valid(&parsed).then(|| parsed.format().mode(Mode::E164).to_string())
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
    fn foreign_numbers_keep_their_country() {
        assert_eq!(read("+375 29 123-45-67"), ["+375291234567"]);
        assert_eq!(read("+7 701 123 45 67"), ["+77011234567"]);
    }

    #[test]
    fn what_is_no_number_stays_as_it_was() {
        assert_eq!(parse("звонить мужу"), [Phone { raw: "звонить мужу".into(), e164: None }]);
        assert_eq!(parse(" , ;"), []);
    }
}
