//! AmoCRM's API v4 as the leader reads it, and deals as facts.
//!
//! Everything that calls AmoCRM goes through `gateway::Gateway`: it holds the budget of the account.

pub mod client;
pub mod error;
pub mod facts;
pub mod gate;
mod json;
pub mod limiter;
pub mod model;
pub mod text;
pub mod tokens;
