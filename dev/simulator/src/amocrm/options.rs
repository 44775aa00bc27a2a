//! How a simulated account starts.

use super::demo;
use super::hooks::Persistence;
use super::limits::Limits;
use super::model::Directory;
use super::oauth::Integration;
use crate::clock::Clock;

/// How many hooks are under way at once; AmoCRM's number is not known.
const HOOK_PARALLELISM: usize = 8;

#[derive(Clone)]
pub struct Options {
    /// On 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Each is an integration of its own for the limits.
    pub tokens: Vec<String>,
    /// One more integration, which renews its tokens.
    pub integration: Option<Integration>,
    pub directory: Directory,
    pub clock: Clock,
    /// `None` lets every call through.
    pub limits: Option<Limits>,
    pub hook_parallelism: usize,
    pub persistence: Persistence,
}

impl Options {
    /// The account of [`demo`]: real time, real limits, a free port.
    pub fn demo() -> Self {
        Self {
            port: 0,
            tokens: vec![demo::TOKEN.to_owned()],
            integration: None,
            directory: demo::directory(),
            clock: Clock::real(),
            limits: Some(Limits::default()),
            hook_parallelism: HOOK_PARALLELISM,
            persistence: Persistence::default(),
        }
    }

    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    #[must_use]
    pub fn integration(self, integration: Integration) -> Self {
        Self { integration: Some(integration), ..self }
    }

    #[must_use]
    pub fn persistence(self, persistence: Persistence) -> Self {
        Self { persistence, ..self }
    }

    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits: Some(limits), ..self }
    }

    #[must_use]
    pub fn without_limits(self) -> Self {
        Self { limits: None, ..self }
    }
}
