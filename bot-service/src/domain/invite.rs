//! Invite links: a random code that lets one person in, once, for a day.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

/// How long a link works.
pub const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// The code of a link, as it travels in `t.me/<bot>?start=<code>`. Never stored; [`Code::hash`] is.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// From 16 random bytes: 22 characters that Telegram accepts as a start parameter.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What somebody sent as a start parameter; `None` if it cannot be a code.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 16).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

/// An invite as stored, looked at by someone who opened its link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invite {
    pub expires_at: DateTime<Utc>,
    pub is_used: bool,
}

/// Why a link lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteRefusal {
    Unknown,
    Used,
    Expired,
}

impl Invite {
    /// # Errors
    ///
    /// If it was used or its time is over; a used one says so even later.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(), InviteRefusal> {
        if self.is_used {
            Err(InviteRefusal::Used)
        } else if now >= self.expires_at {
            Err(InviteRefusal::Expired)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fits_a_start_parameter_and_is_read_back() {
        let code = Code::from_random([255; 16]);
        assert_eq!(code.as_str().len(), 22);
        assert!(Code::parse(code.as_str()).is_some_and(|read| read == code));
        assert!(Code::parse("m_123").is_none() && Code::parse("").is_none() && Code::parse("ё").is_none());
    }

    #[test]
    fn a_link_ends_by_use_or_by_time() {
        let end: DateTime<Utc> = "2026-01-02T00:00:00Z".parse().unwrap();
        let fresh = Invite { expires_at: end, is_used: false };
        assert_eq!(fresh.check(end - TimeDelta::seconds(1)), Ok(()));
        assert_eq!(fresh.check(end), Err(InviteRefusal::Expired));
        assert_eq!(Invite { is_used: true, ..fresh }.check(end), Err(InviteRefusal::Used));
    }
}
