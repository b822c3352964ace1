//! The value of `SEND_STORAGE`: where bytes are kept.

use std::{env, fmt, path::PathBuf, str::FromStr, sync::Arc};

use crate::{
    Blobs, Presign,
    folder::{CannotOpen, Folder},
    memory::Memory,
    s3::{InvalidSetting, Place, S3},
};

/// Where bytes are kept, read and checked, nothing opened yet.
///
/// `memory:`, or `file:` and a folder: `file:/some/folder`, `file:///some/folder`, or `file:below` the current folder.
/// The folder's name is taken as it stands, nothing in it is percent-decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Url {
    /// In memory, until the process ends.
    Memory,
    /// In this folder.
    Folder(PathBuf),
    /// In this bucket of S3, or of anything that speaks S3.
    S3(Place),
}

/// A storage that is open.
#[derive(Clone)]
pub struct Store {
    /// Where bytes are kept.
    pub blobs: Arc<dyn Blobs>,
    /// What signs URLs for it, where clients may reach it themselves.
    pub presign: Option<Arc<dyn Presign>>,
}

impl Store {
    /// A storage that clients reach through this program only.
    #[must_use]
    pub fn closed(blobs: Arc<dyn Blobs>) -> Self {
        Self {
            blobs,
            presign: None,
        }
    }
}

/// The text does not say where bytes are kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a storage: allowed are `memory:`, `file:` with a folder, such as `file:/some/folder`, and `s3:` with a bucket, \
     such as `s3://bucket/prefix`"
)]
pub struct InvalidUrl(String);

/// Why a storage could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The text does not name one.
    #[error(transparent)]
    Invalid(#[from] InvalidUrl),
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] CannotOpen),
    /// What the environment says of S3 is not understood.
    #[error(transparent)]
    S3(#[from] InvalidSetting),
}

impl FromStr for Url {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        match text.split_once(':') {
            Some(("memory", "")) => Some(Self::Memory),
            Some(("file", folder)) => folder_of(folder).map(Self::Folder),
            Some(("s3", place)) => Place::parse(place).map(Self::S3),
            _ => None,
        }
        .ok_or_else(|| InvalidUrl(text.to_owned()))
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory:"),
            Self::Folder(folder) => write!(f, "file:{}", folder.display()),
            Self::S3(place) => place.fmt(f),
        }
    }
}

impl Url {
    /// Opens the storage. Blocks on the file system: for the start of a program.
    ///
    /// # Errors
    /// [`OpenError`] when it names a folder that cannot be used, or when what the environment says of S3 is not understood.
    /// A bucket is not looked at: it may appear, and become ours, later.
    pub fn open(&self) -> Result<Store, OpenError> {
        match self {
            Self::Memory => Ok(Store::closed(Arc::new(Memory::default()))),
            Self::Folder(root) => Ok(Store::closed(Arc::new(Folder::open(root)?))),
            Self::S3(place) => {
                let s3 = Arc::new(S3::new(place.clone(), |name| env::var(name).ok())?);
                Ok(Store {
                    blobs: s3.clone(),
                    presign: Some(s3),
                })
            }
        }
    }
}

/// Opens the storage that `text` names, see [`Url`].
///
/// # Errors
/// [`OpenError`], whose sentence names the value and what is allowed.
pub fn open(text: &str) -> Result<Store, OpenError> {
    text.parse::<Url>()?.open()
}

/// The folder of a `file:` URL; none when it is empty or lies on another host.
fn folder_of(text: &str) -> Option<PathBuf> {
    let folder = match text.strip_prefix("//") {
        Some(absolute) => absolute.starts_with('/').then_some(absolute)?,
        None => text,
    };
    (!folder.is_empty()).then(|| PathBuf::from(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_folders_are_told_apart_without_opening_them() {
        for (text, url) in [
            ("memory:", Url::Memory),
            ("file:/some/folder", Url::Folder("/some/folder".into())),
            ("file:///some/folder", Url::Folder("/some/folder".into())),
            ("file:below/here", Url::Folder("below/here".into())),
            ("file:with space%20", Url::Folder("with space%20".into())),
        ] {
            assert_eq!(text.parse(), Ok(url.clone()), "{text}");
            assert_eq!(url.to_string().parse(), Ok(url), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_value_and_what_is_allowed() {
        for text in [
            "",
            "memory",
            "memory:4",
            "MEMORY:",
            "file:",
            "file://",
            "file://host/folder",
            "/some/folder",
        ] {
            let sentence = text.parse::<Url>().unwrap_err().to_string();
            assert!(
                sentence.contains(&format!("{text:?}")) && sentence.contains("`memory:`, `file:`"),
                "{sentence}"
            );
        }
    }

    #[tokio::test]
    async fn each_kind_opens() {
        let root = tempfile::tempdir().unwrap();
        let below = root.path().join("made/on/the/way");
        for text in ["memory:", &format!("file:{}", below.display())] {
            let page = open(text).unwrap().blobs.list(None, None, 1).await.unwrap();
            assert!(page.entries.is_empty());
        }
        assert!(below.is_dir());
    }

    #[test]
    fn a_folder_that_is_a_file_is_refused_by_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let sentence = open(&format!("file:{}", file.path().display()))
            .err()
            .unwrap()
            .to_string();
        assert!(
            sentence.contains(&file.path().display().to_string()),
            "{sentence}"
        );
    }
}
