//! What is wrong with the configuration, all of it at once.

use std::fmt;

/// Why a setting cannot be used. The text is for the person who runs the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("{name} is missing; expected {expected}")]
    Missing { name: &'static str, expected: &'static str },
    #[error("{name} is {found}; expected {expected}")]
    Bad { name: &'static str, found: String, expected: &'static str },
    #[error("config.toml has an unknown name {0}; the names are those of .env.example")]
    Unknown(String),
    #[error("{file} cannot be read: {reason}")]
    File { file: &'static str, reason: String },
}

/// Everything that is wrong, in the order it was found; each thing once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    /// The value, if there is one; else what is wrong is kept.
    pub fn gather<T, E: Into<Self>>(&mut self, result: Result<T, E>) -> Option<T> {
        result.map_err(|errors| self.add(errors)).ok()
    }

    pub fn add(&mut self, errors: impl Into<Self>) {
        for error in errors.into().0 {
            if !self.0.contains(&error) {
                self.0.push(error);
            }
        }
    }

    /// What `build` makes of the gathered values; it gets no further than to one that is not there.
    ///
    /// # Errors
    ///
    /// If anything is wrong.
    pub fn unless_any<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, Self> {
        if self.0.is_empty() { build().ok_or(self) } else { Err(self) }
    }

    pub fn iter(&self) -> impl Iterator<Item = &ConfigError> {
        self.0.iter()
    }
}

impl From<ConfigError> for ConfigErrors {
    fn from(error: ConfigError) -> Self {
        Self(vec![error])
    }
}

impl fmt::Display for ConfigErrors {
    /// A line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, error) in self.0.iter().enumerate() {
            let end = if place == 0 { "" } else { "\n" };
            write!(f, "{end}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
