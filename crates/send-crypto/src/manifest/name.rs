//! Which names are allowed, and when two are the same to some file system.

use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::MAX_NAME;

/// 1 to 255 bytes, NFC, no control or bidirectional characters, no backslash, and no segment that
/// is empty, `.` or `..`.
pub(super) fn is_allowed(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len())
        && !name.chars().any(is_forbidden)
        && name
            .split('/')
            .all(|segment| !matches!(segment, "" | "." | ".."))
        && is_nfc(name)
}

/// Whether no two names are equal once folded.
pub(super) fn are_distinct<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = HashSet::new();
    let mut names = names.map(fold);
    names.all(|name| seen.insert(name))
}

/// Control characters (Cc), the backslash, and what turns the direction of text, by which a name
/// can be made to look like another.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\\' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The whole name in upper case, each character of that in lower case, then NFC. Character by
/// character, because only so a final sigma is a sigma like any other; JavaScript has both mappings
/// too, and the same tables.
fn fold(name: &str) -> String {
    name.to_uppercase()
        .chars()
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_allowed() {
        for name in [
            "a",
            "a.txt",
            "folder/sub folder/b.txt",
            ".hidden",
            "...",
            "con",
            "caf\u{e9}",
            "\u{1f600}.png",
            "a:b*?",
        ] {
            assert!(is_allowed(name), "{name:?}");
        }
        assert!(is_allowed(&"a".repeat(255)));
    }

    #[test]
    fn names_that_climb_hide_or_mislead_are_refused() {
        for name in [
            "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "a\\b", "a\0", "a\n",
            "\u{7f}", "\u{85}",
        ] {
            assert!(!is_allowed(name), "{name:?}");
        }
        for name in [
            "txt\u{202e}exe",
            "\u{2066}a",
            "cafe\u{301}",
            &"a".repeat(256),
            &"\u{e9}".repeat(128),
        ] {
            assert!(!is_allowed(name), "{name:?}");
        }
    }

    #[test]
    fn names_are_compared_without_case() {
        let same = [
            ("A", "a"),
            ("Stra\u{df}e", "STRASSE"),
            ("\u{3a3}\u{3a3}", "\u{3c3}\u{3c2}"),
            ("\u{3c2}", "\u{3c3}"),
            ("\u{130}", "i\u{307}"),
            ("\u{131}", "I"),
            ("\u{17f}", "s"),
            ("\u{fb01}", "FI"),
            ("\u{c9}", "\u{e9}"),
        ];
        for (one, other) in same {
            assert!(!are_distinct([one, other].into_iter()), "{one:?} {other:?}");
        }
        for (one, other) in [
            ("a", "b"),
            ("e", "\u{e9}"),
            ("a", "\u{430}"),
            ("a", "a "),
            ("1", "\u{2460}"),
        ] {
            assert!(are_distinct([one, other].into_iter()), "{one:?} {other:?}");
        }
    }
}
