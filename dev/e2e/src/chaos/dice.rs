//! Chance that comes out the same for the same seed, on every machine and with every version of anything.

use std::time::Duration;

/// `SplitMix64`: small, and good enough to choose what breaks next.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Of the same seed, every `subject` gets rolls of its own.
    pub fn new(seed: u64, subject: &str) -> Self {
        let mixed = subject.bytes().fold(seed, |state, byte| Self(state ^ u64::from(byte)).roll());
        Self(mixed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `count` - 1; 0 where there is nothing to choose from.
    pub fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.roll() % count).unwrap_or(0)
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// In whole milliseconds.
    pub fn between(&mut self, shortest: Duration, longest: Duration) -> Duration {
        let range = usize::try_from(longest.saturating_sub(shortest).as_millis()).unwrap_or(usize::MAX);
        shortest + Duration::from_millis(u64::try_from(self.below(range + 1)).unwrap_or(0))
    }

    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub fn shuffle<T>(&mut self, cards: &mut [T]) {
        for last in (1..cards.len()).rev() {
            cards.swap(last, self.below(last + 1));
        }
    }
}
