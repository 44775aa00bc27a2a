//! Formatted ranges of a text, as they travel in a `Message`.

use serde::{Deserialize, Serialize};

/// Offset and length are in UTF-16 code units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    #[serde(flatten)]
    pub kind: EntityKind,
    pub offset: usize,
    pub length: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EntityKind {
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Code,
    Pre {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    },
    Blockquote,
    ExpandableBlockquote,
    TextLink {
        url: String,
    },
    CustomEmoji {
        custom_emoji_id: String,
    },
    BotCommand,
    Mention,
    Hashtag,
    Url,
    Email,
    PhoneNumber,
}

/// The server keeps this many entities of a message and forgets the rest.
pub(super) const MAX_ENTITIES: usize = 100;

/// Entities in the order the server sends them: by start, the longer first.
pub(super) fn in_order(mut entities: Vec<Entity>) -> Vec<Entity> {
    entities.sort_by(|a, b| a.offset.cmp(&b.offset).then(b.length.cmp(&a.length)));
    entities.truncate(MAX_ENTITIES);
    entities
}

/// Drops `from_start` units at the beginning and what lies beyond `length` units.
pub(super) fn cropped(entities: Vec<Entity>, from_start: usize, length: usize) -> Vec<Entity> {
    let crop = |entity: Entity| {
        let end = (entity.offset + entity.length).saturating_sub(from_start).min(length);
        let offset = entity.offset.saturating_sub(from_start);
        (end > offset).then(|| Entity { offset, length: end - offset, ..entity })
    };
    entities.into_iter().filter_map(crop).collect()
}
