//! Start tags: which exist, and what their attributes mean.

use super::cursor::{Cursor, is_space};
use crate::telegram::text::{EntityKind, links};

const TAGS: [&str; 17] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "tg-time",
    "span",
    "pre",
    "code",
    "blockquote",
];

/// A start tag; `argument` is the one attribute that matters for its kind.
pub(super) struct Tag {
    pub name: String,
    pub argument: Option<String>,
}

impl Tag {
    /// Reads a tag whose `<` (at byte `begin`) has just been passed.
    pub fn read(cursor: &mut Cursor<'_>, begin: usize) -> Result<Self, String> {
        let name = cursor.take_while(|c| !is_space(c) && c != '>').to_ascii_lowercase();
        if cursor.peek().is_none() {
            return Err(format!("Unclosed start tag at byte offset {begin}"));
        }
        if !TAGS.contains(&name.as_str()) {
            return Err(format!("Unsupported start tag \"{name}\" at byte offset {begin}"));
        }
        let mut tag = Self { name, argument: None };
        while tag.read_attribute(cursor, begin)? {}
        if tag.name == "span" && tag.argument.as_deref() != Some("spoiler") {
            return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"));
        }
        Ok(tag)
    }

    /// `Ok(false)` when the tag has ended.
    fn read_attribute(&mut self, cursor: &mut Cursor<'_>, begin: usize) -> Result<bool, String> {
        let unclosed = || format!("Unclosed start tag \"{}\" at byte offset {begin}", self.name);
        cursor.skip_spaces();
        if cursor.eat('>') {
            return Ok(false);
        }
        let attribute = cursor.take_while(|c| !is_space(c) && !matches!(c, '=' | '>' | '/' | '"' | '\''));
        if attribute.is_empty() {
            return Err(match cursor.peek() {
                None => unclosed(),
                Some(_) => {
                    format!("Empty attribute name in the tag \"{}\" at byte offset {begin}", self.name)
                }
            });
        }
        cursor.skip_spaces();
        let value = if cursor.eat('=') { read_value(cursor)? } else { String::new() };
        if cursor.peek().is_none() {
            return Err(unclosed());
        }
        self.keep(attribute, value);
        Ok(true)
    }

    fn keep(&mut self, attribute: &str, value: String) {
        let argument = match (self.name.as_str(), attribute) {
            ("a", "href") | ("tg-emoji", "emoji-id") => Some(value),
            ("code", "class") => value.strip_prefix("language-").map(str::to_owned),
            ("span", "class") => value.strip_prefix("tg-").map(str::to_owned),
            ("blockquote", "expandable") => Some("expandable".to_owned()),
            _ => None,
        };
        self.argument = argument.or(self.argument.take());
    }

    /// The formatting this tag gives to `content`; `None` where the server drops it silently.
    pub fn format(self, content: &str) -> Option<EntityKind> {
        Some(match self.name.as_str() {
            "b" | "strong" => EntityKind::Bold,
            "i" | "em" => EntityKind::Italic,
            "u" | "ins" => EntityKind::Underline,
            "s" | "strike" | "del" => EntityKind::Strikethrough,
            "tg-spoiler" | "span" => EntityKind::Spoiler,
            "pre" => EntityKind::Pre { language: None },
            "code" => EntityKind::Code,
            "blockquote" if self.argument.is_some() => EntityKind::ExpandableBlockquote,
            "blockquote" => EntityKind::Blockquote,
            "tg-emoji" => EntityKind::CustomEmoji { custom_emoji_id: self.argument? },
            "a" => {
                let url = self.argument.filter(|url| !url.is_empty()).unwrap_or_else(|| content.to_owned());
                links::check(&url).ok()?;
                EntityKind::TextLink { url }
            }
            _ => return None,
        })
    }
}

fn read_value(cursor: &mut Cursor<'_>) -> Result<String, String> {
    cursor.skip_spaces();
    let begin = cursor.at;
    let Some(quote @ ('"' | '\'')) = cursor.peek() else {
        let token = cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
        return match cursor.peek() {
            Some(c) if !is_space(c) && c != '>' => {
                Err(format!("Unexpected end of name token at byte offset {begin}"))
            }
            _ => Ok(token.to_ascii_lowercase()),
        };
    };
    cursor.eat(quote);
    let mut value = String::new();
    while !cursor.eat(quote) {
        let Some(next) = cursor.character_reference().or_else(|| cursor.next()) else { break };
        value.push(next);
    }
    Ok(value)
}
