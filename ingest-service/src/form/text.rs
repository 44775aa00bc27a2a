//! What stands between the separators of a form, decoded; borrowed from the body where nothing is encoded.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

/// `+` is a space and `%D0` a byte; what is not UTF-8 then becomes replacement characters, and NUL is left out.
pub fn decode(raw: &[u8]) -> Cow<'_, str> {
    if memchr3(b'%', b'+', 0, raw).is_none() {
        return str::from_utf8(raw).map_or_else(|_| String::from_utf8_lossy(raw), Cow::Borrowed);
    }
    let text = String::from_utf8(bytes(raw));
    clean(Cow::Owned(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())))
}

/// A `%` that two hexadecimal digits do not follow stands for itself.
fn bytes(raw: &[u8]) -> Vec<u8> {
    // As long as it can become, so that no byte has to ask for room.
    let mut bytes = vec![0; raw.len()];
    let mut places = bytes.iter_mut();
    let mut rest = raw;
    while let [byte, after @ ..] = rest {
        let Some(place) = places.next() else { break };
        rest = after;
        *place = *byte;
        if *byte == b'+' {
            *place = b' ';
        } else if let (b'%', [high, low, behind @ ..]) = (byte, after) {
            let (high, low) = (DIGITS[usize::from(*high)], DIGITS[usize::from(*low)]);
            if high | low != NO_DIGIT {
                *place = high << 4 | low;
                rest = behind;
            }
        }
    }
    let spare = places.len();
    bytes.truncate(raw.len() - spare);
    bytes
}

/// Shows through whatever digit it is joined with.
const NO_DIGIT: u8 = u8::MAX;
/// The value of each byte as a hexadecimal digit: looked up, because no processor guesses whether a digit or a
/// letter comes next.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        let digit = b"0123456789abcdef"[value as usize];
        digits[digit as usize] = value;
        digits[digit.to_ascii_uppercase() as usize] = value;
        value += 1;
    }
    digits
};

/// NUL cannot be stored by PostgreSQL and means nothing to people.
pub fn clean(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr(0, text.as_bytes()).is_some() { Cow::Owned(text.replace('\0', "")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_is_not_copied() {
        assert!(matches!(decode("Окна 1".as_bytes()), Cow::Borrowed("Окна 1")));
    }

    #[test]
    fn a_percent_without_its_digits_stands_for_itself() {
        assert_eq!(decode(b"%%41%4%zz%2"), "%A%4%zz%2");
    }

    #[test]
    fn a_nul_does_not_join_what_it_parts() {
        assert_eq!(decode(b"a%00b"), "ab");
        assert_eq!(decode(b"%D0%00%9E"), "\u{FFFD}\u{FFFD}");
        assert_eq!(decode(b"a\0b"), "ab");
    }
}
