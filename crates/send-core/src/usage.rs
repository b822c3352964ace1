//! How much the service is used: counted cheaply, so that a crash loses little and counts nothing twice, and read cheaply.
//!
//! Each process adds up in memory and writes a segment of its own, at most every 10 seconds and only when something changed: one
//! object a process and day, not one a request. A sweep adds to its day each segment that nobody writes any more (`roll_up`), so
//! that a month is thirty objects.
//!
//! - `figures`: what is counted
//! - `segment`: what one process counts in one day; `ledger`: keeps it and writes it; `doubt`: what became of a write without an answer
//! - `activity`: the last hour by the minute, for the pulse
//! - `roll_up`: segments become days
//!
//! What is lost: a process that is killed loses what it counted since it last wrote, 10 seconds at most; so does one on AWS Lambda
//! that is removed before its next request. Where no answer came to a write, and a roll-up took the segment before it could be read
//! back, what that write added may be lost; it never counts twice.
//!
//! Addresses are never stored: a visitor is a keyed hash in memory, whose key changes with the day and with the process, so one who
//! meets two processes in a window counts in both.

mod activity;
mod doubt;
mod figures;
mod ledger;
mod roll_up;
mod segment;

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use storage::{Blobs, Path};

pub use figures::Figures;
pub(crate) use ledger::{EVERY, Ledger};
pub use roll_up::{QUIET, RolledUp, roll_up};

use crate::{
    clock::{Clock, Date, Millis},
    error::ApiError,
    id::{Nonce, TokenId},
    key, store,
};
use activity::HOUR;
use figures::Sums;
use roll_up::Day;
use segment::Stored;

/// Days that can be asked for at once.
pub const MOST_DAYS: u64 = 366;
/// Access tokens that are told apart in a report, the rest among them.
const MOST_TOLD: usize = 20;
/// Segments that are read at most: what S3 lists in one request.
const MOST_OPEN: usize = 1_000;
/// How much the storage's clock and ours may differ.
const SKEW: Duration = Duration::from_mins(5);

/// What the service was used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Every day that can be read, the oldest first.
    pub days: Vec<(Date, Figures)>,
    /// The days whose figures are damaged: they are not among the others, which says nothing of what went on.
    pub damaged: Vec<Date>,
    /// By access token, most bytes first, at most twenty; `None` is what belongs to no token, or to the rest. Requests and failures
    /// are not told by token.
    pub tokens: Vec<(Option<TokenId>, Figures)>,
}

/// What goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    /// Requests.
    pub requests: u64,
    /// Distinct addresses of clients.
    pub visitors: u64,
    /// Distinct transfers that were created, filled, claimed or read.
    pub transfers: u64,
}

/// Tells how much the service is used.
#[derive(Clone)]
pub struct Usage {
    blobs: Arc<dyn Blobs>,
    clock: Clock,
}

impl Usage {
    /// Of what is kept in this storage, by this clock.
    #[must_use]
    pub fn new(blobs: Arc<dyn Blobs>, clock: Clock) -> Self {
        Self { blobs, clock }
    }

    /// The last `days` days, at most [`MOST_DAYS`], today included.
    ///
    /// One LIST, a GET for each segment that no roll-up has taken yet (of the last two hours, as long as sweeps run; at most a
    /// thousand), and a GET for each day. Segments are read before the days: what a roll-up moves meanwhile is found in its day.
    ///
    /// # Errors
    /// The storage's.
    pub async fn days(&self, days: u64) -> Result<Report, ApiError> {
        let today = Date::of(self.clock.now());
        let days = days.clamp(1, MOST_DAYS);
        let first = today.minus(days - 1);
        let open = self.open(first, |_| true).await?;
        let dates: Vec<Date> = (0..days).map(|n| first.plus(n)).collect();
        let mut all = Sums::default();
        let (mut told, mut damaged) = (Vec::new(), Vec::new());
        for (date, day) in dates.iter().zip(self.read_days(&dates).await?) {
            let Some(mut day) = day else {
                damaged.push(*date);
                continue;
            };
            for (nonce, stored) in open.iter().filter(|(_, stored)| stored.date == *date) {
                if day.segments.insert(*nonce) {
                    day.sums.add(&stored.sums);
                }
            }
            all.add(&day.sums);
            told.push((*date, day.sums.totals));
        }
        Ok(Report {
            days: told,
            damaged,
            tokens: by_token(&all),
        })
    }

    /// What went on in the last minutes, at most 60, the present one included. Ten seconds late, and by each process for itself.
    ///
    /// One LIST, and a GET for each segment that was written in the window; at most a thousand.
    ///
    /// # Errors
    /// The storage's.
    pub async fn pulse(&self, minutes: u64) -> Result<Pulse, ApiError> {
        let minutes = minutes.clamp(1, HOUR);
        let now = self.clock.now();
        let window = Duration::from_secs(minutes * 60) + SKEW;
        let since = UNIX_EPOCH + Duration::from_millis(now.0).saturating_sub(window);
        let open = self.open(Date::of(now).minus(1), |at| at >= since).await?;
        let of_all = open.iter().flat_map(|(_, stored)| &stored.minutes);
        let recent = of_all.filter(|at| at.minute + minutes > minute(now));
        Ok(recent.fold(Pulse::default(), |sum, at| Pulse {
            requests: sum.requests.saturating_add(at.requests),
            visitors: sum.visitors.saturating_add(at.visitors),
            transfers: sum.transfers.saturating_add(at.transfers),
        }))
    }

    /// The segments of a day and later that were last written at such a time.
    async fn open(
        &self,
        first: Date,
        written: impl Fn(SystemTime) -> bool,
    ) -> Result<Vec<(Nonce, Stored)>, ApiError> {
        let after = key::open_usage_from(first);
        let folder = key::open_usage();
        let page = self
            .blobs
            .list(Some(&folder), Some(&after), MOST_OPEN)
            .await?;
        if page.more {
            tracing::warn!(
                "more than {MOST_OPEN} segments of usage wait for a sweep; figures are too low until one runs"
            );
        }
        let wanted = page
            .entries
            .into_iter()
            .filter(|entry| written(entry.modified));
        let named = |path: Path| Some((key::parse_segment(&path)?.1, path));
        let found: Vec<_> = wanted.filter_map(|entry| named(entry.path)).collect();
        let (segments, damaged) = roll_up::read(&*self.blobs, &found).await?;
        if damaged > 0 {
            tracing::warn!(damaged, "segments of usage are damaged and are left out");
        }
        Ok(segments)
    }

    /// What is known of each day: nothing of one that is not there; `None` where it is damaged.
    async fn read_days(&self, dates: &[Date]) -> Result<Vec<Option<Day>>, ApiError> {
        let paths: Vec<Path> = dates.iter().map(|date| key::usage_day(*date)).collect();
        let found = store::read_all(&*self.blobs, paths).await?;
        let parse = |(date, bytes): (&Date, Option<bytes::Bytes>)| {
            let Some(bytes) = bytes else {
                return Some(Day::default());
            };
            let parsed = serde_json::from_slice(&bytes);
            if parsed.is_err() {
                let path = key::usage_day(*date);
                tracing::warn!("what was counted on {date} is damaged and is left out: {path}");
            }
            parsed.ok()
        };
        Ok(dates.iter().zip(found).map(parse).collect())
    }
}

/// The tokens that moved the most bytes, and all the rest in one.
fn by_token(all: &Sums) -> Vec<(Option<TokenId>, Figures)> {
    let of_tokens = Figures {
        requests: 0,
        failures: 0,
        ..all.totals
    };
    let most = all.by_bytes().into_iter().take(MOST_TOLD - 1);
    let mut told: Vec<_> = most.map(|(id, sum)| (Some(id), sum)).collect();
    let named = told
        .iter()
        .fold(Figures::default(), |sum, (_, one)| sum.plus(*one));
    let rest = of_tokens.less(named);
    if !rest.is_nothing() {
        told.push((None, rest));
        told.sort_by_key(|(_, figures)| std::cmp::Reverse(figures.bytes()));
    }
    told
}

/// The minute, counted from 1970.
const fn minute(time: Millis) -> u64 {
    time.0 / 60_000
}

#[cfg(test)]
mod tests;
