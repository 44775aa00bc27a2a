//! What `check-config` finds: a table for the person who runs the server. It never holds a secret.

use std::fmt;
use std::process::ExitCode;

use crate::config::ConfigErrors;

mod broker;
mod logs;
mod network;
mod webhook;

pub use broker::{SUBJECT as BROKER, broker};
pub use logs::{SUBJECT as LOGS, logs};
pub use network::Trouble;
pub use webhook::webhook;

/// What was found, in the order in which things depend on each other.
#[derive(Debug, Default)]
pub struct Report(Vec<Row>);

/// One line of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    subject: &'static str,
    verdict: Verdict,
    text: String,
    /// What to do about it.
    advice: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Works,
    /// Works, yet somebody should know.
    Note,
    Fails,
    /// Could not be tried because of what fails above.
    Untried,
}

impl Row {
    pub fn works(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Works, text: text.into(), advice: None }
    }

    pub fn note(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Note, text: text.into(), advice: None }
    }

    pub fn fails(subject: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Fails, text: found.into(), advice: Some(advice.into()) }
    }

    pub fn untried(subject: &'static str) -> Self {
        let text = "not tried: see what is wrong above".to_owned();
        Self { subject, verdict: Verdict::Untried, text, advice: None }
    }
}

impl Report {
    /// A table of what is wrong with the settings, or that nothing is.
    pub fn of_settings(errors: &ConfigErrors) -> Self {
        let wrong = |error: &dyn fmt::Display| {
            Row::fails("settings", error.to_string(), "Correct it in .env; .env.example explains it.")
        };
        let mut rows: Vec<Row> = errors.iter().map(|error| wrong(error)).collect();
        if rows.is_empty() {
            rows.push(Row::works("settings", "every value can be used"));
        }
        Self(rows)
    }

    pub fn add(&mut self, rows: impl IntoIterator<Item = Row>) {
        self.0.extend(rows);
    }

    /// 0 if all of it works, else 1.
    pub fn exit_code(&self) -> ExitCode {
        if self.failures() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn failures(&self) -> usize {
        let is_bad = |row: &&Row| matches!(row.verdict, Verdict::Fails | Verdict::Untried);
        self.0.iter().filter(is_bad).count()
    }
}

impl fmt::Display for Row {
    /// The width asked for is that of the subject's column.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, verdict, text, advice } = self;
        let width = f.width().unwrap_or_default();
        let word = match verdict {
            Verdict::Works => "ok",
            Verdict::Note => "note",
            Verdict::Fails => "FAILS",
            Verdict::Untried => "-",
        };
        write!(f, "{word:<5}  {subject:<width$}  {text}")?;
        advice.as_ref().map_or(Ok(()), |advice| write!(f, "\n{:<5}  {:<width$}  → {advice}", "", ""))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|row| row.subject.len()).max().unwrap_or_default();
        for row in &self.0 {
            writeln!(f, "{row:width$}")?;
        }
        match self.failures() {
            0 => write!(f, "\nAll of it works."),
            failures => write!(f, "\n{failures} of {} do not work.", self.0.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::config::ConfigError;

    #[test]
    fn the_table_says_what_to_do() {
        let bad = ConfigError::Missing { name: "BOT_TOKEN", expected: "a token" };
        let mut report = Report::of_settings(&bad.into());
        report.add([
            Row::works("database", "PostgreSQL 17.2 at db:5432"),
            Row::note("webhook", "not told where it is"),
            Row::fails("broker", "rabbitmq:5672 refused the connection", "Is RabbitMQ running?"),
            Row::untried("Telegram"),
        ]);
        assert_snapshot!(report, @"
        FAILS  settings  BOT_TOKEN is missing; expected a token
                         → Correct it in .env; .env.example explains it.
        ok     database  PostgreSQL 17.2 at db:5432
        note   webhook   not told where it is
        FAILS  broker    rabbitmq:5672 refused the connection
                         → Is RabbitMQ running?
        -      Telegram  not tried: see what is wrong above

        3 of 5 do not work.
        ");
    }

    #[test]
    fn a_note_is_no_failure() {
        let mut report = Report::of_settings(&ConfigErrors::default());
        report.add([Row::note("webhook", "not told where it is")]);
        assert!(report.to_string().ends_with("All of it works."));
        assert_eq!(report.failures(), 0);
    }
}
