//! The whole service in this process, spoken to over HTTP, against a real broker.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking, as a test does")]

mod account;
mod bodies;
mod counting;
mod outage;
mod recovery;
mod relay;
mod returned;
mod secrets;
mod service;
mod spool;
mod stop;
mod tap;
