//! Where messages may wait, and how much of them.

use std::path::PathBuf;
use std::str::FromStr;

use shared::config::{ConfigErrors, Settings};

/// By far more than one webhook brings.
const LEAST_BYTES: u64 = 16 << 20;
const DEFAULT_BYTES: u64 = 1 << 30;

#[derive(Debug, Clone)]
pub struct SpoolConfig {
    /// None: what the broker does not take is refused.
    pub dir: Option<PathBuf>,
    /// Of all files in the folder together.
    pub max_bytes: u64,
}

impl SpoolConfig {
    /// # Errors
    ///
    /// If `SPOOL_MAX_BYTES` cannot be used.
    pub fn read(settings: &Settings) -> Result<Self, ConfigErrors> {
        let dir = settings.text("SPOOL_DIR").map(PathBuf::from);
        let expected = "a number of bytes, at least 16777216";
        let MaxBytes(max_bytes) = settings.or("SPOOL_MAX_BYTES", MaxBytes(DEFAULT_BYTES), expected)?;
        Ok(Self { dir, max_bytes })
    }
}

struct MaxBytes(u64);

impl FromStr for MaxBytes {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let bytes = text.parse().ok().filter(|bytes| *bytes >= LEAST_BYTES);
        bytes.map(Self).ok_or(())
    }
}
