//! Checked paths.

use std::fmt;

/// Where an object lies: segments of `[A-Za-z0-9_.=-]` joined by `/`, none empty or starting with a dot, at most
/// 255 bytes each and 900 in all (S3 allows 1,024 with the operator's prefix in front).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(String);

/// The text is not a storage path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a storage path")]
pub struct InvalidPath(String);

impl Path {
    /// Checks a path.
    ///
    /// # Errors
    /// [`InvalidPath`] when it is not of the form above.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidPath> {
        let text = text.into();
        let valid = text.len() <= 900 && text.split('/').all(is_segment);
        if valid {
            Ok(Self(text))
        } else {
            Err(InvalidPath(text))
        }
    }

    /// The path below this one.
    ///
    /// # Errors
    /// [`InvalidPath`] when the result is not a path.
    pub fn join(&self, below: impl fmt::Display) -> Result<Self, InvalidPath> {
        Self::parse(format!("{self}/{below}"))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_segment(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_.=-".contains(&b);
    !text.is_empty() && text.len() <= 255 && !text.starts_with('.') && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_checked_once_at_the_edge() {
        for good in ["a", "transfers/ab/abcd/meta.json", "a=b_c-d.e"] {
            assert_eq!(Path::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "", "/", "a/", "/a", "a//b", ".", "..", "a/../b", ".hidden", "a b", "a\\b", "é",
            "a%2Fb",
        ] {
            assert!(Path::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Path::parse("a".repeat(256)).is_err());
        assert!(Path::parse(vec!["a".repeat(200); 5].join("/")).is_err());
    }

    proptest::proptest! {
        #[test]
        fn what_is_a_path_stays_below_the_root_of_a_folder(text in "[a.=/\\\\%é -]{0,12}") {
            if let Ok(path) = Path::parse(text.clone()) {
                assert_eq!(path.as_str(), text);
                let mut components = std::path::Path::new(path.as_str()).components();
                assert!(components.all(|part| matches!(part, std::path::Component::Normal(_))));
                assert_eq!(text.split('/').count(), std::path::Path::new(&text).components().count());
            }
        }
    }
}
