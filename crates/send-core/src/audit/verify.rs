//! What was edited, removed or inserted: the log is read from the newest down, each entry vouching for the one before.
//!
//! The head vouches for the newest. An entry that is not what it was vouched to be was edited, and vouches for nothing itself:
//! whether the one before it is sound shows once it is mended. Entries beyond the head are those whose writers are at it, or
//! died between entry and head; they must follow one another, and the first of them must name the head's hash.

use std::{collections::BTreeSet, ops::Range};

use bytes::Bytes;
use storage::Path;

use super::{Audit, Stored};
use crate::{
    api::audit::{Head, Problem, ProblemKind, Verified},
    error::ApiError,
    id::Digest,
    key,
};

/// Entries that one call looks at.
pub const CHECKED: u64 = 5_000;
/// Objects of one listing.
const LISTED: usize = 1_000;
/// Listings of one call: twice as many as its entries need.
const LISTINGS: usize = 10;
/// Objects that are none of ours, told of in one call.
const TOLD: usize = 100;

impl Audit {
    /// Looks at the entries from a number on.
    ///
    /// # Errors
    /// The storage's.
    pub async fn verify(&self, from: u64) -> Result<Verified, ApiError> {
        let head = self.head().await?;
        let top = self.top(head).await?;
        let range = from.min(top.end)..top.end.min(from.saturating_add(CHECKED));
        let mut problems = Vec::new();
        if range.end == top.end {
            problems.extend(top.problems);
        }
        let beyond = range.end.saturating_add(1).min(top.end);
        let found = self.bytes_of(range.start..beyond).await?;
        let mut walk = Walk::new(head, found.get((range.end - range.start) as usize));
        let numbered: Vec<_> = range.clone().zip(&found).collect();
        for (number, bytes) in numbered.into_iter().rev() {
            walk.step(number, bytes.as_ref());
        }
        walk.close();
        problems.extend(walk.problems);
        problems.extend(self.foreign(&range, top.end).await?);
        problems.sort_by_key(|problem| problem.number);
        Ok(Verified {
            sound: problems.is_empty(),
            checked: walk.checked,
            problems,
            head,
            next: Some(range.end).filter(|end| *end < top.end),
        })
    }

    /// Where the log ends: at the head, or beyond it as far as entries follow one another.
    async fn top(&self, head: Option<Head>) -> Result<Top, ApiError> {
        let page = self.blobs.list(Some(&key::audit()), None, LISTED).await?;
        let paths = page.entries.iter();
        let listed: BTreeSet<u64> = paths
            .filter_map(|entry| key::audit_number(&entry.path))
            .collect();
        let Some(head) = head else {
            let end = listed.last().map_or(0, |newest| newest + 1);
            return Ok(Top::headless(end));
        };
        let mut end = head.number + 1;
        while listed.contains(&end) {
            end += 1;
        }
        let stray = listed.range(end..).map(|number| {
            let detail = format!(
                "Entry {number} is there, but the log ends with {}.",
                end - 1
            );
            problem(*number, ProblemKind::Inserted, detail)
        });
        Ok(Top {
            end,
            problems: stray.collect(),
        })
    }

    /// Objects among these entries that are none.
    async fn foreign(&self, range: &Range<u64>, end: u64) -> Result<Vec<Problem>, ApiError> {
        let folder = key::audit();
        let mut after = (range.end < end).then(|| key::audit_entry(range.end));
        let (mut above, mut found) = (range.end, Vec::new());
        for _ in 0..LISTINGS {
            let page = self
                .blobs
                .list(Some(&folder), after.as_ref(), LISTED)
                .await?;
            for entry in &page.entries {
                match key::audit_number(&entry.path) {
                    Some(number) if number <= range.start && range.start > 0 => return Ok(found),
                    Some(number) => above = number,
                    None if found.len() < TOLD => found.push(stranger(above, &entry.path)),
                    None => return Ok(found),
                }
            }
            after = page.entries.last().map(|entry| entry.path.clone());
            if !page.more {
                return Ok(found);
            }
        }
        let detail =
            "The folder of the log holds far more objects than entries; not all were looked at.";
        found.push(problem(above, ProblemKind::Inserted, detail.to_owned()));
        Ok(found)
    }
}

/// Where the log ends, and what is wrong there.
struct Top {
    end: u64,
    problems: Vec<Problem>,
}

impl Top {
    /// The very first entry may be there a moment before the head is.
    fn headless(end: u64) -> Self {
        let lost = || {
            let detail =
                "The head, which names the newest entry, is not there, though the log has begun.";
            problem(end - 1, ProblemKind::Missing, detail.to_owned())
        };
        Self {
            end,
            problems: (end > 1).then(lost).into_iter().collect(),
        }
    }
}

/// The way down.
struct Walk {
    head: Option<Head>,
    /// The hash that the entry above names, where that entry can be believed.
    vouched: Option<Digest>,
    /// Entries in a row that are not there: the first and the last.
    gap: Option<(u64, u64)>,
    checked: u64,
    problems: Vec<Problem>,
}

impl Walk {
    fn new(head: Option<Head>, above: Option<&Option<Bytes>>) -> Self {
        let above = above.and_then(Option::as_ref);
        let above = above.and_then(|bytes| serde_json::from_slice::<Stored>(bytes).ok());
        Self {
            head,
            vouched: above.and_then(|entry| entry.previous),
            gap: None,
            checked: 0,
            problems: Vec::new(),
        }
    }

    fn step(&mut self, number: u64, bytes: Option<&Bytes>) {
        self.heed_head(number);
        let Some(bytes) = bytes else {
            let last = self.gap.map_or(number, |(_, last)| last);
            self.gap = Some((number, last));
            self.vouched = None;
            return;
        };
        self.close();
        self.checked += 1;
        let stored = serde_json::from_slice::<Stored>(bytes).ok();
        if let Some(problem) = self.look(number, bytes, stored.as_ref()) {
            self.problems.push(problem);
            self.vouched = None;
        } else {
            self.vouched = stored.and_then(|entry| entry.previous);
        }
    }

    /// At the head's entry it is the head that vouches. If what lies above names another hash, that was put there.
    fn heed_head(&mut self, number: u64) {
        let Some(head) = self.head.filter(|head| head.number == number) else {
            return;
        };
        if self.vouched.is_some_and(|named| named != head.sha256) {
            let detail = format!(
                "Entry {} does not follow the newest entry that is noted.",
                number + 1
            );
            self.problems
                .push(problem(number + 1, ProblemKind::Inserted, detail));
        }
        self.vouched = Some(head.sha256);
    }

    fn look(&self, number: u64, bytes: &Bytes, stored: Option<&Stored>) -> Option<Problem> {
        let edited = |detail: String| Some(problem(number, ProblemKind::Edited, detail));
        let Some(stored) = stored else {
            return edited(format!(
                "Entry {number} is not as this service writes entries."
            ));
        };
        if stored.number != number {
            let detail = format!(
                "At the place of entry {number} lies one that says it is {}.",
                stored.number
            );
            return Some(problem(number, ProblemKind::Inserted, detail));
        }
        if self.vouched.is_some_and(|named| named != Digest::of(bytes)) {
            return edited(format!(
                "Entry {number} is not what was written: its hash is another."
            ));
        }
        if stored.previous.is_none() != (number == 0) {
            return edited(format!(
                "Entry {number} does not name the entry before it as it must."
            ));
        }
        None
    }

    /// The end of a row of missing entries.
    fn close(&mut self) {
        let Some((first, last)) = self.gap.take() else {
            return;
        };
        let detail = if first == last {
            format!("Entry {first} is not there.")
        } else {
            format!("Entries {first} to {last} are not there.")
        };
        self.problems
            .push(problem(first, ProblemKind::Missing, detail));
    }
}

fn stranger(above: u64, path: &Path) -> Problem {
    let detail = format!("{path} is no entry of this log.");
    problem(above, ProblemKind::Inserted, detail)
}

const fn problem(number: u64, kind: ProblemKind, detail: String) -> Problem {
    Problem {
        number,
        kind,
        detail,
    }
}
