//! How many wrong tokens an address has shown: guessing is slowed down, nothing else is limited.
//!
//! Local servers only, and only in memory: an address is kept as a keyed hash, and the key changes with the day.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use crate::clock::Clock;

/// Wrong tokens, keys and read halves that an address is forgiven each day.
const A_DAY: u32 = 1_000;
/// Addresses that are remembered at most; beyond that the day begins anew, so memory stays bounded.
const MOST: usize = 100_000;

/// Counts wrong tokens by address.
#[derive(Debug)]
pub(crate) struct WrongTokens {
    clock: Clock,
    today: Mutex<Day>,
}

#[derive(Debug, Default)]
struct Day {
    number: u64,
    key: RandomState,
    counts: HashMap<u64, u32>,
}

impl WrongTokens {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            today: Mutex::default(),
        }
    }

    /// Whether this address has shown too many today.
    pub(crate) fn too_many(&self, address: IpAddr) -> bool {
        let day = self.today();
        let count = day.counts.get(&day.key.hash_one(prefix(address)));
        count.is_some_and(|count| *count >= A_DAY)
    }

    /// Counts one more.
    pub(crate) fn count(&self, address: IpAddr) {
        let mut day = self.today();
        let hash = day.key.hash_one(prefix(address));
        if day.counts.len() >= MOST {
            day.counts.clear();
        }
        *day.counts.entry(hash).or_insert(0) += 1;
    }

    fn today(&self) -> std::sync::MutexGuard<'_, Day> {
        let number = self.clock.now().day();
        let mut day = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        if day.number != number {
            *day = Day {
                number,
                ..Day::default()
            };
        }
        day
    }
}

/// One household has one IPv4 address, or one IPv6 network of 64 bits.
pub(crate) fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::AtomicU64};

    use super::*;

    #[test]
    fn an_address_is_forgiven_a_thousand_a_day() {
        let clock = Arc::new(AtomicU64::new(0));
        let wrong = WrongTokens::new(Clock::Set(clock.clone()));
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        for _ in 0..A_DAY {
            assert!(!wrong.too_many(one));
            wrong.count(one);
        }
        assert!(wrong.too_many(one) && !wrong.too_many(other));
        clock.store(86_400_000, std::sync::atomic::Ordering::Relaxed);
        assert!(!wrong.too_many(one));
    }

    #[test]
    fn a_network_of_64_bits_is_one_address() {
        let wrong = WrongTokens::new(Clock::Set(Arc::default()));
        for n in 0..A_DAY {
            wrong.count(format!("2001:db8::{n:x}").parse().unwrap());
        }
        assert!(wrong.too_many("2001:db8::ffff".parse().unwrap()));
        assert!(!wrong.too_many("2001:db8:0:1::1".parse().unwrap()));
    }
}
