//! How updates come from Telegram: the leader asks for them, or Telegram posts them to any replica (`http/updates.rs`)
//! and the leader looks after its webhook. Either way an update is stored before Telegram forgets it.
//!
//! ```text
//! polling/    asking, and what stands in the way of it
//! webhook/    keeping our webhook as it must be, or taking it away
//! note.rs     what was learned, for probes and admins
//! ```
//!
//! Changing the way loses nothing: a webhook is set and deleted without dropping what waits, polling begins with
//! whatever Telegram still has, and what comes both ways is stored once.

mod note;
mod polling;
mod webhook;

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::config::TelegramMode;
use crate::leader::Fence;

/// Does the leader's part, by the way that is configured, until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    match app.config.telegram.mode {
        TelegramMode::Polling => polling::run(app, fence, over).await,
        TelegramMode::Webhook => webhook::run(app, fence, over).await,
    }
}
