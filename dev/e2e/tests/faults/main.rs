//! What may break around the services, and what people notice of it.

mod broker;
mod stage;
