//! What the tests of several parts need.

use std::path::Path;
use std::time::Duration;

use chrono::DateTime;
use shared::clock::Clock;
use shared::config::Settings;
use simulator::telegram::Simulator;
use sqlx::PgPool;
use teloxide::Bot;
use uuid::Uuid;

use crate::app::App;
use crate::config::Config;
use crate::leader::Fence;
use crate::storage::leases;
use crate::telegram::connection;

/// The second at which a test's clock stands at first, since the epoch.
pub const START: i64 = 1_800_000_000;

/// An app over a test's database, with a clock that stands still; `changes` are settings by their names.
pub fn app(db: PgPool, changes: &[(&str, &str)]) -> App {
    let broker = std::env::var("AMQP_URL").unwrap_or_else(|_| "amqp://127.0.0.1".to_owned());
    let mut pairs = vec![
        ("BOT_TOKEN", "42:secret"),
        ("ADMIN_IDS", "1001"),
        ("DATABASE_URL", "postgres://unused"),
        ("AMQP_URL", broker.as_str()),
    ];
    pairs.extend_from_slice(changes);
    let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::from_layers(Path::new("absent"), Path::new("absent"), pairs).unwrap();
    let clock = Clock::manual(DateTime::from_timestamp(START, 0).unwrap());
    let app = App::new(Config::read(&settings).unwrap(), db, clock, Bot::new("42:secret"));
    app.set_bot_username("measurements_bot".into());
    app
}

/// An app that speaks to this Telegram.
pub fn with_telegram(db: PgPool, telegram: &Simulator) -> App {
    let mut app = app(db, &[("BOT_TOKEN", &telegram.token()), ("TELEGRAM_API_URL", &telegram.url())]);
    app.bot = connection::bot(&app.config.telegram).unwrap();
    app
}

/// The fence of a leader whom nobody has replaced.
pub async fn fence(app: &App) -> Fence {
    let conn = &mut app.db.acquire().await.unwrap();
    let epoch = leases::take(conn, Uuid::new_v4(), Duration::from_hours(1)).await.unwrap();
    Fence::new(epoch.expect("nobody leads a test's database"))
}
