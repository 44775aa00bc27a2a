//! How a simulator is set up.

use chrono::TimeDelta;

use super::limiter::Limits;
use crate::clock::Clock;

#[derive(Clone, Debug)]
pub struct Options {
    /// Of 127.0.0.1; 0 takes a free one.
    pub port: u16,
    pub bot: BotAccount,
    /// Dates, expiry and flood control go by it; waiting (long polls, hanging) goes by real time.
    pub clock: Clock,
    /// `None` switches flood control off.
    pub limits: Option<Limits>,
    /// How long a press can be answered.
    pub callback_lifetime: TimeDelta,
}

/// The bot as its owner registered it; the id is the part of the token before the colon.
#[derive(Clone, Debug)]
pub struct BotAccount {
    pub token: String,
    pub username: String,
    pub first_name: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            bot: BotAccount::default(),
            clock: Clock::real(),
            limits: Some(Limits::default()),
            callback_lifetime: TimeDelta::seconds(15),
        }
    }
}

impl Options {
    /// For tests that do not speak of flood control.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { limits: None, ..Self::default() }
    }

    #[must_use]
    pub fn bot(self, bot: BotAccount) -> Self {
        Self { bot, ..self }
    }

    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits: Some(limits), ..self }
    }
}

impl Default for BotAccount {
    fn default() -> Self {
        Self {
            token: "700000001:simulated".to_owned(),
            username: "zamer_bot".to_owned(),
            first_name: "Замеры".to_owned(),
        }
    }
}

impl BotAccount {
    pub(super) fn id(&self) -> anyhow::Result<i64> {
        let (id, _) = self.token.split_once(':').unwrap_or_default();
        id.parse().map_err(|_| anyhow::anyhow!("the token must be `<digits>:<anything>`"))
    }
}
