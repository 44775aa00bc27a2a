//! AmoCRM's JSON, mended where a strict reader would refuse a whole document for one character.
//!
//! PHP cuts texts in the middle of an emoji and writes the half as `\ud83d`; serde refuses the document.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

/// Reads a document without lone surrogates and NUL, and with broken UTF-8 mended.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    let text = String::from_utf8_lossy(body);
    serde_json::from_str(&mended(&text))
}

fn mended(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let length = match unit(escape) {
            // Any other escape, a backslash's own included: its second byte starts no escape.
            None => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
            Some(high) if is_high(high) && unit(&escape[6..]).is_some_and(is_low) => 12,
            Some(_) => 6,
        };
        let is_lone =
            length == 6 && unit(escape).is_some_and(|unit| is_high(unit) || is_low(unit) || unit == 0);
        out.push_str(if is_lone { "" } else { &escape[..length] });
        rest = &escape[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The UTF-16 unit of a `\uXXXX` at the start.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

fn is_high(unit: u16) -> bool {
    (0xD800..0xDC00).contains(&unit)
}

fn is_low(unit: u16) -> bool {
    (0xDC00..0xE000).contains(&unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> String {
        read(json.as_bytes()).unwrap()
    }

    #[test]
    fn half_an_emoji_costs_one_character_and_not_the_page() {
        assert_eq!(text(r#""Окна \ud83d""#), "Окна ");
        assert_eq!(text(r#""\ud83d\ud83d\udd25 \udd25 \u0000""#), "🔥  ");
    }

    #[test]
    fn sound_escapes_stay_as_they_are() {
        assert_eq!(text(r#""\ud83d\udd25 \\ud83d \u0416 \"\\\n""#), "🔥 \\ud83d Ж \"\\\n");
        assert!(read::<String>(br#""\u12""#).is_err());
        assert!(read::<String>(br#""\"#).is_err());
        assert!(read::<String>("\"\\й\"".as_bytes()).is_err());
    }

    #[test]
    fn broken_bytes_are_mended_too() {
        assert_eq!(read::<String>(b"\"a\xffb\"").unwrap(), "a\u{fffd}b");
    }
}
