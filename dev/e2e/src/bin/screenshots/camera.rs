//! What is taken a picture of, and where it goes.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use e2e::browser::Display;
use e2e::screen::{Screen, chat, message};

pub const PHONE: Display = Display { width: 390, height: 844, is_dark: false };
pub const DESK: Display = Display { width: 1440, height: 900, is_dark: false };
pub const DESK_AT_NIGHT: Display = Display { is_dark: true, ..DESK };
/// A chat as on a phone, but so high that several messages fit.
const CHAT: Display = Display { width: 390, height: 1600, is_dark: false };

/// A guide loads many of them.
const MOST_BYTES: usize = 40_000;
/// The whole page is shown once, in README.
const MOST_BYTES_OF_A_WINDOW: usize = 150_000;

pub struct Camera<'a> {
    pub screen: &'a Screen,
    pub folder: PathBuf,
}

impl Camera<'_> {
    pub async fn look_at_chats(&self) -> Result<()> {
        self.screen.browser.show_on(CHAT).await
    }

    /// The newest message to this person that holds all of `texts`, with its buttons.
    pub async fn message(&self, name: &str, person: i64, texts: &[&str]) -> Result<()> {
        self.screen.turn_to(person).await?;
        let picture = self.screen.picture_of(&message(person, texts)).await?;
        self.keep(name, &picture, MOST_BYTES)
    }

    /// From the oldest message that holds all of `first` to the newest one that holds all of `last`.
    pub async fn messages(&self, name: &str, person: i64, first: &[&str], last: &[&str]) -> Result<()> {
        self.screen.turn_to(person).await?;
        let first = format!("({})[1]", message(person, first));
        let picture = self.screen.picture_from_to(&first, &message(person, last)).await?;
        self.keep(name, &picture, MOST_BYTES)
    }

    pub async fn board(&self) -> Result<()> {
        self.screen.browser.show_on(Display { height: 560, ..DESK }).await?;
        let picture = self.screen.picture_of("//section[@data-pane='deals'][.//*[@data-deal]]").await?;
        self.look_at_chats().await?;
        self.keep("board", &picture, MOST_BYTES)
    }

    /// The whole page, with this person's chat in the middle.
    pub async fn window(&self, name: &str, display: Display, person: i64) -> Result<()> {
        self.screen.browser.show_on(display).await?;
        self.screen.turn_to(person).await?;
        self.screen.find(&chat(person)).await?;
        let (width, height) = (display.width.into(), display.height.into());
        let picture = self.screen.browser.picture(0.0, 0.0, width, height).await?;
        self.keep(name, &picture, MOST_BYTES_OF_A_WINDOW)
    }

    fn keep(&self, name: &str, picture: &[u8], most_bytes: usize) -> Result<()> {
        ensure!(picture.len() <= most_bytes, "{name} has {} bytes", picture.len());
        let path = self.folder.join(format!("{name}.png"));
        std::fs::write(&path, picture).with_context(|| format!("writing {}", path.display()))?;
        println!("{} ({} kB)", path.display(), picture.len() / 1000);
        Ok(())
    }
}
