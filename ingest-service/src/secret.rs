//! Who may speak to the webhook.

use std::fmt;

use axum::http::request::Parts;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use shared::config::WebhookSecrets;
use subtle::{Choice, ConstantTimeEq};

/// The header that may carry the secret, for senders that can set one.
pub const HEADER: &str = "x-webhook-secret";

/// The hashes of the accepted secrets. Comparing hashes tells nothing of a secret's length either.
pub struct Gate(Vec<[u8; 32]>);

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gate({} secrets)", self.0.len())
    }
}

impl Gate {
    pub fn new(secrets: &WebhookSecrets) -> Self {
        Self(secrets.all().iter().map(|secret| hash(secret.expose_secret())).collect())
    }

    /// Whether the last segment of the path, `?secret=` or the header holds one of the secrets.
    pub fn admits(&self, segment: Option<&str>, request: &Parts) -> bool {
        let query = request.uri.query().unwrap_or_default();
        let in_query = form_urlencoded::parse(query.as_bytes())
            .find_map(|(name, value)| (name == "secret").then_some(value));
        let in_header = request.headers.get(HEADER).and_then(|value| value.to_str().ok());
        let presented = [segment, in_query.as_deref(), in_header];
        let known = presented.into_iter().flatten().map(|text| self.knows(text));
        known.fold(Choice::from(0), |any, known| any | known).into()
    }

    /// Compares with every secret, so that the time does not tell which one came close.
    fn knows(&self, text: &str) -> Choice {
        let given = hash(text);
        self.0.iter().fold(Choice::from(0), |any, secret| any | secret.ct_eq(&given))
    }
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
