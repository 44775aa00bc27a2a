//! Updates posted to the bot: where to, what became of it, and what the names of hosts lead to.

mod courier;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use reqwest::Url;

pub(super) use courier::run;

/// As `setWebhook` made it.
#[derive(Clone, Debug)]
pub(super) struct Webhook {
    pub url: Url,
    pub secret: String,
    pub max_connections: usize,
    pub set_at: DateTime<Utc>,
    pub last_error: Option<(DateTime<Utc>, String)>,
}

/// One update posted once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub update_id: i64,
    /// The server that the name led to.
    pub server: String,
    /// None where there was no answer.
    pub status: Option<u16>,
    pub at: DateTime<Utc>,
}

/// What stands behind public names.
#[derive(Debug, Default)]
pub(super) struct Hosts(BTreeMap<String, Servers>);

#[derive(Debug, Default)]
struct Servers {
    all: Vec<String>,
    next: usize,
}

impl Hosts {
    pub fn lead(&mut self, host: &str, servers: Vec<String>) {
        self.0.insert(host.to_owned(), Servers { all: servers, next: 0 });
    }

    pub fn know(&self, host: &str) -> bool {
        self.0.contains_key(host)
    }

    /// The server whose turn it is.
    fn turn(&mut self, host: &str) -> Option<String> {
        let servers = self.0.get_mut(host)?;
        let server = servers.all.get(servers.next % servers.all.len().max(1)).cloned();
        servers.next += 1;
        server
    }
}
