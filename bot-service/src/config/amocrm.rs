//! How AmoCRM is reached.

use secrecy::SecretString;
use shared::config::{ConfigError, Settings, Subdomain};
use shared::ids::AccountId;

use super::address;

#[derive(Debug, Clone)]
pub struct AmoCrmConfig {
    pub account_id: Option<AccountId>,
    /// Where the API is; none when neither a subdomain nor an address is configured.
    pub base_url: Option<reqwest::Url>,
    /// A long-lived token. Without one, measurements live by the webhooks' own data.
    pub access_token: Option<SecretString>,
    pub requests_per_second: f64,
}

impl AmoCrmConfig {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let from_subdomain = Subdomain::read(settings)?.map(|subdomain| {
            let address = format!("https://{}", subdomain.host());
            address.parse().expect("a name of letters, digits and hyphens makes an address")
        });
        let explicit = address(settings, "AMOCRM_BASE_URL", "an address like https://company.kommo.com")?;
        let access_token = settings.secret("AMOCRM_ACCESS_TOKEN");
        let base_url = explicit.or(from_subdomain);
        if access_token.is_some() && base_url.is_none() {
            return Err(ConfigError::Missing { name: "AMOCRM_SUBDOMAIN", expected: Subdomain::EXPECTED });
        }
        let rps_expected = "requests a second, more than 0 and at most 50";
        let requests_per_second: f64 = settings.or("AMOCRM_RPS", 5.0, rps_expected)?;
        if !(requests_per_second > 0.0 && requests_per_second <= 50.0) {
            let found = format!("`{requests_per_second}`");
            return Err(ConfigError::Bad { name: "AMOCRM_RPS", found, expected: rps_expected });
        }
        let account_id = settings.optional("AMOCRM_ACCOUNT_ID", "the account's number")?;
        Ok(Self { account_id, base_url, access_token, requests_per_second })
    }
}
