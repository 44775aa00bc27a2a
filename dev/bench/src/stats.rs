//! Percentiles of samples and medians of rounds. Pure.

use std::time::Duration;

/// Samples of one measurement, in order of their length.
#[derive(Debug, Clone, Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    pub fn new(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        Self(samples)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The smallest sample that at least `percent` of all are not longer than, in milliseconds; zero of none.
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().map_or(0.0, millis)
    }
}

pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The middle one, of an even number the mean of the middle two; zero of none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.as_slice() {
        [] => 0.0,
        all if all.len() % 2 == 1 => all[middle],
        all => f64::midpoint(all[middle - 1], all[middle]),
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole and half numbers are exact")]
mod tests {
    use super::*;

    fn samples(milliseconds: impl IntoIterator<Item = u64>) -> Samples {
        Samples::new(milliseconds.into_iter().map(Duration::from_millis).collect())
    }

    #[test]
    fn percentiles_are_samples_by_nearest_rank() {
        let hundred = samples((1..=100).rev());
        let found: Vec<_> = [1, 50, 99, 100].into_iter().map(|p| hundred.percentile(p)).collect();
        assert_eq!(found, [1.0, 50.0, 99.0, 100.0]);
        let three = samples([30, 10, 20]);
        let found: Vec<_> = [0, 33, 34, 50, 67, 99].into_iter().map(|p| three.percentile(p)).collect();
        assert_eq!(found, [10.0, 10.0, 20.0, 20.0, 30.0, 30.0]);
    }

    #[test]
    fn a_rare_long_sample_is_seen_by_the_99th_of_few_and_not_of_many() {
        let with_one_slow = |count: usize| samples(std::iter::repeat_n(1, count - 1).chain([500]));
        assert_eq!(with_one_slow(99).percentile(99), 500.0);
        assert_eq!(with_one_slow(100).percentile(99), 1.0);
    }

    #[test]
    fn nothing_measured_is_zero() {
        assert_eq!((samples([]).percentile(50), median(&[])), (0.0, 0.0));
    }

    #[test]
    fn one_disturbed_round_does_not_move_the_median() {
        assert_eq!(median(&[10.0, 9000.0, 11.0]), 11.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
    }
}
