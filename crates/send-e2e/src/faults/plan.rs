//! Which requests are spoiled, and how: decided by a seed and by the number of the request, and by nothing else.

use std::time::Duration;

use anyhow::{Context, Result};
use hyper::{Method, Request, header};

/// How long a request that stalls is left without an answer.
pub(super) const STALL: Duration = Duration::from_secs(30);
/// The variable that decides the seed of [`Plan::random`], to see a run again.
const SEED: &str = "FAULTS_SEED";

/// A way to spoil a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// 500 `InternalError`; S3 never sees the request.
    InternalError,
    /// 503 `SlowDown`; S3 never sees the request.
    SlowDown,
    /// 409 `ConditionalRequestConflict`, of conditional PUTs; S3 never sees the request.
    Conflict,
    /// The connection is reset; S3 never sees the request.
    ResetBefore,
    /// The connection is reset after S3 has done what it was asked for.
    ResetAfter,
    /// Nothing for half a minute, then the connection is reset; S3 never sees the request.
    Stall,
    /// Nothing for half a minute after S3 has done what it was asked for, then the connection is reset.
    StallAfter,
    /// The answer to a GET, with half of the body that its head promises.
    ShortBody,
}

impl Kind {
    /// All of them but [`Self::StallAfter`], which is a lost answer as that of [`Self::ResetAfter`] is, and half a minute slower.
    pub const ALL: [Self; 7] = [
        Self::InternalError,
        Self::SlowDown,
        Self::Conflict,
        Self::ResetBefore,
        Self::ResetAfter,
        Self::Stall,
        Self::ShortBody,
    ];

    /// All but those that take half a minute.
    pub const QUICK: [Self; 6] = [
        Self::InternalError,
        Self::SlowDown,
        Self::Conflict,
        Self::ResetBefore,
        Self::ResetAfter,
        Self::ShortBody,
    ];

    /// Whether a request can be spoiled so.
    fn suits<B>(self, request: &Request<B>) -> bool {
        let is_conditional = [header::IF_MATCH, header::IF_NONE_MATCH]
            .iter()
            .any(|name| request.headers().contains_key(name));
        match self {
            Self::Conflict => request.method() == Method::PUT && is_conditional,
            Self::ShortBody => request.method() == Method::GET,
            Self::InternalError
            | Self::SlowDown
            | Self::ResetBefore
            | Self::ResetAfter
            | Self::Stall
            | Self::StallAfter => true,
        }
    }
}

/// Which requests are spoiled, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What decides.
    pub seed: u64,
    /// The share of requests that are spoiled, from 0 to 1.
    pub share: f64,
    /// In which ways; each as often as another among those that suit a request.
    pub kinds: Vec<Kind>,
    /// The number of the one request that is spoiled, where it is one.
    pub only: Option<u64>,
}

impl Plan {
    /// Nothing is spoiled: for counting.
    #[must_use]
    pub fn clean() -> Self {
        Self {
            seed: 0,
            share: 0.0,
            kinds: Vec::new(),
            only: None,
        }
    }

    /// One request is spoiled, by its number.
    #[must_use]
    pub fn only(number: u64, kind: Kind) -> Self {
        Self {
            share: 1.0,
            kinds: vec![kind],
            only: Some(number),
            ..Self::clean()
        }
    }

    /// A plan that nobody knows, or that of the seed in `FAULTS_SEED`.
    ///
    /// # Errors
    /// When the variable is no number, or the system has no randomness.
    pub fn random(share: f64, kinds: &[Kind]) -> Result<Self> {
        let seed = match std::env::var(SEED) {
            Ok(seed) => seed.parse().context("FAULTS_SEED is no number")?,
            Err(_) => getrandom::u64()?,
        };
        Ok(Self {
            seed,
            share,
            kinds: kinds.to_vec(),
            only: None,
        })
    }

    #[expect(
        clippy::print_stdout,
        reason = "a test that fails shows how to see it again"
    )]
    pub(super) fn announce(&self) {
        if !self.kinds.is_empty() && self.only.is_none() {
            println!(
                "faults: {SEED}={} share={} kinds={:?}",
                self.seed, self.share, self.kinds
            );
        }
    }

    /// How request `number` is spoiled.
    pub(super) fn choose<B>(&self, number: u64, share: f64, request: &Request<B>) -> Option<Kind> {
        if self.only.is_some_and(|only| only != number) {
            return None;
        }
        let drawn = mixed(self.seed ^ mixed(number));
        // The upper 32 bits decide whether, the lower ones how.
        if (drawn >> 32) as f64 >= share * (1_u64 << 32) as f64 {
            return None;
        }
        let suits = |kind: &&Kind| kind.suits(request);
        let kinds: Vec<_> = self.kinds.iter().filter(suits).collect();
        let count = kinds.len() as u64;
        (count > 0).then(|| *kinds[((drawn & 0xffff_ffff) % count) as usize])
    }
}

/// `SplitMix64`, by Steele, Lea and Flood.
fn mixed(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
