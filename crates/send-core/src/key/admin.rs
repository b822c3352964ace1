//! Where admins' sessions and the audit log lie.

use storage::Path;

use super::path;
use crate::id::Digest;

/// The folder of the sessions.
#[must_use]
pub fn sessions() -> Path {
    path("sessions".to_owned())
}

/// A session, by the hash of what its holder shows.
#[must_use]
pub fn session(hash: &Digest) -> Path {
    path(format!("sessions/{hash}.json"))
}

/// The folder of the audit log.
#[must_use]
pub fn audit() -> Path {
    path("audit".to_owned())
}

/// Which entry of the audit log is the newest.
#[must_use]
pub fn audit_head() -> Path {
    path("audit-head.json".to_owned())
}

/// The largest number of an entry in the audit log.
pub const LAST_ENTRY: u64 = 9_999_999_999;

/// An entry of the audit log; `number` is at most [`LAST_ENTRY`].
#[must_use]
pub fn audit_entry(number: u64) -> Path {
    let from_the_end = LAST_ENTRY.saturating_sub(number);
    path(format!("audit/{from_the_end:010}.json"))
}

/// The number of the entry at a path below [`audit`]; `None` where no entry lies like this.
#[must_use]
pub fn audit_number(path: &Path) -> Option<u64> {
    let digits = path
        .as_str()
        .strip_prefix("audit/")?
        .strip_suffix(".json")?;
    let number = LAST_ENTRY.checked_sub(digits.parse().ok()?)?;
    (audit_entry(number) == *path).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_entry_of_the_audit_log_sorts_first() {
        assert_eq!(audit_entry(0).as_str(), "audit/9999999999.json");
        assert_eq!(audit_entry(LAST_ENTRY).as_str(), "audit/0000000000.json");
        assert!(audit_entry(11) < audit_entry(10) && audit_entry(10) < audit_entry(9));
        assert_eq!(audit_number(&audit_entry(1_234)), Some(1_234));
        for other in [
            "audit",
            "audit/1.json",
            "audit/09999999999.json",
            "audit/9999999999",
            "audit/a/9999999999.json",
            "audit-head.json",
        ] {
            assert_eq!(audit_number(&path(other.to_owned())), None, "{other}");
        }
    }
}
