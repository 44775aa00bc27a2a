//! Files on their way to a chat: as Telegram knows them, and where it does not know them any more, from our own copies.

use reqwest::Body;

use super::call::Call;
use crate::app::App;
use crate::domain::comment::FileKind;
use crate::domain::ids::ChatId;
use crate::storage::files::File;
use crate::telegram::screens::{Row, Screen};
use crate::telegram::sender::failure::Part;
use crate::telegram::sender::media::{self, Content, Item};
use crate::telegram::sender::{Failure, Trouble};

/// One file, or several that Telegram shows together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    pub files: Vec<Captioned>,
    pub from: Source,
    /// Under one file; an album has none.
    pub rows: Vec<Row>,
    /// What is said where no file can be sent.
    pub screen: Screen,
    pub reply_to: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captioned {
    pub file: File,
    /// Telegram HTML.
    pub caption: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Telegram,
    Copies,
}

impl Album {
    /// What can still be sent where Telegram does not know the files any more; none where there is no copy, or copies
    /// are refused too.
    pub fn of_copies(&self) -> Option<Self> {
        let is_copied = |captioned: &&Captioned| captioned.file.sha256.is_some();
        let files: Vec<_> = self.files.iter().filter(is_copied).cloned().collect();
        let is_possible = self.from == Source::Telegram && !files.is_empty();
        is_possible.then(|| Self { files, from: Source::Copies, ..self.clone() })
    }

    /// Returns the id of its first message.
    pub async fn send(&self, app: &App, chat: ChatId) -> Result<i32, Failure> {
        let mut items = Vec::with_capacity(self.files.len());
        for Captioned { file, caption } in &self.files {
            let content = self.content(app, file).await?;
            items.push(Item { kind: file.kind, caption: caption.clone(), content });
        }
        media::media(&app.bot, chat, items, &self.rows, self.reply_to).await
    }

    async fn content(&self, app: &App, file: &File) -> Result<Content, Failure> {
        let Some(sha) = file.sha256.filter(|_| self.from == Source::Copies) else {
            return Ok(Content::Known(file.file_id.clone()));
        };
        match app.store.read(&sha).await {
            Ok((size, content)) => {
                Ok(Content::Copy { name: name(file), size, body: Body::wrap_stream(content) })
            }
            Err(error) => {
                tracing::warn!(file_id = %file.id, error = &error as &dyn std::error::Error, "A copy cannot be read");
                let is_gone = matches!(error, object_store::Error::NotFound { .. });
                let trouble = if is_gone { Trouble::Malformed(Part::Text) } else { Trouble::Retry };
                Err(Failure::new(trouble, "a copy cannot be read"))
            }
        }
    }
}

impl From<Album> for Call {
    fn from(album: Album) -> Self {
        Self::Files(album)
    }
}

/// Telegram goes by the end of a name.
fn name(file: &File) -> String {
    let plain = match file.kind {
        FileKind::Photo => "photo.jpg",
        FileKind::Video | FileKind::VideoNote | FileKind::Animation => "video.mp4",
        FileKind::Voice => "voice.ogg",
        FileKind::Audio => "audio.mp3",
        FileKind::Document => "file",
    };
    file.name.clone().unwrap_or_else(|| plain.to_owned())
}
