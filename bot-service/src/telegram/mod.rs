//! How the product looks and listens in Telegram.

pub mod screens;
pub mod sender;
