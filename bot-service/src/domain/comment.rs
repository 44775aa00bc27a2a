//! What people say about a measurement: words, files and places.

use super::ids::ChatId;

/// Telegram gives bots no larger file, in bytes.
pub const COPIED_UP_TO: i64 = 20 * 1024 * 1024;
/// Characters of a comment. What is more is cut off, and its author told.
pub const TEXT: usize = 2_000;

/// How a file was sent, and will be sent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Photo,
    Video,
    /// A short video without sound.
    Animation,
    /// A round video.
    VideoNote,
    Voice,
    /// Music.
    Audio,
    Document,
}

impl FileKind {
    pub const ALL: [Self; 7] = [
        Self::Photo,
        Self::Video,
        Self::Animation,
        Self::VideoNote,
        Self::Voice,
        Self::Audio,
        Self::Document,
    ];

    /// As it stands in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Animation => "animation",
            Self::VideoNote => "video_note",
            Self::Voice => "voice",
            Self::Audio => "audio",
            Self::Document => "document",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Round videos have none.
    pub fn has_caption(self) -> bool {
        self != Self::VideoNote
    }

    /// Which of an album's families it belongs to; none for what goes alone.
    pub fn family(self) -> Option<Self> {
        match self {
            Self::Photo | Self::Video => Some(Self::Photo),
            Self::Audio | Self::Document => Some(self),
            Self::Animation | Self::VideoNote | Self::Voice => None,
        }
    }
}

/// A file as Telegram describes it.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    pub kind: FileKind,
    /// By this it is fetched and sent on.
    pub file_id: String,
    /// The same wherever the same file is sent.
    pub file_unique_id: String,
    pub name: Option<String>,
    pub mime: Option<String>,
    /// In bytes, where Telegram says it.
    pub size: Option<i64>,
}

impl Attachment {
    /// Whether it can never be copied.
    pub fn is_too_big(&self) -> bool {
        self.size.is_some_and(|size| size > COPIED_UP_TO)
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub latitude: f64,
    pub longitude: f64,
}

/// How many files a measurement has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileCounts {
    pub all: i64,
    /// To be copied, and not failing yet.
    pub waiting: i64,
    /// Failing, or given up.
    pub failed: i64,
}

/// Why a file is not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCopied {
    /// Telegram gives bots none so large.
    TooBig,
    /// Telegram does not know it any more, or not at this moment.
    Refused,
    /// Telegram does not answer, or asks to be left alone.
    Telegram,
    /// Our own storage does not take it.
    Storage,
}

impl NotCopied {
    /// As it stands in the database, and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooBig => "too_big",
            Self::Refused => "refused",
            Self::Telegram => "telegram",
            Self::Storage => "storage",
        }
    }
}

/// One message that says something. The parts of an album are one each, and together one comment.
#[derive(Clone, PartialEq)]
pub struct Remark {
    pub chat: ChatId,
    pub message_id: i32,
    pub text: Option<String>,
    pub file: Option<Attachment>,
    pub place: Option<Place>,
    /// What the parts of an album have in common.
    pub album: Option<String>,
}

/// The words of a comment as they are kept, none where there are none, and whether something was cut off.
pub fn words(text: &str) -> (Option<String>, bool) {
    let text = text.trim();
    let kept: String = text.chars().take(TEXT).collect();
    let is_cut = kept.len() < text.len();
    (Some(kept.trim_end().to_owned()).filter(|kept| !kept.is_empty()), is_cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_up_to_a_length_and_none_are_none() {
        assert_eq!(words(" Домофон 12\n"), (Some("Домофон 12".into()), false));
        assert_eq!(words(" \n "), (None, false));
        let (kept, is_cut) = words(&"ж".repeat(TEXT + 1));
        assert_eq!((kept.unwrap().chars().count(), is_cut), (TEXT, true));
        assert_eq!(words(&"ж".repeat(TEXT)), (Some("ж".repeat(TEXT)), false));
    }

    #[test]
    fn kinds_have_names() {
        for kind in FileKind::ALL {
            assert_eq!(FileKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(FileKind::parse("sticker"), None);
    }
}
