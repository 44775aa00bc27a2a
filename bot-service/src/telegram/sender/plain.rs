//! What is left of a screen that Telegram refuses: the words get through even where the markup is our mistake.

use super::failure::Part;
use crate::telegram::screens::Screen;

/// Characters that a message may hold.
const LIMIT: usize = 4096;

/// The screen without the part that was refused.
pub fn without(part: Part, screen: &Screen) -> Screen {
    match part {
        Part::Keyboard => Screen { text: screen.text.clone(), rows: Vec::new() },
        Part::Text => Screen { text: plain(&screen.text), rows: screen.rows.clone() },
    }
}

/// The words alone, escaped anew and cut to what a message can hold; never empty.
fn plain(html: &str) -> String {
    let words = unescaped(&without_tags(html));
    let cut: String = words.trim().chars().take(LIMIT).collect();
    let escaped = cut.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if escaped.is_empty() { "…".to_owned() } else { escaped }
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
        Screen { text: text.into(), rows: vec![vec![button]] }
    }

    #[test]
    fn the_words_stay_when_the_markup_is_refused() {
        let refused = screen("<b>Замер №12</b>\n5 < 6 & <a href=\"x\">карта</a> &lt;b&gt;");
        let plain = without(Part::Text, &refused);
        assert_eq!(plain.text, "Замер №12\n5 &lt; 6 &amp; карта &lt;b&gt;");
        assert_eq!(plain.rows, refused.rows);
        assert_eq!(without(Part::Keyboard, &refused), Screen { text: refused.text, rows: vec![] });
    }

    #[test]
    fn what_is_left_is_never_empty_and_never_too_long() {
        assert_eq!(without(Part::Text, &screen("<b></b>")).text, "…");
        assert_eq!(without(Part::Text, &screen(&"ж".repeat(5000))).text.chars().count(), LIMIT);
    }
}
