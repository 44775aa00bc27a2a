//! How Telegram is reached, and by whom it is first administered.

use secrecy::{ExposeSecret, SecretString};
use shared::config::{ConfigError, Settings, describe_secret};

use super::address;

#[derive(Debug, Clone)]
pub struct TelegramConfig {
    pub token: SecretString,
    /// The part of the token before the colon.
    pub bot_id: i64,
    /// Telegram ids of people who are admins from the start.
    pub admin_ids: Vec<i64>,
    /// Another server of the Bot API than Telegram's own.
    pub api_url: Option<reqwest::Url>,
    /// `http://` or `socks5://`, where the API cannot be reached directly.
    pub proxy: Option<SecretString>,
}

impl TelegramConfig {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let (name, expected) = ("BOT_TOKEN", "the token from BotFather, digits:letters");
        let token = settings.required_secret(name, expected)?;
        let bot_id = token.expose_secret().split_once(':').and_then(|(id, secret)| bot_id(id, secret));
        let Some(bot_id) = bot_id else {
            return Err(ConfigError::Bad { name, found: describe_secret(&token), expected });
        };
        let (name, expected) = ("ADMIN_IDS", "Telegram ids separated by commas, at least one");
        let admin_ids: Vec<i64> = settings.list(name, expected)?;
        if admin_ids.is_empty() {
            return Err(ConfigError::Missing { name, expected });
        }
        let api_url = address(settings, "TELEGRAM_API_URL", "an address like https://api.telegram.org")?;
        Ok(Self { token, bot_id, admin_ids, api_url, proxy: proxy(settings)? })
    }
}

/// The token becomes a part of an address, so no other characters are let in.
fn bot_id(id: &str, secret: &str) -> Option<i64> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let is_secret = !secret.is_empty() && secret.bytes().all(plain);
    id.parse().ok().filter(|id| is_secret && *id > 0)
}

fn proxy(settings: &Settings) -> Result<Option<SecretString>, ConfigError> {
    let (name, expected) = ("TELEGRAM_PROXY", "http://host:port or socks5://user:password@host:port");
    let Some(proxy) = settings.secret(name) else { return Ok(None) };
    if reqwest::Proxy::all(proxy.expose_secret()).is_ok() {
        Ok(Some(proxy))
    } else {
        Err(ConfigError::Bad { name, found: describe_secret(&proxy), expected })
    }
}
