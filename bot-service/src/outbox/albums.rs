//! Files on their way to a chat: as Telegram knows them, and where it does not know them any more, from our own copies.
//! What is refused both ways together is tried one by one, so that a file that nobody has costs only itself.

use std::time::Duration;

use reqwest::Body;
use tokio::time::timeout;

use super::call::Call;
use crate::app::App;
use crate::domain::comment::FileKind;
use crate::domain::ids::ChatId;
use crate::storage::files::File;
use crate::telegram::screens::{Row, Screen};
use crate::telegram::sender::media::{self, Content, Item, UPLOADED_UP_TO};
use crate::telegram::sender::{Failure, Trouble};

/// How long our own storage may take to begin with a copy, while the chat waits.
const BEGINS_WITHIN: Duration = Duration::from_secs(10);

/// One file, or several that Telegram shows together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    pub files: Vec<Captioned>,
    pub from: Source,
    /// Under one file; an album has none.
    pub rows: Vec<Row>,
    /// What is said where nothing of it can be sent; none where each file is then tried alone.
    pub lost: Option<Screen>,
    /// What is said where our own storage does not answer.
    pub away: Screen,
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
    /// What to ask instead of what did not go out; none where it is to be tried later, or one by one.
    pub fn instead(&self, trouble: Trouble) -> Option<Call> {
        let say = |screen: &Screen| Call::Send { screen: screen.clone(), reply_to: self.reply_to };
        match trouble {
            Trouble::Malformed(_) => match self.of_copies() {
                Some(copies) => Some(copies.into()),
                None => self.lost.as_ref().map(say),
            },
            Trouble::Storage => Some(say(&self.away)),
            _ => None,
        }
    }

    /// The same with copies in place of all that was copied; none where nothing was, where they are too large for one
    /// message, or where they are refused too.
    fn of_copies(&self) -> Option<Self> {
        let mut copied = self.files.iter().filter(|captioned| captioned.file.sha256.is_some()).peekable();
        let is_any = copied.peek().is_some();
        let size: i64 = copied.map(|captioned| captioned.file.size.unwrap_or_default()).sum();
        let is_possible = self.from == Source::Telegram && is_any && size <= UPLOADED_UP_TO;
        is_possible.then(|| Self { from: Source::Copies, ..self.clone() })
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

    /// Of a copy that is gone Telegram may still know the file.
    async fn content(&self, app: &App, file: &File) -> Result<Content, Failure> {
        let known = || Ok(Content::Known(file.file_id.clone()));
        let Some(sha) = file.sha256.filter(|_| self.from == Source::Copies) else { return known() };
        let away = |why: &str| Err(Failure::new(Trouble::Storage, why));
        match timeout(BEGINS_WITHIN, app.store.read(&sha)).await {
            Ok(Ok(Some((size, content)))) => {
                Ok(Content::Copy { name: name(file), size, body: Body::wrap_stream(content) })
            }
            Ok(Ok(None)) => {
                tracing::warn!(file_id = %file.id, "A copy is not there any more");
                known()
            }
            Ok(Err(error)) => {
                tracing::warn!(file_id = %file.id, error = &error as &dyn std::error::Error, "A copy cannot be read");
                away("a copy cannot be read")
            }
            Err(_) => {
                tracing::warn!(file_id = %file.id, "A copy is not given in time");
                away("a copy is not given in time")
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
