//! Segments become days: added by compare-and-swap, then removed.
//!
//! A day notes which segments it holds, for ever, so whoever finds one that is held already only removes it: a crash in
//! between, a second roll-up beside this one, or a write that comes too late count nothing twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use storage::{
    Blobs, Listed, Path,
    json::{self, Change},
};
use tokio::time::Instant;

use super::{figures::Sums, segment::Stored};
use crate::{
    clock::{Clock, Date, Millis},
    error::ApiError,
    id::Nonce,
    key, store,
};

/// How long nobody must have written a segment before it is added to its day. Its process begins another after a quarter of that.
pub const QUIET: Duration = Duration::from_hours(2);

/// Entries of a page: what S3 lists in one request.
const PAGE: usize = 1_000;
/// Segments that are held in memory at once.
const AT_ONCE: usize = 100;

/// What all processes have counted in one day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Day {
    #[serde(flatten)]
    pub(super) sums: Sums,
    /// The segments that it holds.
    pub(super) segments: BTreeSet<Nonce>,
}

/// What a roll-up did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RolledUp {
    /// Segments that were added to their day, or found to be in it, and removed.
    pub segments: u64,
    /// Objects that are no segments, or damaged ones, and damaged days: they are left, and a person must look.
    pub failures: u64,
    /// Everything was looked at; else the next roll-up goes on.
    pub finished: bool,
}

/// Adds to its day each segment that was not written for [`QUIET`], and removes it. Looks at the time after every hundred, and ends
/// when this much has passed; a day that is damaged keeps its segments, and holds up no other.
///
/// One LIST for a thousand segments; for a hundred of one day at most 100 GET, a GET and a PUT of the day, and a removal. Any number
/// may do it at once.
///
/// # Errors
/// The storage's. What was added until then stays added, once.
pub async fn roll_up(
    blobs: &dyn Blobs,
    clock: &Clock,
    time: Duration,
) -> Result<RolledUp, ApiError> {
    let Millis(now) = clock.now();
    let before = UNIX_EPOCH + Duration::from_millis(now).saturating_sub(QUIET);
    let (began, folder) = (Instant::now(), key::open_usage());
    let (mut done, mut after) = (RolledUp::default(), None);
    let mut damaged = BTreeSet::new();
    'pages: loop {
        let page = blobs.list(Some(&folder), after.as_ref(), PAGE).await?;
        for (date, some) in batches(&page.entries, before, &mut done) {
            if damaged.contains(&date) {
                continue;
            }
            if !add_and_remove(blobs, date, &some, &mut done).await? {
                damaged.insert(date);
            }
            if began.elapsed() >= time {
                break 'pages;
            }
        }
        if !page.more {
            done.finished = true;
            break;
        }
        after = page.entries.into_iter().next_back().map(|entry| entry.path);
    }
    done.failures += damaged.len() as u64;
    say(&done, &damaged);
    Ok(done)
}

/// What a person must look at.
fn say(done: &RolledUp, damaged: &BTreeSet<Date>) {
    for date in damaged {
        tracing::warn!(
            "what was counted on {date} is damaged: look at {}, or remove it; then what waits in usage/open is added up",
            key::usage_day(*date)
        );
    }
    let unread = done.failures - damaged.len() as u64;
    if unread > 0 {
        tracing::warn!(
            failures = unread,
            "there are objects in usage/open that cannot be read; look at them, then remove them"
        );
    }
}

/// The segments that nobody writes any more, those of one day together, a hundred at most.
fn batches(
    entries: &[Listed],
    before: SystemTime,
    done: &mut RolledUp,
) -> Vec<(Date, Vec<(Nonce, Path)>)> {
    let days = quiet(entries, before, done).into_iter();
    let cut = |(date, found): (Date, Vec<(Nonce, Path)>)| {
        let some: Vec<_> = found.chunks(AT_ONCE).map(<[_]>::to_vec).collect();
        some.into_iter().map(move |some| (date, some))
    };
    days.flat_map(cut).collect()
}

/// The segments that nobody writes any more, by their day.
fn quiet(
    entries: &[Listed],
    before: SystemTime,
    done: &mut RolledUp,
) -> BTreeMap<Date, Vec<(Nonce, Path)>> {
    let mut days = BTreeMap::<Date, Vec<_>>::new();
    for entry in entries.iter().filter(|entry| entry.modified <= before) {
        match key::parse_segment(&entry.path) {
            Some((date, nonce)) => days
                .entry(date)
                .or_default()
                .push((nonce, entry.path.clone())),
            None => done.failures += 1,
        }
    }
    days
}

/// False when the day is damaged, and nothing was done.
async fn add_and_remove(
    blobs: &dyn Blobs,
    date: Date,
    found: &[(Nonce, Path)],
    done: &mut RolledUp,
) -> Result<bool, ApiError> {
    let (segments, damaged) = read(blobs, found).await?;
    done.failures += damaged;
    if segments.is_empty() {
        return Ok(true);
    }
    match add(blobs, date, &segments).await {
        Ok(()) => {}
        Err(storage::Error::Damaged { .. }) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    let read: BTreeSet<&Nonce> = segments.iter().map(|(nonce, _)| nonce).collect();
    let of = found.iter().filter(|(nonce, _)| read.contains(nonce));
    let paths: Vec<Path> = of.map(|(_, path)| path.clone()).collect();
    blobs.delete_all(&paths).await?;
    done.segments += paths.len() as u64;
    Ok(true)
}

/// The segments that are still there, and how many are damaged.
pub(super) async fn read(
    blobs: &dyn Blobs,
    found: &[(Nonce, Path)],
) -> Result<(Vec<(Nonce, Stored)>, u64), ApiError> {
    let paths = found.iter().map(|(_, path)| path.clone()).collect();
    let (mut segments, mut damaged) = (Vec::new(), 0);
    for ((nonce, _), bytes) in found.iter().zip(store::read_all(blobs, paths).await?) {
        match bytes.map(|bytes| serde_json::from_slice(&bytes)) {
            None => {}
            Some(Ok(stored)) => segments.push((*nonce, stored)),
            Some(Err(_)) => damaged += 1,
        }
    }
    Ok((segments, damaged))
}

/// Adds segments to their day, those that it does not hold yet.
async fn add(blobs: &dyn Blobs, date: Date, segments: &[(Nonce, Stored)]) -> storage::Result<()> {
    let path = key::usage_day(date);
    let add = |day: &mut Day| {
        let mut changed = false;
        for (nonce, stored) in segments {
            if day.segments.insert(*nonce) {
                day.sums.add(&stored.sums);
                changed = true;
            }
        }
        Ok(if changed {
            Change::Write(())
        } else {
            Change::Keep(())
        })
    };
    match json::update(blobs, &path, add).await {
        Err(storage::Error::NotFound(_)) => {
            json::create(blobs, &path, &Day::default()).await?;
            json::update(blobs, &path, add).await
        }
        ended => ended,
    }
}

#[cfg(test)]
mod tests;
