//! One file per command.

pub mod bench;
pub mod chaos;
pub mod check;
pub mod demo;
pub mod deployment;
mod dotenv;
pub mod prepare;
pub mod screenshots;
pub mod test;
pub mod with_servers;
