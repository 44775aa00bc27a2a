//! What may break around the services, and what people notice of it.

mod amocrm;
mod broker;
mod deals;
mod deaths;
mod people;
mod replicas;
mod stage;
mod telegram;
