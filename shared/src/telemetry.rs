//! Logs: to stdout, and into daily files where a folder is configured.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;
use chrono_tz::Tz;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::clock::Clock;
use crate::config::{LogConfig, LogFormat};

/// How many daily files are kept.
const KEPT: usize = 30;

/// Starts logging for the process. Keep the guard until the end: dropping it writes what is still buffered.
///
/// `file_prefix` gives the files' name: `app` → `app_2026-11-24.log`.
///
/// # Errors
///
/// If the file of today cannot be written, or logging was started before.
pub fn init(config: &LogConfig, file_prefix: &'static str) -> anyhow::Result<Option<WorkerGuard>> {
    let filter = EnvFilter::try_new(&config.level)?;
    let mut layers = vec![layer(config.format, io::stdout, true)];
    let mut guard = None;
    if let Some(dir) = &config.dir {
        let files = DailyFiles::open(dir.clone(), file_prefix, config.timezone, Clock::system())?;
        let (writer, worker) = NonBlockingBuilder::default().finish(files);
        layers.push(layer(config.format, writer, false));
        guard = Some(worker);
    }
    tracing_subscriber::registry().with(layers.with_filter(filter)).try_init()?;
    Ok(guard)
}

fn layer<W>(format: LogFormat, writer: W, ansi: bool) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'a> fmt::MakeWriter<'a> + Send + Sync + 'static,
{
    let ansi = ansi && io::IsTerminal::is_terminal(&io::stdout());
    let layer = fmt::layer().with_writer(writer).with_ansi(ansi);
    match format {
        LogFormat::Text => layer.boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    }
}

/// Appends to the file of today, by the zone's calendar, and removes the oldest ones.
///
/// Several replicas may share a file: each line is one write in append mode.
struct DailyFiles {
    dir: PathBuf,
    prefix: &'static str,
    timezone: Tz,
    clock: Clock,
    open: Option<(NaiveDate, File)>,
}

impl DailyFiles {
    /// Makes the folder and the file of today: what fails later is noticed by nobody.
    fn open(dir: PathBuf, prefix: &'static str, timezone: Tz, clock: Clock) -> anyhow::Result<Self> {
        let mut files = Self { dir, prefix, timezone, clock, open: None };
        let opened = std::fs::create_dir_all(&files.dir).and_then(|()| files.file().map(drop));
        opened.with_context(|| {
            let dir = files.dir.display();
            format!("LOG_DIR is `{dir}`; expected a folder whose files the service may write")
        })?;
        Ok(files)
    }

    fn file(&mut self) -> io::Result<&mut File> {
        let today = self.clock.now().with_timezone(&self.timezone).date_naive();
        if self.open.as_ref().is_none_or(|(day, _)| *day != today) {
            let path = self.dir.join(format!("{}_{today}.log", self.prefix));
            let file = OpenOptions::new().create(true).append(true).open(path)?;
            self.prune()?;
            self.open = Some((today, file));
        }
        match &mut self.open {
            Some((_, file)) => Ok(file),
            None => Err(io::Error::other("the log file was just opened")),
        }
    }

    /// Names sort by date, so the oldest come first.
    fn prune(&self) -> io::Result<()> {
        let mut names: Vec<_> = std::fs::read_dir(&self.dir)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| self.is_ours(name))
            .collect();
        names.sort();
        for name in names.iter().rev().skip(KEPT) {
            match std::fs::remove_file(self.dir.join(name)) {
                // Another replica may have been faster.
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn is_ours(&self, name: &str) -> bool {
        let date = name.strip_prefix(self.prefix).and_then(|rest| rest.strip_prefix('_'));
        date.and_then(|rest| rest.strip_suffix(".log")).is_some_and(|date| date.parse::<NaiveDate>().is_ok())
    }
}

impl Write for DailyFiles {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.file()?.write_all(line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.open.as_mut().map_or(Ok(()), |(_, file)| file.flush())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_line_goes_to_the_day_of_the_configured_zone_and_thirty_days_are_kept() {
        let dir = std::env::temp_dir().join(format!("logs-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("app_notes.log"), "not ours").unwrap();
        let clock = Clock::manual(at("2026-01-01T20:59:59Z"));
        let mut files = DailyFiles::open(dir.clone(), "app", Tz::Europe__Moscow, clock.clone()).unwrap();
        files.write_all(b"last of the old year's first day\n").unwrap();
        clock.advance(TimeDelta::seconds(1));
        files.write_all(b"first of the second\n").unwrap();
        assert_eq!(std::fs::read_to_string(dir.join("app_2026-01-02.log")).unwrap(), "first of the second\n");

        for _ in 0..30 {
            clock.advance(TimeDelta::days(1));
            files.write_all(b"another day\n").unwrap();
        }
        let mut names: Vec<_> = std::fs::read_dir(&dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names.len(), KEPT + 1, "thirty days and the foreign file");
        assert_eq!(names[0], "app_2026-01-03.log");
        assert!(names.contains(&"app_notes.log".to_owned()));
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_written_stops_the_start_with_its_name() {
        let dir = std::env::temp_dir().join(format!("logs-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(dir.join("app_2026-01-02.log")).unwrap();
        std::fs::write(dir.join("file"), "").unwrap();
        for bad in [dir.clone(), dir.join("file"), dir.join("file/logs")] {
            let clock = Clock::manual(at("2026-01-01T21:00:00Z"));
            let error = DailyFiles::open(bad.clone(), "app", Tz::Europe__Moscow, clock).err().unwrap();
            let wanted = format!("LOG_DIR is `{}`; expected a folder", bad.display());
            assert!(error.to_string().starts_with(&wanted), "{error}");
        }
        std::fs::remove_dir_all(dir).unwrap();
    }
}
