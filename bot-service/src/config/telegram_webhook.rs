//! The webhook that Telegram is to post updates to, and what Telegram demands of one.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use shared::config::{ConfigError, ConfigErrors, Settings, describe_secret};

use super::{TelegramMode, describe_address};

const URL: &str = "TELEGRAM_WEBHOOK_URL";
const SECRET: &str = "TELEGRAM_WEBHOOK_SECRET";
/// Below `WEBHOOK_HOST`, where nothing else is said; the proxy of compose hands it on.
const PATH: &str = "/webhook/telegram";
/// Telegram posts to no others.
const PORTS: [u16; 4] = [443, 80, 88, 8443];
/// What the service answers itself.
const OURS: [&str; 4] = ["/", "/health", "/ready", "/metrics"];

#[derive(Debug, Clone)]
pub struct TelegramWebhook {
    /// Public, and no secret.
    pub url: Url,
    /// What Telegram sends along in a header. Without one nothing is taken.
    pub secret: Option<SecretString>,
}

impl TelegramWebhook {
    /// None where no address is known. Both must be there if that is the mode; what is there must be good in any.
    pub(super) fn read(
        settings: &Settings,
        mode: Option<TelegramMode>,
    ) -> Result<Option<Self>, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let is_needed = mode == Some(TelegramMode::Webhook);
        let url = errors.gather(url(settings, is_needed));
        let secret = errors.gather(secret(settings, is_needed));
        errors.unless_any(|| {
            let (url, secret) = (url?, secret?);
            Some(url.map(|url| Self { url, secret }))
        })
    }
}

fn url(settings: &Settings, is_needed: bool) -> Result<Option<Url>, ConfigError> {
    let expected = "an address like https://zamer.example.ru/webhook/telegram, at port 443, 80, 88 or 8443";
    // Another server of the Bot API may stand in the same network.
    let is_free = settings.text("TELEGRAM_API_URL").is_some();
    match settings.text(URL) {
        Some(text) => match text.parse().ok().filter(|url| is_usable(url, is_free)) {
            Some(url) => Ok(Some(url)),
            None => Err(ConfigError::Bad { name: URL, found: describe_address(text), expected }),
        },
        None => {
            let url = below_the_host(settings).filter(|url| is_usable(url, is_free));
            if is_needed && url.is_none() {
                return Err(ConfigError::Missing { name: URL, expected });
            }
            Ok(url)
        }
    }
}

fn below_the_host(settings: &Settings) -> Option<Url> {
    let host = settings.text("WEBHOOK_HOST")?.trim_end_matches('/');
    format!("{host}{PATH}").parse().ok()
}

fn is_usable(url: &Url, is_free: bool) -> bool {
    let is_reached = match url.scheme() {
        "https" => is_free || url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)),
        "http" => is_free,
        _ => false,
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-.~".contains(&byte);
    let path = url.path();
    let is_path = path.bytes().all(plain) && !path.contains("//") && !OURS.contains(&path);
    let is_bare = url.query().is_none() && url.fragment().is_none();
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    is_reached && is_path && is_bare && is_anonymous
}

/// Telegram takes from one character on. Whoever guesses it presses any button in anybody's name, so it is longer here.
fn secret(settings: &Settings, is_needed: bool) -> Result<Option<SecretString>, ConfigError> {
    let expected = "16 to 256 of A-Z a-z 0-9 _ -";
    let Some(secret) = settings.secret(SECRET) else {
        let missing = ConfigError::Missing { name: SECRET, expected };
        return if is_needed { Err(missing) } else { Ok(None) };
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let text = secret.expose_secret();
    if (16..=256).contains(&text.len()) && text.bytes().all(plain) {
        Ok(Some(secret))
    } else {
        Err(ConfigError::Bad { name: SECRET, found: describe_secret(&secret), expected })
    }
}
