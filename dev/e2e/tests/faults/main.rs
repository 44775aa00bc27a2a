//! What may break around the services, and what people notice of it.

mod amocrm;
mod broker;
mod deals;
mod deaths;
mod failures;
mod own_broker;
mod people;
mod replicas;
mod settings;
mod silence;
mod stage;
mod telegram;
mod webhook;
