//! The page to play every role, in a real browser: by clicks alone, on the real services.

mod deals;
mod people;
mod stage;
mod trouble;
