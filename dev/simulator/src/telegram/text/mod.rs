//! Message texts: parsing, cleaning and the limits of their length.

mod entity;
mod html;
pub(super) mod links;

use serde_json::Value;

pub use entity::{Entity, EntityKind};

use super::params::{NotJson, Params};
use super::refusal::Refusal;

/// Characters (code points) of a text after its entities are parsed.
pub(super) const MAX_TEXT: usize = 4096;
/// The same of a caption.
pub(super) const MAX_CAPTION: usize = 1024;
/// Characters of a text as it arrives, markup included.
const MAX_SOURCE: usize = 65536;

/// A text as the server keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Formatted {
    pub text: String,
    pub entities: Vec<Entity>,
    /// What the bot sent, before parsing.
    pub source: String,
}

/// Which words the server uses for a text that is too long.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    New,
    Edit,
}

/// Reads `text`, `parse_mode` and `entities` of a call.
pub(super) fn read(params: &Params, usage: Use) -> Result<Formatted, Refusal> {
    let source = params.text("text").unwrap_or_default().into_owned();
    if source.is_empty() {
        return Err(Refusal::bad_request("message text is empty"));
    }
    if source.chars().count() > MAX_SOURCE {
        return Err(too_long(usage));
    }
    let (text, entities) = parse(params, &source, "entities")?;
    let (text, entities) = trimmed(&text, entities);
    if text.is_empty() {
        return Err(Refusal::bad_request("text must be non-empty"));
    }
    if text.chars().count() > MAX_TEXT {
        return Err(too_long(usage));
    }
    Ok(Formatted { text, entities: entity::in_order(entities), source })
}

/// Reads `caption`, `parse_mode` and `caption_entities`. A caption may be empty.
pub(super) fn read_caption(params: &Params) -> Result<Formatted, Refusal> {
    let too_long = || Refusal::bad_request("message caption is too long");
    let source = params.text("caption").unwrap_or_default().into_owned();
    if source.chars().count() > MAX_SOURCE {
        return Err(too_long());
    }
    let (text, entities) = parse(params, &source, "caption_entities")?;
    let (text, entities) = trimmed(&text, entities);
    if text.chars().count() > MAX_CAPTION {
        return Err(too_long());
    }
    Ok(Formatted { text, entities: entity::in_order(entities), source })
}

fn too_long(usage: Use) -> Refusal {
    Refusal::bad_request(match usage {
        Use::New => "message is too long",
        Use::Edit => "MESSAGE_TOO_LONG",
    })
}

/// Where no markup is parsed, the entities stand in the argument of this name.
fn parse(params: &Params, source: &str, entities: &str) -> Result<(String, Vec<Entity>), Refusal> {
    let cleaned = cleaned(source);
    match params.text("parse_mode").unwrap_or_default().to_lowercase().as_str() {
        "" | "none" => Ok((cleaned, given_entities(params, entities)?)),
        "html" => html::parse(&cleaned)
            .map_err(|reason| Refusal::bad_request(&format!("can't parse entities: {reason}"))),
        // Markdown exists on the real server; nothing here sends it.
        _ => Err(Refusal::bad_request("unsupported parse_mode")),
    }
}

fn given_entities(params: &Params, name: &str) -> Result<Vec<Entity>, Refusal> {
    let wrong = || Refusal::bad_request("can't parse MessageEntity");
    match params.json(name).map_err(|NotJson| wrong())? {
        None => Ok(vec![]),
        Some(list @ Value::Array(_)) => serde_json::from_value(list).map_err(|_| wrong()),
        Some(_) => Err(wrong()),
    }
}

/// Control characters become spaces, carriage returns vanish.
fn cleaned(text: &str) -> String {
    text.chars().filter(|c| *c != '\r').map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

fn trimmed(text: &str, entities: Vec<Entity>) -> (String, Vec<Entity>) {
    let text = text.trim_end();
    let kept = text.trim_start();
    let from_start = utf16_length(&text[..text.len() - kept.len()]);
    (kept.to_owned(), entity::cropped(entities, from_start, utf16_length(kept)))
}

pub(super) fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}
