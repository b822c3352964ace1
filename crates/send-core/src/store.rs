//! What every operation does with stored documents, with the refusals of this crate.

use futures::{StreamExt, TryStreamExt, stream};
use serde::{Serialize, de::DeserializeOwned};
use storage::{
    Blobs, Listed, Path,
    json::{self, Change, Created, create_or_read},
};

use crate::error::ApiError;

/// Requests to the storage that one operation has under way at most.
const AT_ONCE: usize = 16;
/// Entries that are listed in one request.
const PAGE: usize = 1_000;

/// Reads a document; `None` when there is none.
pub(crate) async fn read<T: DeserializeOwned>(
    blobs: &dyn Blobs,
    path: &Path,
) -> storage::Result<Option<T>> {
    let found = json::read(blobs, path).await?;
    Ok(found.map(|(document, _)| document))
}

/// Reads, changes and writes a document by compare-and-swap; `None` when there is none.
pub(crate) async fn update<T, R>(
    blobs: &dyn Blobs,
    path: &Path,
    mut change: impl FnMut(&mut T) -> Result<Change<R>, ApiError> + Send,
) -> Result<Option<R>, ApiError>
where
    T: Serialize + DeserializeOwned + Send + Sync,
    R: Send,
{
    match json::update(blobs, path, |doc| change(doc).map_err(Ended::Refused)).await {
        Ok(value) => Ok(Some(value)),
        Err(Ended::Refused(refusal)) => Err(refusal),
        Err(Ended::Storage(storage::Error::NotFound(_))) => Ok(None),
        Err(Ended::Storage(error)) => Err(error.into()),
    }
}

/// How an update ended that changed nothing.
enum Ended {
    Refused(ApiError),
    Storage(storage::Error),
}

impl From<storage::Error> for Ended {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}

/// Everything below a folder.
pub(crate) async fn list(blobs: &dyn Blobs, folder: &Path) -> Result<Vec<Listed>, ApiError> {
    let mut all = Vec::<Listed>::new();
    loop {
        let page = blobs
            .list(Some(folder), all.last().map(|entry| &entry.path), PAGE)
            .await?;
        all.extend(page.entries);
        if !page.more {
            return Ok(all);
        }
    }
}

/// Removes everything below some folders; how many objects that were.
pub(crate) async fn remove_all(blobs: &dyn Blobs, folders: &[Path]) -> Result<u64, ApiError> {
    let mut removed = 0;
    for folder in folders {
        removed += remove_below(blobs, folder).await?;
    }
    Ok(removed)
}

/// Removes everything below a folder, a page at a time.
async fn remove_below(blobs: &dyn Blobs, folder: &Path) -> Result<u64, ApiError> {
    let (mut removed, mut after) = (0, None);
    loop {
        let page = blobs.list(Some(folder), after.as_ref(), PAGE).await?;
        let paths: Vec<Path> = page.entries.into_iter().map(|entry| entry.path).collect();
        blobs.delete_all(&paths).await?;
        removed += paths.len() as u64;
        if !page.more {
            return Ok(removed);
        }
        after = paths.last().cloned();
    }
}

/// Creates the next of the objects that a folder numbers from 0, of which there are `most`; false when all are there. Each is
/// created only if absent, so that nobody's is lost when several come at once. The bytes must be this caller's own.
pub(crate) async fn create_next(
    blobs: &dyn Blobs,
    folder: &Path,
    most: u32,
    numbered: impl Fn(u32) -> Path,
    bytes: bytes::Bytes,
) -> Result<bool, ApiError> {
    let there = list(blobs, folder).await?.len();
    for k in u32::try_from(there).unwrap_or(most)..most {
        match create_or_read(blobs, &numbered(k), bytes.clone()).await? {
            Created::New | Created::Same => return Ok(true),
            Created::Taken => {}
        }
    }
    Ok(false)
}

/// Reads documents side by side, for a list: `None` for each that is not there, and for each that is damaged, which the log tells. One of
/// them must not hide all others from those who look after them.
pub(crate) async fn read_documents<T: DeserializeOwned + Send>(
    blobs: &dyn Blobs,
    paths: Vec<Path>,
) -> Result<Vec<Option<T>>, ApiError> {
    let one = |path: Path| async move {
        match read(blobs, &path).await {
            Err(storage::Error::Damaged { reason, .. }) => {
                tracing::warn!(
                    reason,
                    "a stored document is damaged, and left out of a list"
                );
                Ok(None)
            }
            found => Ok(found?),
        }
    };
    side_by_side(paths, one).await
}

/// Reads small objects side by side; `None` for each that is not there.
pub(crate) async fn read_all(
    blobs: &dyn Blobs,
    paths: Vec<Path>,
) -> Result<Vec<Option<bytes::Bytes>>, ApiError> {
    let one = |path: Path| async move {
        match blobs.get(&path, None).await {
            Ok(blob) => Ok(Some(blob.bytes().await?)),
            Err(storage::Error::NotFound(_)) => Ok(None),
            Err(error) => Err(ApiError::from(error)),
        }
    };
    side_by_side(paths, one).await
}

/// Reads what lies at these paths, in their order.
async fn side_by_side<T, F>(paths: Vec<Path>, read: impl Fn(Path) -> F) -> Result<Vec<T>, ApiError>
where
    F: Future<Output = Result<T, ApiError>>,
{
    stream::iter(paths)
        .map(read)
        .buffered(AT_ONCE)
        .try_collect()
        .await
}
