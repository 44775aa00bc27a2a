//! Compares three books at the end: what AmoCRM and people did, what the database holds, what the chats show.

mod answers;
mod books;
mod cards;
mod deals;
mod history;
mod messages;
mod twice;

use std::fmt;

use anyhow::Result;
use simulator::amocrm;
use simulator::telegram::Simulator;

use super::breaker::Disturbance;
use super::load::DealBook;
use super::presses::PeopleBook;
use books::Books;

/// What was done from outside.
pub struct Done<'a> {
    pub telegram: &'a Simulator,
    pub amocrm: &'a amocrm::Simulator,
    pub deals: &'a [DealBook],
    pub people: &'a PeopleBook,
    pub disturbances: &'a [Disturbance],
}

/// What is not as it must be. Each is a sentence.
#[derive(Debug, Default, Clone)]
pub struct Findings {
    /// Measurements, actions or messages that people must get.
    pub lost: Vec<String>,
    /// Two effects of one cause.
    pub double: Vec<String>,
    /// Impossible histories, cards that show what is not so, facts in the wrong chat.
    pub wrong: Vec<String>,
    /// More often than a fault may cause.
    pub too_often: Vec<String>,
    /// Messages that people saw twice because of a fault.
    pub shown_twice: usize,
    pub measurements: usize,
    pub changes: usize,
    /// Presses without any answer: their callback was too old when somebody came to it.
    pub unanswered: usize,
}

impl Findings {
    pub fn is_clean(&self) -> bool {
        [&self.lost, &self.double, &self.wrong, &self.too_often].into_iter().all(Vec::is_empty)
    }
}

/// # Errors
///
/// If the database cannot be read.
pub async fn compare(database: &mut sqlx::PgConnection, done: &Done<'_>) -> Result<Findings> {
    let books = Books::read(database).await?;
    let mut findings = Findings {
        measurements: books.measurements.len(),
        changes: books.history.iter().filter(|line| history::is_transition(line)).count(),
        unanswered: done.telegram.unanswered_presses(),
        ..Findings::default()
    };
    deals::check(&books, done, &mut findings);
    history::check(&books, done, &mut findings);
    answers::check(&books, done, &mut findings);
    messages::check(&books, done, &mut findings);
    cards::check(&books, done, &mut findings);
    twice::check(&books, done, &mut findings);
    Ok(findings)
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, list) in [
            ("LOST", &self.lost),
            ("DOUBLE", &self.double),
            ("WRONG", &self.wrong),
            ("TOO OFTEN", &self.too_often),
        ] {
            list.iter().try_for_each(|finding| writeln!(f, "{title}: {finding}"))?;
        }
        Ok(())
    }
}
