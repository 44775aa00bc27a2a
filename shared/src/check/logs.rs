//! Can the daily files be written.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use super::Row;
use crate::config::LogConfig;

pub const SUBJECT: &str = "logs";

/// Tries the folder of `LOG_DIR` with a file that is removed again.
pub fn logs(config: &LogConfig) -> Row {
    let Some(dir) = &config.dir else { return Row::works(SUBJECT, "to stdout only") };
    match try_out(dir) {
        Ok(()) => Row::works(SUBJECT, format!("to stdout and daily files in {}", dir.display())),
        Err(error) => Row::fails(
            SUBJECT,
            format!("{} cannot be written: {error}", dir.display()),
            "Give the folder in LOG_DIR to the service's user (10001 in the image), or leave LOG_DIR empty.",
        ),
    }
}

fn try_out(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let path = dir.join(format!(".check-{}", uuid::Uuid::new_v4()));
    OpenOptions::new().create_new(true).append(true).open(&path)?;
    std::fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn said(dir: &Path) -> Row {
        let values = [("LOG_DIR".to_owned(), dir.to_str().unwrap().to_owned())];
        let absent = Path::new("absent");
        logs(&LogConfig::read(&Settings::from_layers(absent, absent, values).unwrap()).unwrap())
    }

    #[test]
    fn the_folder_is_tried_and_left_as_it_was() {
        let dir = std::env::temp_dir().join(format!("logs-{}", uuid::Uuid::new_v4()));
        assert_eq!(
            said(&dir),
            Row::works(SUBJECT, format!("to stdout and daily files in {}", dir.display()))
        );
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
        std::fs::remove_dir(&dir).unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_is_named() {
        let row = said(Path::new("/proc/self/logs"));
        assert!(row.text.starts_with("/proc/self/logs cannot be written: "), "{row:?}");
        assert_eq!(row.verdict, super::super::Verdict::Fails);
    }
}
