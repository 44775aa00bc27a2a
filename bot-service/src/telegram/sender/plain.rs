//! What is left of a screen that Telegram refuses: the words get through even where the markup is our mistake.

use super::failure::Part;
use crate::telegram::screens::{Keyboard, Screen};

/// What a message may hold. Telegram counts characters; counted as its clients do, in units of UTF-16, it fits anyhow.
const LIMIT: usize = 4096;

/// The screen without the part that was refused, or if that is plain already, without the other; none if there is
/// nothing left to take away.
pub fn simpler(part: Part, screen: &Screen) -> Option<Screen> {
    let other = match part {
        Part::Text => Part::Keyboard,
        Part::Keyboard => Part::Text,
    };
    [part, other].into_iter().map(|part| without(part, screen)).find(|simpler| simpler != screen)
}

fn without(part: Part, screen: &Screen) -> Screen {
    match part {
        Part::Keyboard => Screen { text: screen.text.clone(), rows: Vec::new(), keyboard: Keyboard::Kept },
        Part::Text => Screen { text: plain(&screen.text), ..screen.clone() },
    }
}

/// The words alone, escaped anew and cut to what a message can hold; never empty.
fn plain(html: &str) -> String {
    let words = unescaped(&without_tags(html));
    let cut = cut(words.trim());
    let escaped = cut.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if escaped.is_empty() { "…".to_owned() } else { escaped }
}

fn cut(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > LIMIT
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// Leaves out what looks like one of Telegram's tags; any other `<` is a character that was not escaped.
fn without_tags(html: &str) -> String {
    let mut left = html;
    let mut kept = String::with_capacity(html.len());
    while let Some(start) = left.find('<') {
        kept.push_str(&left[..start]);
        left = &left[start..];
        if let Some(length) = tag_length(left) {
            left = &left[length..];
        } else {
            kept.push('<');
            left = &left[1..];
        }
    }
    kept + left
}

fn tag_length(text: &str) -> Option<usize> {
    let end = text.find('>')?;
    let name = text[1..end].trim_start_matches('/').split(' ').next()?;
    let is_tag = (1..=10).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    is_tag.then_some(end + 1)
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telegram::screens::{Button, Target};

    fn screen(text: &str) -> Screen {
        let button = Button { label: "Меню".into(), target: Target::Press("m".into()) };
        Screen { text: text.into(), rows: vec![vec![button]], keyboard: Keyboard::Kept }
    }

    #[test]
    fn the_words_stay_when_the_markup_is_refused() {
        let refused = screen("<b>Замер №12</b>\n5 < 6 & <a href=\"x\">карта</a> &lt;b&gt;");
        let plain = without(Part::Text, &refused);
        assert_eq!(plain.text, "Замер №12\n5 &lt; 6 &amp; карта &lt;b&gt;");
        assert_eq!(plain.rows, refused.rows);
        assert_eq!(
            without(Part::Keyboard, &refused),
            Screen { text: refused.text, rows: vec![], keyboard: Keyboard::Kept }
        );
    }

    #[test]
    fn what_is_left_is_never_empty_and_never_too_long() {
        assert_eq!(without(Part::Text, &screen("<b></b>")).text, "…");
        let long = |text: &str| without(Part::Text, &screen(&text.repeat(5000))).text;
        assert_eq!(long("ж").chars().count(), LIMIT);
        assert_eq!(long("&amp;"), "&amp;".repeat(LIMIT), "counted as it is read");
        assert_eq!(long("🔥").encode_utf16().count(), LIMIT);
    }

    #[test]
    fn what_is_refused_again_loses_the_other_part_and_then_there_is_nothing_to_take_away() {
        let refused = screen("<b>Замер");
        let plain = simpler(Part::Text, &refused).unwrap();
        assert_eq!((plain.text.as_str(), plain.rows.len()), ("Замер", 1));
        let bare = simpler(Part::Text, &plain).unwrap();
        assert_eq!((bare.text.as_str(), bare.rows.len()), ("Замер", 0));
        assert_eq!(simpler(Part::Text, &bare), None);
        assert_eq!(simpler(Part::Keyboard, &simpler(Part::Keyboard, &refused).unwrap()), Some(bare));
    }
}
