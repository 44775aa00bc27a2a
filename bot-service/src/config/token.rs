//! What a token says of itself.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// When a token was issued and when it ends, as far as it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenTimes {
    pub issued_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Claims {
    iat: Option<f64>,
    exp: f64,
}

impl TokenTimes {
    /// None if it is no JWT, or one without an end.
    pub fn of(token: &SecretString) -> Option<Self> {
        let payload = token.expose_secret().split('.').nth(1)?;
        let claims = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let claims: Claims = serde_json::from_slice(&claims).ok()?;
        Some(Self { issued_at: claims.iat.and_then(moment), expires_at: moment(claims.exp)? })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole seconds are enough")]
fn moment(seconds: f64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds as i64, 0)
}

#[cfg(test)]
pub fn jwt(claims: &str) -> String {
    format!("e30.{}.signature", URL_SAFE_NO_PAD.encode(claims))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_tells_its_end_and_anything_else_does_not() {
        let times = |token: &str| TokenTimes::of(&SecretString::from(token));
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let told = TokenTimes { issued_at: Some(at(1_700_000_000)), expires_at: at(1_800_000_000) };
        assert_eq!(times(&jwt(r#"{"iat":1700000000.5,"exp":1800000000,"sub":"1"}"#)), Some(told));
        let told = TokenTimes { issued_at: None, ..told };
        assert_eq!(times(&jwt(r#"{"exp":1800000000}"#)), Some(told));
        for token in ["", "token", "a.b.c", &jwt("{}"), &jwt(r#"{"exp":1e300}"#), &jwt("[1]")] {
            assert_eq!(times(token), None, "{token}");
        }
    }
}
