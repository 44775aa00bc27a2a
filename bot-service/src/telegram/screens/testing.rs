//! What the tests of screens share: a fixed moment, people, and a reader as strict as Telegram.

use std::iter::Peekable;
use std::str::Chars;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Moscow;

use super::{Context, Screen, Target};
use crate::domain::user::{Language, Name};
use crate::telegram::callback::{Callback, MAX_DATA};
use crate::telegram::words::Words;

/// Markup, an entity, quotes, a direction override, emoji, line breaks, NUL: all that has ever broken a card.
pub fn hostile() -> String {
    let piece = "</b><a href=\"x\">&amp;\u{202E}\u{0}\r\n🔥👨‍👩‍👧 { $x } ";
    piece.chars().cycle().take(5000).collect()
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// 24 November 2026, 15:10 in Moscow.
pub fn russian() -> Context<'static> {
    Context { words: Words::of(Language::Ru), timezone: Moscow, now: at("2026-11-24T12:10:00Z") }
}

pub fn english() -> Context<'static> {
    Context { words: Words::of(Language::En), ..russian() }
}

pub fn name(first: &str, last: &str) -> Name {
    Name { first: first.to_owned(), last: Some(last.to_owned()).filter(|last| !last.is_empty()) }
}

/// A screen as a person sees it, checked against Telegram's rules.
pub fn picture(screen: &Screen) -> String {
    let text = check(screen);
    let rows = screen
        .rows
        .iter()
        .map(|row| row.iter().map(|button| format!("[{}]", button.label)).collect::<Vec<_>>().join(" "));
    std::iter::once(text).chain(rows).collect::<Vec<_>>().join("\n")
}

/// The visible text.
pub fn check(screen: &Screen) -> String {
    let text = shown(&screen.text).unwrap_or_else(|error| panic!("{error} in {}", screen.text));
    let length = text.chars().count();
    assert!((1..=4096).contains(&length), "{length} characters");
    assert!(screen.text.chars().count() <= 65_536, "too much markup");
    assert!(screen.rows.iter().map(Vec::len).sum::<usize>() <= 100, "too many buttons");
    for row in &screen.rows {
        assert!((1..=8).contains(&row.len()), "{row:?}");
        for button in row {
            assert!(!button.label.trim().is_empty() && button.label.chars().count() <= 64, "{button:?}");
            match &button.target {
                Target::Press(data) => {
                    assert!(data.len() <= MAX_DATA && Callback::parse(data).is_some(), "{data}");
                }
                Target::Url(url) => assert!(url.starts_with("https://"), "{url}"),
            }
        }
    }
    text
}

/// Reads Telegram's HTML as far as we use it: `b` and `a`, four named entities.
pub fn shown(html: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut open: Vec<String> = vec![];
    let mut chars = html.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '<' => tag(&until(&mut chars, '>')?, &mut open)?,
            '>' => return Err("a bare >".into()),
            '&' => text.push(entity(&until(&mut chars, ';')?)?),
            c => text.push(c),
        }
    }
    if open.is_empty() { Ok(text) } else { Err(format!("{open:?} never closed")) }
}

fn until(chars: &mut Peekable<Chars<'_>>, end: char) -> Result<String, String> {
    let mut found = String::new();
    loop {
        match chars.next() {
            Some(c) if c == end => return Ok(found),
            Some(c) => found.push(c),
            None => return Err(format!("no {end} after {found}")),
        }
    }
}

fn tag(tag: &str, open: &mut Vec<String>) -> Result<(), String> {
    if let Some(closed) = tag.strip_prefix('/') {
        return if open.pop().as_deref() == Some(closed) {
            Ok(())
        } else {
            Err(format!("stray </{closed}>"))
        };
    }
    let link = tag.strip_prefix("a href=\"").and_then(|rest| rest.strip_suffix('"'));
    match (tag, link) {
        ("b", _) => open.push("b".into()),
        (_, Some(url)) if url.starts_with("https://") && !url.contains(['"', '<', ' ']) => {
            open.push("a".into());
        }
        _ => return Err(format!("unknown <{tag}>")),
    }
    Ok(())
}

fn entity(name: &str) -> Result<char, String> {
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        _ => Err(format!("unknown &{name};")),
    }
}
