//! What the product is about, without clock, network or database.

pub mod facts;
pub mod history;
pub mod ids;
pub mod intake;
pub mod invite;
pub mod measurement;
pub mod notices;
pub mod permissions;
pub mod phone;
pub mod user;
pub mod webhook;
