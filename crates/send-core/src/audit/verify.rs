//! What was edited, removed or inserted: the log is read from the newest down, each entry vouching for the one before.
//!
//! The head vouches for the newest. An entry that is not what it was vouched to be was edited, and vouches for nothing itself:
//! whether the one before it is sound shows once it is mended. Entries beyond the head are those whose writers are at it, or
//! died between entry and head; they must follow one another, and the first of them must name the head's hash.

mod walk;

use std::{collections::BTreeSet, ops::Range};

use storage::Path;

use super::Audit;
use crate::{
    api::audit::{Head, Problem, ProblemKind, Verified},
    error::ApiError,
    key,
};
use walk::Walk;

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
        let noted = match self.head().await {
            Err(storage::Error::Damaged { .. }) => Noted::Damaged,
            head => head?.map_or(Noted::Nothing, Noted::Head),
        };
        let head = noted.head();
        let top = self.top(noted).await?;
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
    async fn top(&self, noted: Noted) -> Result<Top, ApiError> {
        let page = self.blobs.list(Some(&key::audit()), None, LISTED).await?;
        let paths = page.entries.iter();
        let listed: BTreeSet<u64> = paths
            .filter_map(|entry| key::audit_number(&entry.path))
            .collect();
        let Some(head) = noted.head() else {
            let end = listed.last().map_or(0, |newest| newest + 1);
            return Ok(Top::headless(end, noted));
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

/// What lies where the head should.
#[derive(Clone, Copy)]
enum Noted {
    Head(Head),
    Nothing,
    Damaged,
}

impl Noted {
    const fn head(self) -> Option<Head> {
        match self {
            Self::Head(head) => Some(head),
            Self::Nothing | Self::Damaged => None,
        }
    }
}

impl Top {
    /// The very first entry may be there a moment before the head is.
    fn headless(end: u64, noted: Noted) -> Self {
        let newest = end.saturating_sub(1);
        let lost = match noted {
            Noted::Nothing if end > 1 => Some((
                ProblemKind::Missing,
                "The head, which names the newest entry, is not there, though the log has begun.",
            )),
            Noted::Damaged => Some((
                ProblemKind::Edited,
                "The head, which names the newest entry, is not as this service writes it.",
            )),
            Noted::Nothing | Noted::Head(_) => None,
        };
        let lost = lost.map(|(kind, detail)| problem(newest, kind, detail.to_owned()));
        Self {
            end,
            problems: lost.into_iter().collect(),
        }
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
