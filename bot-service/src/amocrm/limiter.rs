//! A token bucket. Pure: the time is told.

use std::time::Duration;

use tokio::time::Instant;

/// So many calls may go at once after a rest.
const BURST: u32 = 3;

/// Paces calls. Of the replicas only the leader has one, so the account's budget is shared with nobody of us.
#[derive(Debug)]
pub struct Limiter {
    /// Between two calls in the long run.
    interval: Duration,
    /// When the bucket will be full again.
    full_at: Option<Instant>,
}

impl Limiter {
    /// `per_second` is more than zero.
    pub fn new(per_second: f64) -> Self {
        Self { interval: Duration::from_secs_f64(1.0 / per_second), full_at: None }
    }

    /// Takes a place in the row: the moment at which the call may go, at the earliest `now`.
    pub fn reserve(&mut self, now: Instant) -> Instant {
        let full_at = self.full_at.map_or(now, |full_at| full_at.max(now));
        self.full_at = Some(full_at + self.interval);
        // A wait is due only for what the bucket does not hold.
        let behind = full_at.saturating_duration_since(now).saturating_sub(self.interval * (BURST - 1));
        now + behind
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
        assert_eq!(waits(&mut Limiter::new(5.0), now, 6), [0, 0, 0, 200, 400, 600]);
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
