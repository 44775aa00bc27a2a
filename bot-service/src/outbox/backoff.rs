//! When to try again.

use chrono::TimeDelta;

const LONGEST: TimeDelta = TimeDelta::minutes(5);

/// After so many failures already: 1 s, 2 s, 4 s … five minutes.
pub fn after(failures: i32) -> TimeDelta {
    let doublings = failures.clamp(0, 9);
    TimeDelta::seconds(1 << doublings).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_five_minutes() {
        assert_eq!([0, 1, 3, 8, 9, 1000].map(|n| after(n).num_seconds()), [1, 2, 8, 256, 300, 300]);
        assert_eq!(after(-1).num_seconds(), 1);
    }
}
