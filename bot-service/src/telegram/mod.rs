//! How the product looks and listens in Telegram.

pub mod callback;
pub mod roles;
pub mod screens;
pub mod sender;
pub mod toasts;
pub mod words;
