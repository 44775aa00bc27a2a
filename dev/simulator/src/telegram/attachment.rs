//! Files other than photos: the server keeps them as they are.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

/// Bots get no larger file, in bytes.
pub(super) const MOST_FETCHED: u64 = 20 * 1024 * 1024;
/// Nor can they upload one.
const MOST_UPLOADED: usize = 50 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentKind {
    Video,
    Animation,
    VideoNote,
    Voice,
    Audio,
    Document,
}

/// A file of known size. `bytes` are fewer where nobody will look at them.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The same wherever the file is sent again.
    pub(super) id: Uuid,
    pub kind: AttachmentKind,
    pub name: Option<String>,
    pub mime: Option<String>,
    pub size: u64,
    pub bytes: Arc<[u8]>,
}

impl AttachmentKind {
    /// Its field in a message, and the argument of the method that sends it.
    pub fn field(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Animation => "animation",
            Self::VideoNote => "video_note",
            Self::Voice => "voice",
            Self::Audio => "audio",
            Self::Document => "document",
        }
    }

    /// As refusals call it.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Video => "Video",
            Self::Animation => "Animation",
            Self::VideoNote => "VideoNote",
            Self::Voice => "VoiceNote",
            Self::Audio => "Audio",
            Self::Document => "Document",
        }
    }

    /// Round videos have none.
    pub(super) fn has_caption(self) -> bool {
        self != Self::VideoNote
    }
}

impl Attachment {
    pub fn new(kind: AttachmentKind, bytes: &[u8]) -> Self {
        Self {
            id: Uuid::new_v4(),
            kind,
            name: None,
            mime: None,
            size: bytes.len() as u64,
            bytes: bytes.into(),
        }
    }

    #[must_use]
    pub fn named(self, name: &str, mime: &str) -> Self {
        Self { name: Some(name.to_owned()), mime: Some(mime.to_owned()), ..self }
    }

    /// Says that it is so large, whatever is in it.
    #[must_use]
    pub fn of_size(self, size: u64) -> Self {
        Self { size, ..self }
    }

    /// What was uploaded, if it can be taken.
    pub(super) fn uploaded(kind: AttachmentKind, bytes: &[u8], name: Option<&str>) -> Option<Self> {
        let fits = (1..=MOST_UPLOADED).contains(&bytes.len());
        fits.then(|| Self { name: name.map(str::to_owned), ..Self::new(kind, bytes) })
    }

    pub(super) fn file_id(&self) -> String {
        format!("{}-{}", self.kind.field().replace('_', ""), self.id.simple())
    }

    /// The object that stands for it in a message.
    pub(super) fn to_json(&self) -> Value {
        let mut object = json!({
            "file_id": self.file_id(),
            "file_unique_id": format!("unique-{}", self.id.simple()),
            "file_size": self.size,
        });
        let mut set = |field: &str, value: Value| object[field] = value;
        match self.kind {
            AttachmentKind::Video | AttachmentKind::Animation => {
                set("width", 640.into());
                set("height", 360.into());
                set("duration", 3.into());
            }
            AttachmentKind::VideoNote => {
                set("length", 240.into());
                set("duration", 3.into());
            }
            AttachmentKind::Voice | AttachmentKind::Audio => set("duration", 3.into()),
            AttachmentKind::Document => {}
        }
        let has_name = !matches!(self.kind, AttachmentKind::Voice | AttachmentKind::VideoNote);
        if let Some(name) = self.name.as_deref().filter(|_| has_name) {
            set("file_name", name.into());
        }
        if let Some(mime) = self.mime.as_deref().filter(|_| self.kind != AttachmentKind::VideoNote) {
            set("mime_type", mime.into());
        }
        object
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({:?}, {} bytes)", self.kind.type_name(), self.name, self.size)
    }
}
