//! What may break around the services, and what people notice of it.

mod amocrm;
mod broker;
mod deaths;
mod stage;
mod telegram;
