//! What goes on failing is said in the log when it begins, once a minute, and when it is over: an outage of a night
//! is to be read in the morning.

use std::time::Duration;

use tokio::time::Instant;

const EVERY: Duration = Duration::from_mins(1);

/// About one thing that a loop does again and again.
#[derive(Debug)]
pub struct Complaint {
    about: &'static str,
    began: Option<Instant>,
    said: Option<Instant>,
}

impl Complaint {
    /// `about` says what does not work.
    pub const fn about(about: &'static str) -> Self {
        Self { about, began: None, said: None }
    }

    pub fn fails(&mut self, error: impl Into<anyhow::Error>) {
        let (now, error) = (Instant::now(), format!("{:#}", error.into()));
        let seconds = (now - *self.began.get_or_insert(now)).as_secs();
        if self.is_news(now) {
            tracing::warn!(error, seconds, "{}", self.about);
        } else {
            tracing::debug!(error, seconds, "{}", self.about);
        }
    }

    pub fn works(&mut self) {
        self.said = None;
        if let Some(began) = self.began.take() {
            tracing::info!(seconds = began.elapsed().as_secs(), "Over: {}", self.about);
        }
    }

    fn is_news(&mut self, now: Instant) -> bool {
        let is_news = self.said.is_none_or(|said| now - said >= EVERY);
        if is_news {
            self.said = Some(now);
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_failing_is_said_once_a_minute_and_anew_after_it_has_worked() {
        let (mut complaint, begin) = (Complaint::about("Cannot"), Instant::now());
        let mut said = |second| complaint.is_news(begin + Duration::from_secs(second));
        let seconds: Vec<_> = (0..150).filter(|second| said(*second)).collect();
        assert_eq!(seconds, [0, 60, 120]);
        complaint.works();
        assert!(complaint.is_news(begin + Duration::from_secs(150)));
    }
}
