//! Pure screens: data in, text and buttons out. Nothing here reads a clock or a database.

use serde::{Deserialize, Serialize};

/// A message as a person sees it. Its JSON is stored in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// Telegram HTML; at most 4096 characters as shown.
    pub text: String,
    /// Inline buttons, row by row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Vec<Button>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    pub label: String,
    pub target: Target,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Callback data, at most 64 bytes.
    Press(String),
    Url(String),
}
