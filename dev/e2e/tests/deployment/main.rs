//! The files that a server is set up by, tried out with what needs no Docker engine: Debian's docker-compose,
//! caddy and promtool, PostgreSQL's own tools, and the services as processes.
//!
//! The images' build commands are run by `cargo xtask deployment`.

mod backup;
mod compose;
mod files;
mod monitoring;
mod proxy;
mod readme;
mod rights;
mod secrets;
mod stage;
mod telegram;
mod tools;
