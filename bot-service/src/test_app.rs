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
use crate::files::Store;
use crate::leader::Fence;
use crate::storage::leases;
use crate::telegram::connection;

/// The second at which a test's clock stands at first, since the epoch.
pub const START: i64 = 1_800_000_000;

/// An app over a test's database, with a clock that stands still; `changes` are settings by their names.
pub fn app(db: PgPool, changes: &[(&str, &str)]) -> App {
    let broker = std::env::var("AMQP_URL").unwrap_or_else(|_| "amqp://127.0.0.1".to_owned());
    // One for all tests: what lies there is named by its content.
    let files = std::env::temp_dir().join("zamer-files-of-tests");
    let mut pairs = vec![
        ("BOT_TOKEN", "42:secret"),
        ("ADMIN_IDS", "1001"),
        ("DATABASE_URL", "postgres://unused"),
        ("AMQP_URL", broker.as_str()),
        ("FILES_URL", files.to_str().unwrap()),
    ];
    pairs.extend_from_slice(changes);
    let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::from_layers(Path::new("absent"), Path::new("absent"), pairs).unwrap();
    let clock = Clock::manual(DateTime::from_timestamp(START, 0).unwrap());
    let config = Config::read(&settings).unwrap();
    let store = Store::open(&config.files).unwrap();
    let app = App::new(config, db, clock, Bot::new("42:secret"), store);
    app.set_bot_username("measurements_bot".into());
    app
}

/// An app that speaks to this Telegram.
pub fn with_telegram(db: PgPool, telegram: &Simulator) -> App {
    with_telegram_and(db, telegram, &[])
}

/// The same with other settings.
pub fn with_telegram_and(db: PgPool, telegram: &Simulator, changes: &[(&str, &str)]) -> App {
    let (token, url) = (telegram.token(), telegram.url());
    let place = [("BOT_TOKEN", token.as_str()), ("TELEGRAM_API_URL", url.as_str())];
    let mut app = app(db, &[&place, changes].concat());
    app.bot = connection::bot(&app.config.telegram).unwrap();
    app
}

/// The fence of a leader whom nobody has replaced.
pub async fn fence(app: &App) -> Fence {
    let conn = &mut app.db.acquire().await.unwrap();
    let taken = leases::take(conn, Uuid::new_v4(), Duration::from_hours(1)).await.unwrap();
    Fence::new(taken.expect("nobody leads a test's database").epoch)
}

/// The settings for this bucket, whose files begin with `files/`.
pub fn of_bucket(bucket: &simulator::s3::Simulator) -> Vec<(&'static str, String)> {
    let key = bucket.options().key.clone();
    vec![
        ("FILES_URL", format!("s3://{}/files", bucket.options().bucket)),
        ("AWS_ENDPOINT_URL", bucket.url()),
        ("AWS_ACCESS_KEY_ID", key.id),
        ("AWS_SECRET_ACCESS_KEY", key.secret),
        ("AWS_REGION", key.region),
    ]
}
