//! AmoCRM's answers are mended like its hooks.

pub use shared::json::read;
