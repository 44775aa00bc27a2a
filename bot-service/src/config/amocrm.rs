//! How AmoCRM is reached.

use secrecy::SecretString;
use shared::config::{ConfigError, ConfigErrors, Settings, Subdomain};
use shared::ids::AccountId;

use super::token::TokenTimes;
use super::{OAuthConfig, address};

#[derive(Debug, Clone)]
pub struct AmoCrmConfig {
    pub account_id: Option<AccountId>,
    /// Where the API is; none when neither a subdomain nor an address is configured.
    pub base_url: Option<reqwest::Url>,
    /// A long-lived token, or with OAuth the first of many. Without either, measurements live by the webhooks' own
    /// data.
    pub access_token: Option<SecretString>,
    pub oauth: Option<OAuthConfig>,
    pub requests_per_second: f64,
    /// Whether the webhook is made and repaired through the API, where there is a token.
    pub manages_webhook: bool,
}

impl AmoCrmConfig {
    pub(crate) fn read(settings: &Settings) -> Result<Self, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let account_id = errors.gather(settings.optional("AMOCRM_ACCOUNT_ID", "the account's number"));
        let access_token = settings.secret("AMOCRM_ACCESS_TOKEN");
        let base_url = errors.gather(base_url(settings));
        let oauth = errors.gather(OAuthConfig::read(settings));
        let has_token = access_token.is_some() || settings.text("AMOCRM_REFRESH_TOKEN").is_some();
        if has_token && base_url == Some(None) {
            errors.add(ConfigError::Missing { name: "AMOCRM_SUBDOMAIN", expected: Subdomain::EXPECTED });
        }
        let requests_per_second = errors.gather(requests_per_second(settings));
        let manages_webhook = errors.gather(settings.or("AMOCRM_MANAGE_WEBHOOK", true, "true or false"));
        errors.unless_any(|| {
            let (account_id, base_url) = (account_id?, base_url?);
            let (requests_per_second, manages_webhook) = (requests_per_second?, manages_webhook?);
            let oauth = oauth?;
            Some(Self { account_id, base_url, access_token, oauth, requests_per_second, manages_webhook })
        })
    }

    pub fn has_token(&self) -> bool {
        self.access_token.is_some() || self.oauth.is_some()
    }

    /// Of a token that nobody renews, as far as it tells.
    pub fn long_lived_times(&self) -> Option<TokenTimes> {
        self.access_token.as_ref().filter(|_| self.oauth.is_none()).and_then(TokenTimes::of)
    }
}

/// The address that is given wins over the one that the subdomain makes.
fn base_url(settings: &Settings) -> Result<Option<reqwest::Url>, ConfigErrors> {
    let mut errors = ConfigErrors::default();
    let subdomain = errors.gather(Subdomain::read(settings));
    let expected = "an address like https://company.kommo.com";
    let explicit = errors.gather(address(settings, "AMOCRM_BASE_URL", expected));
    errors.unless_any(|| {
        let of_subdomain = subdomain?.map(|subdomain| {
            let address = format!("https://{}", subdomain.host());
            address.parse().expect("a name of letters, digits and hyphens makes an address")
        });
        Some(explicit?.or(of_subdomain))
    })
}

fn requests_per_second(settings: &Settings) -> Result<f64, ConfigError> {
    let (name, expected) = ("AMOCRM_RPS", "requests a second, more than 0 and at most 50");
    let rate: f64 = settings.or(name, 5.0, expected)?;
    if rate > 0.0 && rate <= 50.0 {
        Ok(rate)
    } else {
        Err(ConfigError::Bad { name, found: format!("`{rate}`"), expected })
    }
}
