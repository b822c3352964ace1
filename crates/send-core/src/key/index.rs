//! The index of all transfers: one empty object each, whose path says all there is to say, so that a listing tells them newest first.
//!
//! Listings go upwards, so hours and times are written as what they lack of a number that no clock reaches.

use storage::Path;

use super::{AnyId, path};
use crate::{
    clock::Millis,
    id::{Nonce, TokenId},
    record::Life,
};

/// More than any hour since 1970 that is written here: the year 3110.
const HOURS: u64 = 9_999_999;
/// More than any time in milliseconds since 1970 that is written here: the year 2286.
const TIMES: u64 = 9_999_999_999_999;
/// Stands where a transfer was sent without an access token.
const NO_TOKEN: &str = "none";

/// One use of an id, as the index tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// When it was created.
    pub created_at: Millis,
    /// Its id.
    pub id: AnyId,
    /// Which use of the id.
    pub generation: Nonce,
    /// The access token that it was sent with.
    pub token: Option<TokenId>,
}

impl IndexEntry {
    /// Of a transfer.
    #[must_use]
    pub const fn of(id: AnyId, life: &Life) -> Self {
        Self {
            created_at: life.created_at,
            id,
            generation: life.generation,
            token: life.token,
        }
    }

    /// Where it lies: `index/{hour}/{time}-{id}-{generation}-{token}`.
    #[must_use]
    pub fn path(&self) -> Path {
        let Self {
            created_at,
            id,
            generation,
            token,
        } = self;
        let token = token.map_or_else(|| NO_TOKEN.to_owned(), |token| token.to_string());
        let start = index_from(*created_at);
        path(format!("{start}-{id}-{generation}-{token}"))
    }

    /// The last segment of its path, which tells all of it.
    #[must_use]
    pub fn name(&self) -> String {
        self.path().name().to_owned()
    }

    /// What a path of the index tells; `None` where it is none of ours.
    #[must_use]
    pub fn parse(path: &Path) -> Option<Self> {
        Self::from_name(path.name()).filter(|entry| entry.path() == *path)
    }

    /// From the last segment of its path.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let parts: Vec<&str> = name.split('-').collect();
        let [time, id, generation, token] = &parts[..] else {
            return None;
        };
        let lacks: u64 = time.parse().ok()?;
        let token = match *token {
            NO_TOKEN => None,
            token => Some(token.parse().ok()?),
        };
        let entry = Self {
            created_at: Millis(TIMES.checked_sub(lacks)?),
            id: AnyId::parse(id)?,
            generation: generation.parse().ok()?,
            token,
        };
        (entry.name() == name).then_some(entry)
    }
}

/// The folder of the index.
#[must_use]
pub fn index() -> Path {
    path("index".to_owned())
}

/// After this path lies what was created at this time, and before it.
#[must_use]
pub fn index_from(at: Millis) -> Path {
    let hour = HOURS.saturating_sub(at.0 / 3_600_000);
    let time = TIMES.saturating_sub(at.0);
    path(format!("index/{hour:07}/{time:013}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{SendId, TransferId};

    fn entry(created_at: u64, id: AnyId, token: Option<TokenId>) -> IndexEntry {
        IndexEntry {
            created_at: Millis(created_at),
            id,
            generation: Nonce::new([1; 8]),
            token,
        }
    }

    #[test]
    fn a_path_tells_all_of_its_entry() {
        let send = AnyId::Send(SendId::new([2; 16]));
        let transfer = AnyId::Transfer(TransferId::new([3; 6]));
        for one in [
            entry(1_767_225_600_000, send, None),
            entry(1_767_225_600_000, transfer, Some(TokenId::new([4; 16]))),
            entry(0, send, None),
        ] {
            assert_eq!(IndexEntry::parse(&one.path()), Some(one));
        }
        for bad in ["index/1", "index/9508894/8232774399999-x-y-none"] {
            assert_eq!(IndexEntry::parse(&path(bad.to_owned())), None);
        }
    }

    #[test]
    fn the_newest_sorts_first_whatever_its_hour() {
        let id = AnyId::Send(SendId::new([255; 16]));
        let times = [1_767_229_200_001, 1_767_229_200_000, 1_767_229_199_999, 5];
        let paths = times.map(|at| entry(at, id, None).path());
        assert!(paths.is_sorted());
        let after = index_from(Millis(times[1]));
        assert!(paths[0] < after && after < paths[1]);
    }
}
