//! What every part of the running service shares.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use shared::clock::Clock;
use sqlx::PgPool;
use teloxide::Bot;

use crate::config::Config;

/// Cheap to clone. Deliberately without `Debug`: a [`Bot`] would print its token.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub db: PgPool,
    pub clock: Clock,
    pub bot: Bot,
    /// The bot's name in `t.me/<name>`, without `@`.
    pub bot_username: Arc<str>,
}

impl App {
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
