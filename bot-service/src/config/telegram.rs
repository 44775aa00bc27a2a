//! How Telegram is reached, and by whom it is first administered.

use secrecy::{ExposeSecret, SecretString};
use shared::config::{ConfigError, ConfigErrors, Settings, describe_secret};

use super::address;
use super::telegram_webhook::TelegramWebhook;

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
    pub mode: TelegramMode,
    /// The webhook that is ours, as far as it is configured; with its secret if that is the mode. While polling it
    /// may be left from before.
    pub webhook: Option<TelegramWebhook>,
}

/// How updates come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TelegramMode {
    Polling,
    Webhook,
}

impl TelegramMode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::Webhook => "webhook",
        }
    }
}

impl TelegramConfig {
    pub(crate) fn read(settings: &Settings) -> Result<Self, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let token = errors.gather(token(settings));
        let admin_ids = errors.gather(admin_ids(settings));
        let expected = "an address like https://api.telegram.org";
        let api_url = errors.gather(address(settings, "TELEGRAM_API_URL", expected));
        let proxy = errors.gather(proxy(settings));
        let mode = errors.gather(mode(settings));
        let webhook = errors.gather(TelegramWebhook::read(settings, mode));
        errors.unless_any(|| {
            let ((token, bot_id), admin_ids) = (token?, admin_ids?);
            let (api_url, proxy, mode, webhook) = (api_url?, proxy?, mode?, webhook?);
            Some(Self { token, bot_id, admin_ids, api_url, proxy, mode, webhook })
        })
    }
}

/// The token, and the bot's id in it.
fn token(settings: &Settings) -> Result<(SecretString, i64), ConfigError> {
    let (name, expected) = ("BOT_TOKEN", "the token from BotFather, digits:letters");
    let token = settings.required_secret(name, expected)?;
    match token.expose_secret().split_once(':').and_then(|(id, secret)| bot_id(id, secret)) {
        Some(bot_id) => Ok((token, bot_id)),
        None => Err(ConfigError::Bad { name, found: describe_secret(&token), expected }),
    }
}

fn mode(settings: &Settings) -> Result<TelegramMode, ConfigError> {
    let (name, expected) = ("TELEGRAM_MODE", "polling or webhook");
    match settings.text(name) {
        None | Some("polling") => Ok(TelegramMode::Polling),
        Some("webhook") => Ok(TelegramMode::Webhook),
        Some(other) => Err(ConfigError::Bad { name, found: format!("`{other}`"), expected }),
    }
}

fn admin_ids(settings: &Settings) -> Result<Vec<i64>, ConfigError> {
    let (name, expected) =
        ("ADMIN_IDS", "Telegram ids of people, above 0 and separated by commas, at least one");
    let ids: Vec<i64> = settings.list(name, expected)?;
    // Below 0 is a group.
    match ids.iter().find(|id| **id <= 0) {
        Some(id) => Err(ConfigError::Bad { name, found: format!("`{id}`"), expected }),
        None if ids.is_empty() => Err(ConfigError::Missing { name, expected }),
        None => Ok(ids),
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
