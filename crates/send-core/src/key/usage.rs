//! Where usage is kept.

use storage::Path;

use super::path;
use crate::{clock::Date, id::Nonce};

/// The folder of what processes have counted and nobody has added to its day yet.
#[must_use]
pub fn open_usage() -> Path {
    path("usage/open".to_owned())
}

/// Where a listing of [`open_usage`] begins with a day.
#[must_use]
pub fn open_usage_from(date: Date) -> Path {
    path(format!("usage/open/{date}"))
}

/// What one process has counted in one day.
#[must_use]
pub fn usage_segment(date: Date, nonce: &Nonce) -> Path {
    path(format!("usage/open/{date}-{nonce}.json"))
}

/// Whose the path of a [`usage_segment`] is; `None` where it is none.
#[must_use]
pub fn parse_segment(path: &Path) -> Option<(Date, Nonce)> {
    let name = path.as_str().strip_prefix("usage/open/")?;
    let (date, nonce) = name.strip_suffix(".json")?.rsplit_once('-')?;
    Some((date.parse().ok()?, nonce.parse().ok()?))
}

/// What all processes have counted in one day.
#[must_use]
pub fn usage_day(date: Date) -> Path {
    path(format!("usage/days/{date}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_of_usage_is_found_again_and_lies_behind_the_beginning_of_its_day() {
        let (date, nonce) = ("2026-11-23".parse().unwrap(), Nonce::new([7; 8]));
        let segment = usage_segment(date, &nonce);
        assert_eq!(
            segment.as_str(),
            "usage/open/2026-11-23-0707070707070707.json"
        );
        assert_eq!(parse_segment(&segment), Some((date, nonce)));
        assert!(open_usage_from(date) < segment);
        assert!(segment < open_usage_from(date.plus(1)));
        assert_eq!(parse_segment(&usage_day(date)), None);
    }
}
