//! OAuth of the integration, as far as it is configured.

use secrecy::SecretString;
use shared::config::{ConfigError, ConfigErrors, Settings};

/// What it takes to renew tokens. The refresh token is where the first pair comes from; later ones are stored.
#[derive(Debug, Clone)]
pub struct OAuthConfig {
    pub client_id: String,
    pub client_secret: SecretString,
    pub redirect_uri: String,
    pub refresh_token: SecretString,
}

const CLIENT_ID: &str = "AMOCRM_CLIENT_ID";
const CLIENT_SECRET: &str = "AMOCRM_CLIENT_SECRET";
const REDIRECT_URI: &str = "AMOCRM_REDIRECT_URI";
const REFRESH_TOKEN: &str = "AMOCRM_REFRESH_TOKEN";

impl OAuthConfig {
    /// None without a refresh token; with one, everything else must be there.
    pub(crate) fn read(settings: &Settings) -> Result<Option<Self>, ConfigErrors> {
        let Some(refresh_token) = settings.secret(REFRESH_TOKEN) else { return Ok(None) };
        let mut errors = ConfigErrors::default();
        let text = |name, expected| {
            settings.text(name).map(str::to_owned).ok_or(ConfigError::Missing { name, expected })
        };
        let client_id = errors.gather(text(CLIENT_ID, "the id of the integration"));
        let client_secret =
            errors.gather(settings.required_secret(CLIENT_SECRET, "the secret key of the integration"));
        let redirect_uri = errors.gather(text(REDIRECT_URI, "the integration's own redirect address"));
        errors.unless_any(|| {
            let (client_id, client_secret, redirect_uri) = (client_id?, client_secret?, redirect_uri?);
            Some(Some(Self { client_id, client_secret, redirect_uri, refresh_token }))
        })
    }
}
