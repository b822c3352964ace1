//! Which bucket, and what below it.

use std::fmt;

use object_store::path::Path as Key;

use crate::Path;

/// A bucket and a prefix in it: `s3://bucket/some/prefix`. Everything is kept below the prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    bucket: String,
    prefix: Option<Path>,
}

impl Place {
    /// From what follows `s3:` in a URL; none when it names no bucket, or a prefix that is no path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("//")?;
        let (bucket, prefix) = text.split_once('/').unwrap_or((text, ""));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let prefix = match prefix {
            "" => None,
            prefix => Some(Path::parse(prefix).ok()?),
        };
        is_bucket(bucket).then(|| Self {
            bucket: bucket.to_owned(),
            prefix,
        })
    }

    /// The bucket's name.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Where a path lies in the bucket.
    pub(super) fn key(&self, path: &Path) -> Key {
        match &self.prefix {
            None => Key::from(path.as_str()),
            Some(prefix) => Key::from(format!("{prefix}/{path}")),
        }
    }

    /// What all keys below a path begin with; of everything, where there is none.
    pub(super) fn folder(&self, path: Option<&Path>) -> String {
        let parts = [self.prefix.as_ref(), path];
        parts
            .iter()
            .flatten()
            .map(|part| format!("{part}/"))
            .collect()
    }

    /// The path of a key; none where it is not ours.
    pub(super) fn path(&self, key: &str) -> Option<Path> {
        Path::parse(key.strip_prefix(&self.folder(None))?).ok()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.bucket)?;
        match &self.prefix {
            None => Ok(()),
            Some(prefix) => write!(f, "/{prefix}"),
        }
    }
}

/// The form of names that all buckets have: "Bucket naming rules" of Amazon S3.
fn is_bucket(name: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    let outer = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().copied().all(inner)
        && outer(bytes.first())
        && outer(bytes.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_bucket_and_perhaps_a_prefix() {
        for (text, bucket, shown) in [
            ("//my-bucket", "my-bucket", "s3://my-bucket"),
            ("//my-bucket/", "my-bucket", "s3://my-bucket"),
            ("//b.1/a/prefix", "b.1", "s3://b.1/a/prefix"),
            ("//b.1/a/prefix/", "b.1", "s3://b.1/a/prefix"),
        ] {
            let place = Place::parse(text).unwrap();
            assert_eq!(place.bucket(), bucket);
            assert_eq!(place.to_string(), shown);
        }
        for bad in [
            "",
            "my-bucket",
            "//",
            "//ab",
            "//My-Bucket",
            "//my_bucket",
            "//-my-bucket",
            "//my-bucket//a",
            "//my-bucket/../a",
            "//my bucket",
        ] {
            assert_eq!(Place::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn keys_lie_below_the_prefix_and_lead_back() {
        let path = Path::parse("transfers/ab").unwrap();
        for (place, key, folder) in [
            ("//bucket", "transfers/ab", ""),
            ("//bucket/p/q", "p/q/transfers/ab", "p/q/"),
        ] {
            let place = Place::parse(place).unwrap();
            assert_eq!(place.key(&path).as_ref(), key);
            assert_eq!(place.folder(None), folder);
            assert_eq!(place.folder(Some(&path)), format!("{key}/"));
            assert_eq!(place.path(key), Some(path.clone()));
        }
        let place = Place::parse("//bucket/p").unwrap();
        assert_eq!(place.path("q/transfers/ab"), None);
        assert_eq!(place.path("p/a name that is no path"), None);
    }
}
