//! What both services must agree on, and nothing else: the message on the wire, the broker's topology and
//! connection, how AmoCRM's JSON and configuration are read and checked, what the command line knows, how logs are
//! written, and how a process is asked to stop.

pub mod broker;
pub mod check;
pub mod clock;
pub mod config;
pub mod events;
pub mod ids;
pub mod json;
pub mod memory;
pub mod probe;
pub mod program;
pub mod shutdown;
pub mod telemetry;
pub mod topology;
