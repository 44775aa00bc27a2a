//! PostgreSQL and RabbitMQ of one's own: on free ports, in a folder that goes with them, stopped when dropped.
//! They can be killed and started again where they were, as a machine does it to them.

pub mod find;
pub mod folder;
pub mod group;
pub mod ports;
pub mod postgres;
pub mod rabbitmq;
mod readiness;

pub use folder::Folder;
pub use postgres::Postgres;
pub use rabbitmq::RabbitMq;
