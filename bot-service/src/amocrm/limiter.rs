//! A token bucket, with a bound on what one second sees. Pure: the time is told.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// So many calls may go at once after a rest.
const BURST: u32 = 3;
/// AmoCRM counts calls by the second of their arrival, and they do not all travel equally long.
const COUNTED: Duration = Duration::from_millis(1_100);
/// Every account may make so many calls in a second; for more one pays.
const ALLOWED: usize = 7;

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
        // To the nearest: a seventh of a second is not a whole number of nanoseconds.
        let a_second = (Duration::from_secs(1) + interval / 2).as_nanos() / interval.as_nanos().max(1);
        let a_second = usize::try_from(a_second).unwrap_or(usize::MAX);
        // A rested bucket and a full second of calls add up to more than the rate, and may be more than the account
        // is allowed. One more than the rate is, where the rate is less than that.
        let most = if a_second < ALLOWED { a_second + 1 } else { a_second };
        Self { interval, full_at: None, latest: VecDeque::new(), most: most.max(BURST as usize) }
    }

    /// As if every call that is allowed had been made until `at`: nobody knows how many the leader before made.
    #[must_use]
    pub fn spent(self, at: Instant) -> Self {
        let latest = std::iter::repeat_n(at, self.most).collect();
        Self { full_at: Some(at + self.interval * BURST), latest, ..self }
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
    fn after_a_predecessor_the_first_second_belongs_to_him() {
        let now = Instant::now();
        let at = now + Duration::from_millis(400);
        let mut limiter = Limiter::new(7.0).spent(now);
        assert_eq!(waits(&mut limiter, at, 4), [700, 700, 700, 700]);
        let mut limiter = Limiter::new(5.0).spent(now);
        let rested = now + Duration::from_secs(10);
        assert_eq!(waits(&mut limiter, rested, 4), [0, 0, 0, 200], "long ago");
    }

    /// The most that went within any one second.
    fn busiest_second(went: &[Instant]) -> usize {
        let second = |from: &Instant| *from..*from + Duration::from_secs(1);
        let within = |from| went.iter().filter(|at| second(from).contains(at)).count();
        went.iter().map(within).max().unwrap_or(0)
    }

    #[test]
    fn no_second_sees_more_than_the_account_allows() {
        for (rate, allowed) in [(0.5, 7), (5.0, 7), (6.3, 7), (7.0, 7), (15.0, 15), (30.0, 30), (50.0, 50)] {
            let mut limiter = Limiter::new(rate);
            let start = Instant::now();
            let at_once: Vec<_> = (0..200).map(|_| limiter.reserve(start)).collect();
            assert!(busiest_second(&at_once) <= allowed, "{rate} a second, asked for at once");

            let mut limiter = Limiter::new(rate);
            let mut now = start;
            let in_a_row = std::iter::repeat_with(|| {
                now = limiter.reserve(now);
                now
            });
            let in_a_row: Vec<_> = in_a_row.take(200).collect();
            assert!(busiest_second(&in_a_row) <= allowed, "{rate} a second, one after the other");
        }
    }
}
