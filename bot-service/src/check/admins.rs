//! Is there anybody to begin with.

use shared::check::Row;

use crate::config::TelegramConfig;

const SUBJECT: &str = "admins";

/// The list is never empty: its reader sees to that.
pub fn counted(config: &TelegramConfig) -> Row {
    let ids = &config.admin_ids;
    if ids.iter().any(|id| *id <= 0) {
        return Row::fails(
            SUBJECT,
            "ADMIN_IDS holds the id of a group or channel",
            "Only people can be administrators. @userinfobot tells everybody his own id.",
        );
    }
    Row::works(SUBJECT, format!("{} in ADMIN_IDS; each has to press START in the bot once", ids.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::settings;

    #[test]
    fn a_group_is_no_person() {
        let row = |ids| counted(&TelegramConfig::read(&settings(&[("ADMIN_IDS", ids)])).unwrap());
        assert!(row("1001,1002").to_string().starts_with("ok     admins  2 in ADMIN_IDS"));
        assert!(
            row("1001,-100200").to_string().starts_with("FAILS  admins  ADMIN_IDS holds the id of a group")
        );
    }
}
