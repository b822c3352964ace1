//! What went on in the last hour, by the minute: requests, and who and what was last seen when.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher, Hash, RandomState},
};

use serde::{Deserialize, Serialize};

/// Minutes that are remembered.
pub(crate) const HOUR: u64 = 60;
/// Visitors, and transfers, that are remembered at most: a megabyte. Beyond that those longest unseen go.
const MOST: usize = 10_000;

/// One minute. Who was seen in several counts in the last of them, so that what a window sums up to is how many were seen in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Minute {
    /// Counted from 1970.
    pub(crate) minute: u64,
    pub(crate) requests: u64,
    /// Distinct visitors last seen in it.
    pub(crate) visitors: u64,
    /// Distinct transfers last touched in it.
    pub(crate) transfers: u64,
}

/// What went on.
#[derive(Default)]
pub(super) struct Activity {
    requests: BTreeMap<u64, u64>,
    visitors: Seen,
    transfers: Seen,
}

impl Activity {
    pub(super) fn request(&mut self, minute: u64) {
        self.requests.retain(|at, _| at + HOUR > minute);
        *self.requests.entry(minute).or_default() += 1;
    }

    pub(super) fn visitor(&mut self, minute: u64, who: impl Hash) {
        self.visitors.see(minute, who);
    }

    pub(super) fn transfer(&mut self, minute: u64, which: impl Hash) {
        self.transfers.see(minute, which);
    }

    /// Forgets all that was up to a minute, which another segment tells.
    pub(super) fn forget_until(&mut self, minute: u64) {
        self.requests.retain(|at, _| *at > minute);
        self.visitors.last.retain(|_, at| *at > minute);
        self.transfers.last.retain(|_, at| *at > minute);
    }

    /// The last hour; minutes in which nothing was are left out.
    pub(super) fn minutes(&self, now: u64) -> Vec<Minute> {
        let mut minutes = BTreeMap::<u64, Minute>::new();
        let recent = |at: &u64| at + HOUR > now;
        for (at, requests) in self.requests.iter().filter(|(at, _)| recent(at)) {
            minutes.entry(*at).or_default().requests = *requests;
        }
        for at in self.visitors.last.values().filter(|at| recent(at)) {
            minutes.entry(*at).or_default().visitors += 1;
        }
        for at in self.transfers.last.values().filter(|at| recent(at)) {
            minutes.entry(*at).or_default().transfers += 1;
        }
        let named = |(minute, found)| Minute { minute, ..found };
        minutes.into_iter().map(named).collect()
    }
}

/// When each of many was last seen: keyed hashes, whose key is nowhere else.
#[derive(Default)]
struct Seen {
    key: RandomState,
    last: HashMap<u64, u64>,
    /// The minute in which there was no room for more.
    full: Option<u64>,
}

impl Seen {
    fn see(&mut self, minute: u64, who: impl Hash) {
        let hash = self.key.hash_one(who);
        let known = self.last.contains_key(&hash);
        if known || self.last.len() < MOST || self.make_room(minute) {
            self.last.insert(hash, minute);
        }
    }

    /// Forgets those of the oldest minute, unless that is the present one.
    fn make_room(&mut self, minute: u64) -> bool {
        if self.full == Some(minute) {
            return false;
        }
        let oldest = self.last.values().min().copied().unwrap_or(minute);
        if oldest >= minute {
            self.full = Some(minute);
            return false;
        }
        self.last.retain(|_, at| *at > oldest);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_sums_up_to_those_who_were_seen_in_it() {
        let mut activity = Activity::default();
        for (minute, who) in [(100, "a"), (100, "b"), (101, "a"), (103, "c")] {
            activity.request(minute);
            activity.visitor(minute, who);
        }
        activity.transfer(103, 7);
        let minutes = activity.minutes(103);
        let found: Vec<_> = minutes
            .iter()
            .map(|m| (m.minute, m.requests, m.visitors, m.transfers))
            .collect();
        assert_eq!(found, [(100, 2, 1, 0), (101, 1, 1, 0), (103, 1, 1, 1)]);
        activity.forget_until(101);
        assert_eq!(activity.minutes(103).len(), 1);
        assert_eq!(activity.minutes(163), []);
    }

    #[test]
    fn beyond_ten_thousand_those_longest_unseen_go() {
        let mut seen = Seen::default();
        for n in 0..MOST {
            seen.see(if n < 10 { 1 } else { 2 }, n);
        }
        seen.see(2, "one more");
        assert_eq!(seen.last.len(), MOST - 9);
        for n in MOST..MOST + 100 {
            seen.see(2, n);
        }
        assert_eq!(
            seen.last.len(),
            MOST,
            "and none is forgotten for another of the same minute"
        );
        seen.see(3, "the next minute");
        assert_eq!(seen.last.len(), 1);
    }
}
