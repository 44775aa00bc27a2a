//! What every part of the running service shares.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use shared::clock::Clock;
use sqlx::PgPool;
use teloxide::Bot;

use crate::config::Config;
use crate::files::Store;
use crate::presence::Answers;

/// Cheap to clone. Deliberately without `Debug`: a [`Bot`] would print its token.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub db: PgPool,
    pub clock: Clock,
    pub bot: Bot,
    /// What people send is copied to it.
    pub store: Store,
    pub answers: Answers,
    /// Learnt from Telegram once it can be reached.
    bot_username: Arc<OnceLock<String>>,
    timezone: Arc<RwLock<Tz>>,
}

impl App {
    pub fn new(config: Config, db: PgPool, clock: Clock, bot: Bot, store: Store) -> Self {
        let timezone = Arc::new(RwLock::new(config.timezone));
        Self {
            config: Arc::new(config),
            db,
            clock,
            bot,
            store,
            answers: Answers::default(),
            bot_username: Arc::default(),
            timezone,
        }
    }

    /// The bot's name in `t.me/<name>`, without `@`, once Telegram has told it.
    pub fn bot_username(&self) -> Option<&str> {
        self.bot_username.get().map(String::as_str)
    }

    /// Names do not change while a process lives: the first stays.
    pub fn set_bot_username(&self, username: String) {
        self.bot_username.get_or_init(|| username);
    }

    /// The company's, in which times are shown and days begin.
    pub fn timezone(&self) -> Tz {
        *self.timezone.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None`: the one that the service was started with.
    pub fn set_timezone(&self, timezone: Option<Tz>) {
        *self.timezone.write().unwrap_or_else(PoisonError::into_inner) =
            timezone.unwrap_or(self.config.timezone);
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
