//! Invite links: a random code that lets one person in, or several, for a time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

/// For how many people, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// None: as many as come.
    pub max_uses: Option<i32>,
    pub days: i64,
}

impl Terms {
    /// One person, a day.
    pub const USUAL: Self = Self { max_uses: Some(1), days: 1 };
    /// What can be chosen.
    pub const USES: [Option<i32>; 3] = [Some(1), Some(5), None];
    pub const DAYS: [i64; 3] = [1, 7, 30];

    pub fn is_offered(self) -> bool {
        Self::USES.contains(&self.max_uses) && Self::DAYS.contains(&self.days)
    }

    pub fn lifetime(self) -> TimeDelta {
        TimeDelta::days(self.days)
    }
}

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
    /// None: as many as come.
    pub max_uses: Option<i32>,
    pub uses: i32,
    pub is_revoked: bool,
}

/// Why a link lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteRefusal {
    Unknown,
    Used,
    Expired,
    /// Somebody took it back.
    Revoked,
}

impl Invite {
    /// # Errors
    ///
    /// If it was used up, taken back, or its time is over; one that is used up says so even later.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(), InviteRefusal> {
        if self.max_uses.is_some_and(|max| self.uses >= max) {
            Err(InviteRefusal::Used)
        } else if self.is_revoked {
            Err(InviteRefusal::Revoked)
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
    fn a_link_ends_by_use_by_time_or_by_who_takes_it_back() {
        let end: DateTime<Utc> = "2026-01-02T00:00:00Z".parse().unwrap();
        let fresh = Invite { expires_at: end, max_uses: Some(1), uses: 0, is_revoked: false };
        assert_eq!(fresh.check(end - TimeDelta::seconds(1)), Ok(()));
        assert_eq!(fresh.check(end), Err(InviteRefusal::Expired));
        let used = Invite { uses: 1, is_revoked: true, ..fresh };
        assert_eq!(used.check(end), Err(InviteRefusal::Used));
        let before = end - TimeDelta::seconds(1);
        assert_eq!(Invite { max_uses: Some(5), is_revoked: false, ..used }.check(before), Ok(()));
        assert_eq!(Invite { max_uses: None, uses: 99, ..fresh }.check(before), Ok(()));
        assert_eq!(Invite { is_revoked: true, ..fresh }.check(before), Err(InviteRefusal::Revoked));
    }
}
