//! What people said about a measurement.

use chrono::{DateTime, Utc};

use crate::domain::comment::{FileCounts, Place};
use crate::domain::ids::{FileId, MeasurementId};
use crate::domain::user::{Name, Role};

/// What became of a message that says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// False for another part of an album that is a comment already.
    pub is_new: bool,
    /// Its words were too many, and only the first of them are kept.
    pub is_cut: bool,
    /// Its file is larger than what can be copied.
    pub is_too_big: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CommentView {
    pub author: Option<Name>,
    /// As who he spoke, where that is to be told.
    pub role: Option<Role>,
    pub at: DateTime<Utc>,
    pub text: Option<String>,
    pub place: Option<Place>,
    pub files: i64,
}

/// How many files are sent at a press.
pub const FILES_A_PAGE: u8 = 30;

/// A page of a measurement's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesView {
    pub id: MeasurementId,
    pub lead_name: String,
    pub counts: FileCounts,
    /// Those that are shown together, the oldest first.
    pub albums: Vec<Vec<FileId>>,
    /// Before this one there are more.
    pub older: Option<FileId>,
}
