//! Turns lead events into measurements and carries them through people in Telegram.

pub mod actions;
pub mod app;
pub mod config;
pub mod domain;
pub mod storage;
pub mod telegram;

/// The schema, forward only.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");
