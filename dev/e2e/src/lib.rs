//! Whole-system stories: real binaries, a real broker and database, simulators at the edges.

pub mod acts;
pub mod browser;
pub mod chaos;
pub mod database;
pub mod people;
pub mod process;
pub mod proxy;
pub mod relay;
pub mod screen;
pub mod settings;
pub mod story;
pub mod system;
pub mod wait;
