//! A bucket that speaks as Amazon's S3 does, as strict about signatures as the real one: path-style, with PUT, GET (ranges
//! too), HEAD and DELETE. Whatever else S3 can do, it refuses with 501, so that nobody leans on it unnoticed.
//!
//! Give [`Simulator::url`] as the address of the storage. Names are kept as they stand in addresses.

mod answer;
mod faults;
mod refusal;
mod server;
mod signature;
mod simulator;

pub use faults::Fault;
pub use signature::Key;
pub use simulator::{Options, Seen, Simulator};
