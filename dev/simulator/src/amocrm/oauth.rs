//! OAuth as the account's own host serves it: a pair of tokens, and a new pair for every refresh.

use chrono::{DateTime, TimeDelta, Utc};

/// An integration that was allowed into the account; its first access token is yet to be asked for.
#[derive(Clone, Debug)]
pub struct Integration {
    pub client_id: String,
    pub client_secret: String,
    pub redirect_uri: String,
    pub refresh_token: String,
    pub rotation: Rotation,
}

/// What becomes of a refresh token that was used. The documentations differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It counts no more.
    Strict,
    /// It counts until the new pair is used for the first time.
    UntilUsed,
}

/// What AmoCRM gives.
const ACCESS_LIVES: TimeDelta = TimeDelta::hours(24);
const REFRESH_LIVES: TimeDelta = TimeDelta::days(90);

#[derive(Debug)]
pub(super) struct Grants {
    integration: Integration,
    current: Pair,
    former: Option<Pair>,
    issued: u32,
    access_lives: TimeDelta,
}

#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub access: String,
    pub refresh: String,
    since: DateTime<Utc>,
}

/// What a client sends to get a pair.
pub(super) struct Asked<'a> {
    pub client_id: &'a str,
    pub client_secret: &'a str,
    pub redirect_uri: &'a str,
    pub refresh_token: &'a str,
}

impl Grants {
    pub fn new(integration: Integration, now: DateTime<Utc>) -> Self {
        let current = Pair { access: String::new(), refresh: integration.refresh_token.clone(), since: now };
        Self { integration, current, former: None, issued: 0, access_lives: ACCESS_LIVES }
    }

    /// None if any of it is wrong, or the token is spent.
    pub fn refresh(&mut self, asked: &Asked<'_>, now: DateTime<Utc>) -> Option<&Pair> {
        let Integration { client_id, client_secret, redirect_uri, rotation, .. } = &self.integration;
        let is_ours = (asked.client_id, asked.client_secret, asked.redirect_uri)
            == (client_id.as_str(), client_secret.as_str(), redirect_uri.as_str());
        let counts = |pair: &Pair| pair.refresh == asked.refresh_token && now < pair.since + REFRESH_LIVES;
        let is_former = *rotation == Rotation::UntilUsed && self.former.as_ref().is_some_and(counts);
        if !is_ours || !(is_former || counts(&self.current)) {
            return None;
        }
        self.issued += 1;
        let pair = Pair {
            access: format!("simulated-access-{}", self.issued),
            refresh: format!("simulated-refresh-{}", self.issued),
            since: now,
        };
        let spent = std::mem::replace(&mut self.current, pair);
        if !is_former {
            self.former = Some(spent);
        }
        Some(&self.current)
    }

    /// Whether the API takes this access token. The first use of a new one ends the pair before it.
    pub fn accepts(&mut self, access: &str, now: DateTime<Utc>) -> bool {
        let lives =
            |pair: &Pair| !access.is_empty() && pair.access == access && now < pair.since + self.access_lives;
        if lives(&self.current) {
            self.former = None;
            return true;
        }
        self.integration.rotation == Rotation::UntilUsed && self.former.as_ref().is_some_and(lives)
    }

    /// Nothing of what was issued counts any more.
    pub fn revoke(&mut self) {
        (self.current.access, self.current.refresh, self.former) = (String::new(), "\0".to_owned(), None);
    }

    /// Of access tokens, those that were issued too.
    pub fn set_lifetime(&mut self, lifetime: TimeDelta) {
        self.access_lives = lifetime;
    }

    /// How many pairs there were.
    pub fn issued(&self) -> u32 {
        self.issued
    }

    pub fn expires_in(&self) -> i64 {
        self.access_lives.num_seconds()
    }
}
