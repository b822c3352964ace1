//! Objects as files of a folder that several processes may share.
//!
//! A write is staged in a file of its own, flushed, and renamed into place under a lock that is shared between processes,
//! so that conditions hold between them and a `kill -9` leaves the old object or the new one. The parts:
//!
//! - `staging`: files on their way, which vanish with their writer
//! - `locks`: who may change a path now, and the time stamps that tell its states apart
//! - `tree`: the files and folders below the root
//! - `read`, `write`, `list`: the operations, all blocking
//! - `prune`: what killed processes leave
//!
//! `object_store`'s `LocalFileSystem` is not used: it has no conditional update, no listing in order, follows symbolic
//! links, and reads 8 KiB a thread change.

use std::{ops::Range, path::PathBuf, sync::Arc, time::SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt;

use crate::{Blob, Blobs, ByteStream, Error, Meta, Page, Path, PutMode, Result, Version};
use {locks::Locks, staging::Staging, tree::Tree, write::Upload};

mod list;
mod locks;
mod prune;
mod read;
mod staging;
mod tree;
mod write;

/// How much of a stream is gathered for one write to the file system: 1 MiB, a quarter of a part.
const BATCH: usize = 1024 * 1024;

/// Objects as files of a folder.
///
/// - Files are named by their paths; what else lies in the folder under names that are no paths is left alone. An
///   object and a folder cannot share a name: while `a/b` is there, writing `a` answers [`Error::Unavailable`].
/// - Symbolic links below the root are never followed.
/// - A finished write is on the disk: file and folder entry are flushed.
/// - The file system must know `flock`; the entries of its folders must reach the disk in order, as with every
///   journaling one (ext4, xfs, btrfs, APFS).
#[derive(Clone, Debug)]
pub struct Folder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    tree: Tree,
    locks: Locks,
    staging: Staging,
}

/// A folder cannot be used as storage.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be used as storage: {reason}", folder.display())]
pub struct CannotOpen {
    folder: PathBuf,
    #[source]
    reason: std::io::Error,
}

impl Folder {
    /// Opens a folder, makes it when it is not there, and removes what killed writers left half-written. Blocks: for
    /// the start of a program.
    ///
    /// # Errors
    /// [`CannotOpen`] when it is no folder, or not writable.
    pub fn open(folder: impl Into<PathBuf>) -> std::result::Result<Self, CannotOpen> {
        let folder = folder.into();
        match Inner::open(&folder) {
            Ok(inner) => Ok(Self(Arc::new(inner))),
            Err(reason) => Err(CannotOpen { folder, reason }),
        }
    }

    /// Runs `work` where blocking is allowed. Once begun it runs to its end, even if nobody waits any more.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&inner))
            .await
            .map_err(Error::unavailable)?
    }
}

impl Inner {
    fn open(folder: &std::path::Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let root = folder.canonicalize()?;
        let (locks, staging) = (Locks::open(&root)?, Staging::open(&root)?);
        Ok(Self {
            tree: Tree::new(root),
            locks,
            staging,
        })
    }
}

#[async_trait]
impl Blobs for Folder {
    async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Blob> {
        let path = path.clone();
        self.blocking(move |inner| read::get(&inner.tree, &path, range))
            .await
    }

    async fn head(&self, path: &Path) -> Result<Meta> {
        let path = path.clone();
        self.blocking(move |inner| read::head(&inner.tree, &path))
            .await
    }

    async fn put(&self, path: &Path, bytes: Bytes, mode: PutMode) -> Result<Version> {
        let path = path.clone();
        self.blocking(move |inner| inner.put(&path, &bytes, &mode))
            .await
    }

    async fn put_stream(&self, path: &Path, mut stream: ByteStream) -> Result<Meta> {
        let mut upload = self
            .blocking(|inner| Ok(Upload::new(inner.staging.stage().map_err(failed)?)))
            .await?;
        loop {
            let batch = next_batch(&mut stream).await?;
            if batch.is_empty() {
                break;
            }
            upload = self.blocking(move |_| upload.append(&batch)).await?;
        }
        let path = path.clone();
        self.blocking(move |inner| inner.commit(upload.finish(), &path, &PutMode::Overwrite))
            .await
    }

    async fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        let (from, to) = (from.clone(), to.clone());
        self.blocking(move |inner| inner.copy(&from, &to)).await
    }

    async fn delete(&self, path: &Path) -> Result<()> {
        let path = path.clone();
        self.blocking(move |inner| inner.delete(&path).map_err(failed))
            .await
    }

    /// Files half-written, whose writers are dead whatever their age; and folders that have long been empty.
    async fn discard_unfinished(&self, prefix: &Path, before: SystemTime) -> Result<u64> {
        let prefix = prefix.clone();
        self.blocking(move |inner| {
            let left = inner.staging.discard().map_err(failed)?;
            Ok(left + inner.tree.prune_empty(&prefix, before).map_err(failed)?)
        })
        .await
    }

    async fn list(
        &self,
        prefix: Option<&Path>,
        after: Option<&Path>,
        limit: usize,
    ) -> Result<Page> {
        let (prefix, after) = (prefix.cloned(), after.cloned());
        self.blocking(move |inner| {
            list::page(&inner.tree, prefix.as_ref(), after.as_ref(), limit).map_err(failed)
        })
        .await
    }
}

/// The next pieces of a stream, [`BATCH`] bytes and a piece at most; none at its end.
async fn next_batch(stream: &mut ByteStream) -> Result<Vec<Bytes>> {
    let (mut batch, mut size) = (Vec::new(), 0);
    while size < BATCH
        && let Some(piece) = stream.try_next().await.map_err(Error::Source)?
    {
        size += piece.len();
        batch.push(piece);
    }
    Ok(batch)
}

/// What an error of the file system means to the caller.
fn failed(error: std::io::Error) -> Error {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    match error.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => Error::Full,
        _ => Error::unavailable(error),
    }
}
