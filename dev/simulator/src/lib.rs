pub mod amocrm;
pub mod clock;
pub mod page;
pub mod telegram;
