//! What the product is about, without clock, network or database.

pub mod audit;
pub mod comment;
pub mod conversation;
pub mod day;
pub mod dispatch;
pub mod facts;
pub mod failures;
pub mod find;
pub mod history;
pub mod ids;
pub mod intake;
pub mod invite;
pub mod measurement;
pub mod notices;
pub mod permissions;
pub mod phone;
pub mod proposal;
pub mod reception;
pub mod setup;
pub mod status;
pub mod user;
pub mod webhook;
