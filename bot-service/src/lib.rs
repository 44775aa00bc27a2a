//! Turns lead events into measurements and carries them through people in Telegram.

pub mod actions;
pub mod amocrm;
pub mod app;
pub mod check;
pub mod complaint;
pub mod config;
pub mod consumer;
pub mod database;
pub mod domain;
pub mod files;
pub mod format;
pub mod http;
pub mod jobs;
pub mod leader;
pub mod outbox;
pub mod presence;
pub mod reception;
pub mod run;
pub mod storage;
pub mod sync;
pub mod telegram;
pub mod updates;
pub mod wake;
pub mod wall;

#[cfg(test)]
mod migration_tests;
#[cfg(test)]
mod outage_tests;
#[cfg(test)]
mod test_app;
#[cfg(test)]
mod test_relay;
#[cfg(test)]
pub(crate) mod testing;

/// The schema, forward only.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");
