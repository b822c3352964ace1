//! What decides, from a seed.

use std::time::Duration;

use anyhow::{Context, Result};

/// The variable that decides the seed, to see a run again: the same choices, though not the same moments to the microsecond.
const SEED: &str = "CRASH_SEED";

/// `SplitMix64`, by Steele, Lea and Flood.
pub(super) struct Dice(u64);

impl Dice {
    /// Of a seed that nobody knows, or of that in `CRASH_SEED`. It is printed.
    pub(super) fn from_variable() -> Result<Self> {
        let seed = match std::env::var(SEED) {
            Ok(seed) => seed.parse().context("CRASH_SEED is no number")?,
            Err(_) => getrandom::u64()?,
        };
        println!("{SEED}={seed}");
        Ok(Self(seed))
    }

    /// Dice of their own for another.
    pub(super) fn another(&mut self) -> Self {
        Self(self.roll())
    }

    /// A number below `count`.
    pub(super) fn below(&mut self, count: u64) -> u64 {
        self.roll() % count
    }

    /// Whether it is one of so many cases.
    pub(super) fn one_in(&mut self, cases: u64) -> bool {
        self.below(cases) == 0
    }

    /// A time.
    pub(super) fn millis(&mut self, least: u64, most: u64) -> Duration {
        let micros = 1_000 * least + self.below(1_000 * (most - least));
        Duration::from_micros(micros)
    }

    /// One of these.
    pub(super) fn one_of<T: Copy, const N: usize>(&mut self, choices: [T; N]) -> T {
        choices[self.below(N as u64) as usize]
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
