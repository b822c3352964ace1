//! Objects in memory: gone when the process ends. For trying things out and for tests.

use std::{ops::Range, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, memory::InMemory, path::Path as Key};
use tokio::sync::Mutex;

use crate::{
    Blob, Blobs, ByteStream, Error, Listed, Meta, Page, Path, PutMode, Result, Version,
    blobs::{PIECE, resolve},
};
use room::{Reservation, Room};

mod room;

/// How many bytes [`Memory::default`] holds: 4 GiB, so that a laptop survives a guest who sends for ever.
pub const DEFAULT_CAPACITY: u64 = 4 << 30;

/// What an object costs beside its bytes and its path: its place in the map, an entity tag, an allocation.
pub const OVERHEAD: u64 = 256;

/// Bytes below which a write is copied, so that a small slice does not keep the large buffer of its request alive.
const COPIED_BELOW: usize = 64 * 1024;

/// Objects in memory, up to a capacity.
///
/// Versions come from one counter, so none is ever seen again.
#[derive(Debug)]
pub struct Memory {
    objects: InMemory,
    room: Arc<Room>,
    /// Held for each write from its condition to its accounting. `InMemory` never waits, so no write is dropped between.
    writing: Mutex<()>,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new(DEFAULT_CAPACITY)
    }
}

impl Memory {
    /// An empty storage that holds `capacity` bytes: what objects, their paths and [`OVERHEAD`] each sum up to.
    /// A write over it answers [`Error::Full`]; overwriting and deleting give back exactly what was taken.
    #[must_use]
    pub fn new(capacity: u64) -> Self {
        Self {
            objects: InMemory::new(),
            room: Room::new(capacity),
            writing: Mutex::new(()),
        }
    }

    /// The bytes of the capacity that are taken.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.room.used()
    }

    async fn find(&self, path: &Path) -> Result<Option<Meta>> {
        match self.objects.head(&key(path)).await {
            Ok(found) => Ok(Some(meta(&found))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(Error::unavailable(e)),
        }
    }

    async fn read(&self, path: &Path) -> Result<(Meta, Bytes)> {
        let found = self
            .objects
            .get(&key(path))
            .await
            .map_err(|e| failed(path, e))?;
        let meta = meta(&found.meta);
        Ok((meta, found.bytes().await.map_err(|e| failed(path, e))?))
    }

    /// Writes, and exchanges the room reserved so far for what the object costs over the one that it replaces.
    async fn store(
        &self,
        path: &Path,
        bytes: Bytes,
        mode: PutMode,
        mut reserved: Reservation,
    ) -> Result<Meta> {
        let _writing = self.writing.lock().await;
        let old = self.find(path).await?;
        mode.allows(path, old.as_ref().map(|old| &old.version))?;
        let before = old.map_or(0, |old| cost(path, old.size));
        let after = cost(path, bytes.len() as u64);
        reserved.resize(after.saturating_sub(before))?;
        self.objects
            .put(&key(path), bytes.into())
            .await
            .map_err(|e| failed(path, e))?;
        reserved.keep();
        self.room.release(before.saturating_sub(after));
        self.head(path).await
    }
}

#[async_trait]
impl Blobs for Memory {
    async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Blob> {
        let (meta, bytes) = self.read(path).await?;
        let range = resolve(path, range, meta.size)?;
        let bytes = bytes.slice(range.start as usize..range.end as usize);
        let pieces = (0..bytes.len())
            .step_by(PIECE)
            .map(move |at| Ok(bytes.slice(at..bytes.len().min(at + PIECE))));
        Ok(Blob {
            meta,
            range,
            stream: stream::iter(pieces).boxed(),
        })
    }

    async fn head(&self, path: &Path) -> Result<Meta> {
        self.find(path)
            .await?
            .ok_or_else(|| Error::NotFound(path.clone()))
    }

    async fn put(&self, path: &Path, bytes: Bytes, mode: PutMode) -> Result<Version> {
        let bytes = if bytes.len() < COPIED_BELOW {
            Bytes::copy_from_slice(&bytes)
        } else {
            bytes
        };
        Ok(self
            .store(path, bytes, mode, self.room.reservation())
            .await?
            .version)
    }

    async fn put_stream(&self, path: &Path, mut stream: ByteStream) -> Result<Meta> {
        // One buffer that grows in place: realloc moves pages of this size, it does not copy them (mremap on Linux).
        let mut all = Vec::new();
        let mut reserved = self.room.reservation();
        while let Some(piece) = stream.try_next().await.map_err(Error::Source)? {
            reserved.resize(cost(path, (all.len() + piece.len()) as u64))?;
            all.extend_from_slice(&piece);
        }
        all.shrink_to_fit();
        self.store(path, all.into(), PutMode::Overwrite, reserved)
            .await
    }

    async fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        let (_, bytes) = self.read(from).await?;
        self.store(to, bytes, PutMode::Overwrite, self.room.reservation())
            .await?;
        Ok(())
    }

    async fn delete(&self, path: &Path) -> Result<()> {
        let _writing = self.writing.lock().await;
        if let Some(old) = self.find(path).await? {
            self.objects
                .delete(&key(path))
                .await
                .map_err(|e| failed(path, e))?;
            self.room.release(cost(path, old.size));
        }
        Ok(())
    }

    async fn list(
        &self,
        prefix: Option<&Path>,
        after: Option<&Path>,
        limit: usize,
    ) -> Result<Page> {
        let prefix = prefix.map(key);
        let found = match after {
            Some(after) => self.objects.list_with_offset(prefix.as_ref(), &key(after)),
            None => self.objects.list(prefix.as_ref()),
        };
        // One more than asked for, to know whether there is more.
        let found = found.take(limit.saturating_add(1)).map_ok(listed);
        let mut entries: Vec<Listed> = found.try_collect().await.map_err(Error::unavailable)?;
        let more = entries.len() > limit;
        entries.truncate(limit);
        Ok(Page { entries, more })
    }
}

fn key(path: &Path) -> Key {
    Key::from(path.as_str())
}

fn cost(path: &Path, size: u64) -> u64 {
    size + path.as_str().len() as u64 + OVERHEAD
}

fn meta(found: &ObjectMeta) -> Meta {
    let version = Version(found.e_tag.clone().unwrap_or_default());
    Meta {
        size: found.size,
        version,
        modified: found.last_modified.into(),
    }
}

#[expect(clippy::expect_used, reason = "only checked paths are ever stored")]
fn listed(found: ObjectMeta) -> Listed {
    let path = Path::parse(found.location.to_string()).expect("a stored path was checked");
    Listed {
        path,
        size: found.size,
        modified: found.last_modified.into(),
    }
}

fn failed(path: &Path, error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::NotFound(path.clone()),
        other => Error::unavailable(other),
    }
}
