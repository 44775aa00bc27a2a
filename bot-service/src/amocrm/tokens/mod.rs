//! Where the access token comes from.

use std::sync::Arc;

use reqwest::Url;
use secrecy::SecretString;
use shared::clock::Clock;
use sqlx::PgPool;

use super::error::AmoCrmError;
use crate::config::AmoCrmConfig;

mod renewal;

pub use renewal::Renewal;

/// A source of access tokens. A call asks for one each time.
#[derive(Clone)]
pub enum Tokens {
    /// Made by hand in the account's settings; valid for up to five years, never renewed.
    LongLived(SecretString),
    /// A pair in the database, renewed every day.
    Renewed(Arc<Renewal>),
}

impl Tokens {
    /// The token that needs no renewal; none if there is none, or the account is not to be called.
    pub fn long_lived(config: &AmoCrmConfig) -> Option<Self> {
        let token = config.access_token.clone().filter(|_| config.oauth.is_none());
        token.map(Self::LongLived)
    }

    /// Whatever is configured. With OAuth, the pair of the settings is stored if it is a new one.
    ///
    /// # Errors
    ///
    /// If the database does not answer.
    pub async fn open(config: &AmoCrmConfig, db: &PgPool, clock: &Clock) -> anyhow::Result<Option<Self>> {
        let (Some(oauth), Some(base)) = (&config.oauth, &config.base_url) else {
            return Ok(Self::long_lived(config));
        };
        let endpoint: Url = base.join("/oauth2/access_token")?;
        let renewal = Renewal::new(oauth.clone(), endpoint, db.clone(), clock.clone())?;
        renewal.plant(config.access_token.as_ref()).await?;
        Ok(Some(Self::Renewed(Arc::new(renewal))))
    }

    /// The token for the next call.
    ///
    /// # Errors
    ///
    /// If there is none now. A long-lived one is always there, whether AmoCRM accepts it or not.
    pub async fn access_token(&self) -> Result<SecretString, AmoCrmError> {
        match self {
            Self::LongLived(token) => Ok(token.clone()),
            // On the heap: a renewal is rare, and would make the future of every call larger.
            Self::Renewed(renewal) => Box::pin(renewal.access_token(None)).await,
        }
    }

    /// Another token than this one, which AmoCRM has refused; none if there is no other.
    ///
    /// # Errors
    ///
    /// As [`Tokens::access_token`].
    pub async fn instead_of(&self, refused: &SecretString) -> Result<Option<SecretString>, AmoCrmError> {
        match self {
            Self::LongLived(_) => Ok(None),
            Self::Renewed(renewal) => Box::pin(renewal.access_token(Some(refused))).await.map(Some),
        }
    }

    /// Waits until every pair that was asked for is stored.
    pub async fn finish(&self) {
        if let Self::Renewed(renewal) = self {
            renewal.finish().await;
        }
    }
}

#[cfg(test)]
mod tests;
