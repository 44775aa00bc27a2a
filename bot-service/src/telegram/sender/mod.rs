//! The calls that put messages into chats, what their failures mean, and how fast they may go.
//!
//! These are requests of our own. teloxide's would sleep for 10 s inside on a 5xx, report a gateway's page like
//! an answer that could not be read, and know half of the refusals as `Unknown`; here it matters whether a call
//! was done, may have been done, or was not. The client, the address and the token are those of the [`Bot`].
//!
//! [`Bot`]: teloxide::Bot

mod calls;
pub mod direct;
mod download;
pub mod failure;
pub mod hook;
pub mod media;
pub mod pacing;
pub mod plain;

pub use calls::{address, edit, send, set_commands};
pub use download::download;
pub use failure::{Failure, Trouble};
