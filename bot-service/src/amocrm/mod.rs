//! AmoCRM's API v4 as the leader reads it, and deals as facts.
//!
//! The budget of the account is the leader's: it owns the one [`client::Client`] and its [`gate::Gate`].

pub mod client;
pub mod error;
pub mod facts;
pub mod gate;
pub mod limiter;
pub mod model;
pub mod subscription;
pub mod text;
pub mod tokens;
