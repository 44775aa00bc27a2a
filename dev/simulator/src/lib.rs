pub mod clock;
pub mod telegram;
