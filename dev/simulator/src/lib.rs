pub mod amocrm;
pub mod clock;
pub mod page;
pub mod s3;
pub mod telegram;
