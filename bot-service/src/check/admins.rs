//! Is there anybody to begin with.

use shared::check::Row;

use crate::config::TelegramConfig;

const SUBJECT: &str = "admins";

/// The list is never empty and holds people alone: its reader sees to that.
pub fn counted(config: &TelegramConfig) -> Row {
    let ids = &config.admin_ids;
    Row::works(SUBJECT, format!("{} in ADMIN_IDS; each has to press START in the bot once", ids.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::settings;

    #[test]
    fn they_are_counted() {
        let config = TelegramConfig::read(&settings(&[("ADMIN_IDS", "1001,1002")])).unwrap();
        assert!(counted(&config).to_string().starts_with("ok     admins  2 in ADMIN_IDS"));
    }
}
