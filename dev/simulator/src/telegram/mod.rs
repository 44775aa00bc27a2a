//! A Telegram with state, as strict towards a bot as the real Bot API, and with people in it.
//!
//! Give [`Simulator::url`] to the bot as the address of the Bot API, then act as people and look at their chats:
//! in Rust by the methods of [`Simulator`], by hand through `/control` over HTTP.

mod access;
mod acts;
mod attachment;
mod callbacks;
mod calls;
mod chat;
mod commands;
mod faults;
mod files;
mod history;
mod keyboard;
mod limiter;
mod message;
mod methods;
mod options;
mod params;
mod people;
mod photo;
mod refusal;
mod server;
mod shared;
mod simulator;
mod state;
mod text;
mod transcript;
mod trouble;
mod updates;
mod view;
mod waiting;
mod webhook;
mod wire;

pub use attachment::{Attachment, AttachmentKind};
pub use callbacks::{CallbackId, Toast};
pub use calls::{Call, Outcome};
pub use chat::{Group, GroupKind, Membership, Note};
pub use commands::Command;
pub use faults::{Fault, FaultRule};
pub use history::Happening;
pub use keyboard::{Button, ButtonAction, Markup};
pub use limiter::Limits;
pub use message::{Author, Body, Contact, Message};
pub use options::{BotAccount, Options};
pub use people::{Person, Standing};
pub use photo::{Photo, Unfit};
pub use refusal::Refusal;
pub(crate) use server::control::Impossible;
pub use simulator::Simulator;
pub use text::{Entity, EntityKind};
pub use webhook::Delivery;
