//! One file on its way: asked for, fetched, kept, noted.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use tracing::{info, warn};

use super::store;
use crate::app::App;
use crate::domain::comment::NotCopied;
use crate::leader::Fence;
use crate::storage::files::{self, Due};
use crate::storage::{cards, heard, measurements};
use crate::telegram::sender::{Failure, Trouble, download};

/// How many at once: each is held in memory whole.
const AT_ONCE: i64 = 2;
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(10);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);
/// What Telegram itself refuses is given up after so many tries, two days later.
const TRIES: i32 = 55;

/// Copies what is due, a few files beside each other. Returns how many there were.
///
/// # Errors
///
/// If the database fails, or another replica leads.
pub async fn due(app: &App, fence: &Fence) -> anyhow::Result<usize> {
    let due = {
        let mut conn = app.db.acquire().await?;
        heard(files::list_due(&mut conn, AT_ONCE, app.now())).await?
    };
    let count = due.len();
    for settled in join_all(due.iter().map(|file| one(app, fence, file))).await {
        settled?;
    }
    Ok(count)
}

async fn one(app: &App, fence: &Fence, file: &Due) -> anyhow::Result<()> {
    let copied = fetch_and_keep(app, file).await;
    let outcome = copied.as_ref().map_or_else(|(why, _)| why.as_str(), |_| "copied");
    metrics::counter!("bot_file_copies_total", "outcome" => outcome).increment(1);
    heard(async {
        let now = app.now();
        let mut transaction = app.db.begin().await?;
        match copied {
            Ok((sha, size)) => {
                info!(file_id = %file.id, size, "Copied a file");
                files::copied(&mut transaction, file.id, &sha, size, now).await?;
                // Cards say what is not copied, and not what is.
                if file.attempts > 0 {
                    measurements::lock(&mut transaction, file.measurement_id).await?;
                    cards::bump_keeping_face(&mut transaction, file.measurement_id).await?;
                }
            }
            Err((why, wait)) => {
                warn!(file_id = %file.id, why = why.as_str(), attempts = file.attempts, "A file is not copied");
                let again = next_try(file.attempts, why, wait, now);
                files::not_copied(&mut transaction, file.id, why, again).await?;
                if file.attempts == 0 || again.is_none() {
                    measurements::lock(&mut transaction, file.measurement_id).await?;
                    cards::bump_keeping_face(&mut transaction, file.measurement_id).await?;
                }
            }
        }
        fence.hold(&mut transaction).await?;
        anyhow::Ok(transaction.commit().await?)
    })
    .await
}

/// Why not, and for how long Telegram asks to be left alone.
async fn fetch_and_keep(app: &App, file: &Due) -> Result<(store::Sha, i64), (NotCopied, Duration)> {
    let content = download(&app.bot, &file.file_id).await.map_err(|failure| not_fetched(&failure))?;
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    match app.store.keep(content).await {
        Ok(sha) => Ok((sha, size)),
        Err(error) => {
            warn!(error = &error as &dyn std::error::Error, "The storage of files does not take one");
            Err((NotCopied::Storage, Duration::ZERO))
        }
    }
}

fn not_fetched(failure: &Failure) -> (NotCopied, Duration) {
    match failure.trouble {
        Trouble::Wait(time) => (NotCopied::Telegram, time),
        Trouble::Malformed(_) if failure.description.contains("file is too big") => {
            (NotCopied::TooBig, Duration::ZERO)
        }
        Trouble::Malformed(_) => (NotCopied::Refused, Duration::ZERO),
        _ => (NotCopied::Telegram, Duration::ZERO),
    }
}

/// None where it is of no use.
fn next_try(attempts: i32, why: NotCopied, wait: Duration, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let is_given_up = match why {
        NotCopied::TooBig => true,
        NotCopied::Refused => attempts + 1 >= TRIES,
        NotCopied::Telegram | NotCopied::Storage => false,
    };
    let doubled = FIRST_PAUSE * 2_i32.pow(u32::try_from(attempts.clamp(0, 12)).unwrap_or_default());
    let pause = doubled.min(LONGEST_PAUSE).max(TimeDelta::from_std(wait).unwrap_or(LONGEST_PAUSE));
    (!is_given_up).then(|| now + pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_only_what_is_of_no_use_is_given_up() {
        let now = DateTime::UNIX_EPOCH;
        let pause =
            |attempts, why, wait| next_try(attempts, why, wait, now).map(|at| (at - now).num_seconds());
        let none = Duration::ZERO;
        assert_eq!(pause(0, NotCopied::Telegram, none), Some(10));
        assert_eq!(pause(3, NotCopied::Storage, none), Some(80));
        assert_eq!(pause(0, NotCopied::Telegram, Duration::from_secs(40)), Some(40));
        assert_eq!(pause(i32::MAX - 1, NotCopied::Storage, none), Some(3600));
        assert_eq!(pause(0, NotCopied::TooBig, none), None);
        assert_eq!(pause(TRIES - 2, NotCopied::Refused, none), Some(3600));
        assert_eq!(pause(TRIES - 1, NotCopied::Refused, none), None);
    }
}
