//! The Telegram simulator as a bot sees it from outside, over HTTP.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod control;
mod faults;
mod files;
mod limits;
mod people;
mod photos;
mod polling;
mod raw;
mod refusals;
mod teloxide_client;
mod webhook;
