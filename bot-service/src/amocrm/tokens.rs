//! Where the access token comes from.

use secrecy::SecretString;

use super::error::AmoCrmError;
use crate::config::AmoCrmConfig;

/// A source of access tokens. A call asks for one each time, so that a source which renews them fits in.
#[derive(Debug, Clone)]
pub enum Tokens {
    /// Made by hand in the account's settings; valid for up to five years, never renewed.
    LongLived(SecretString),
}

impl Tokens {
    /// None if the account is not to be called.
    pub fn from_config(config: &AmoCrmConfig) -> Option<Self> {
        config.access_token.clone().map(Self::LongLived)
    }

    /// The token for the next call.
    ///
    /// # Errors
    ///
    /// If there is none now. A long-lived one is always there, whether AmoCRM accepts it or not.
    #[expect(clippy::unused_async, reason = "a source that renews its tokens has to wait for them")]
    pub async fn access_token(&self) -> Result<SecretString, AmoCrmError> {
        match self {
            Self::LongLived(token) => Ok(token.clone()),
        }
    }
}
