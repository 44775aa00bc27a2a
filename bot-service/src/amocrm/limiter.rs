//! A token bucket, with a bound on what one second sees. Pure: the time is told.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// So many calls may go at once after a rest.
const BURST: u32 = 3;
/// AmoCRM counts calls by the second of their arrival, and they do not all travel equally long.
const COUNTED: Duration = Duration::from_millis(1_100);

/// Paces calls. Of the replicas only the leader has one, so the account's budget is shared with nobody of us.
#[derive(Debug)]
pub struct Limiter {
    /// Between two calls in the long run.
    interval: Duration,
    /// When the bucket will be full again.
    full_at: Option<Instant>,
    /// The latest calls, as many as [`COUNTED`] may see.
    latest: VecDeque<Instant>,
    most: usize,
}

impl Limiter {
    /// `per_second` is more than zero.
    pub fn new(per_second: f64) -> Self {
        let interval = Duration::from_secs_f64(1.0 / per_second);
        // One more than the rate: without it a rested bucket and a full second of calls add up to more than
        // the account is allowed.
        let a_second = Duration::from_secs(1).as_nanos().div_ceil(interval.as_nanos().max(1));
        let most = usize::try_from(a_second).unwrap_or(usize::MAX).saturating_add(1).max(BURST as usize);
        Self { interval, full_at: None, latest: VecDeque::new(), most }
    }

    /// A place for a call that is in no hurry: only while nobody else has called just now, so that whoever comes
    /// next still goes at once.
    ///
    /// # Errors
    ///
    /// When to look again.
    pub fn reserve_spare(&mut self, now: Instant) -> Result<Instant, Instant> {
        match self.full_at {
            Some(full_at) if full_at > now => Err(full_at),
            _ => Ok(self.reserve(now)),
        }
    }

    /// Takes a place in the row: the moment at which the call may go, at the earliest `now`.
    pub fn reserve(&mut self, now: Instant) -> Instant {
        let full_at = self.full_at.map_or(now, |full_at| full_at.max(now));
        // A wait is due only for what the bucket does not hold.
        let behind = full_at.saturating_duration_since(now).saturating_sub(self.interval * (BURST - 1));
        let crowded_until = if self.latest.len() < self.most {
            None
        } else {
            self.latest.pop_front().map(|first| first + COUNTED)
        };
        let at = (now + behind).max(crowded_until.unwrap_or(now));
        self.full_at = Some((full_at + self.interval).max(at));
        self.latest.push_back(at);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(limiter: &mut Limiter, now: Instant, calls: usize) -> Vec<u128> {
        (0..calls).map(|_| limiter.reserve(now).duration_since(now).as_millis()).collect()
    }

    #[test]
    fn three_go_at_once_and_the_others_follow_at_the_rate() {
        let now = Instant::now();
        assert_eq!(waits(&mut Limiter::new(5.0), now, 8), [0, 0, 0, 200, 400, 600, 1100, 1100]);
    }

    #[test]
    fn a_call_in_no_hurry_leaves_places_to_the_others() {
        let now = Instant::now();
        let mut limiter = Limiter::new(5.0);
        assert_eq!(limiter.reserve_spare(now), Ok(now));
        let again = now + Duration::from_millis(200);
        assert_eq!(limiter.reserve_spare(now), Err(again));
        assert_eq!(waits(&mut limiter, now, 2), [0, 0], "two go at once all the same");
        assert!(limiter.reserve_spare(again).is_err());
        // Hundreds of such calls in a row, and still nobody waits.
        let mut limiter = Limiter::new(5.0);
        let mut now = now;
        for _ in 0..200 {
            now = limiter.reserve_spare(now).unwrap_or_else(|at| at);
        }
        assert!(waits(&mut limiter, now, 2).iter().all(|wait| *wait <= 200));
    }

    #[test]
    fn a_rest_fills_the_bucket_again_but_not_over() {
        let now = Instant::now();
        let mut limiter = Limiter::new(5.0);
        waits(&mut limiter, now, 3);
        assert_eq!(waits(&mut limiter, now + Duration::from_millis(200), 2), [0, 200]);
        assert_eq!(waits(&mut limiter, now + Duration::from_mins(1), 4), [0, 0, 0, 200]);
    }

    #[test]
    fn no_second_sees_more_than_the_account_allows() {
        let start = Instant::now();
        let mut limiter = Limiter::new(5.0);
        let mut now = start;
        let went: Vec<Instant> = (0..50)
            .map(|_| {
                now = limiter.reserve(now);
                now
            })
            .collect();
        let busiest = went.iter().map(|from| {
            went.iter()
                .filter(|at| **at >= *from && at.duration_since(*from) < Duration::from_secs(1))
                .count()
        });
        assert!(busiest.max() <= Some(7), "AmoCRM takes seven");
    }
}
