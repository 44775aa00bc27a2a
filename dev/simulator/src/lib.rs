pub mod amocrm;
pub mod clock;
pub mod telegram;
