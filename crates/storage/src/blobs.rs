//! The trait that every backend implements, and its contract.

use std::{ops::Range, time::SystemTime};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt, stream, stream::BoxStream};

use crate::{Error, Path, Result};

/// The size in bytes of the pieces in which the backends here hand out objects: a part of 4 MiB is sixteen turns on a
/// blocking thread, and a reader holds no more than one piece.
pub const PIECE: usize = 256 * 1024;

/// Requests that one call has under way at most.
const AT_ONCE: usize = 16;

/// The bytes of an object on their way, in pieces of at most a few hundred kilobytes.
pub type ByteStream = BoxStream<'static, std::io::Result<Bytes>>;

/// What identifies the bytes of one object: other bytes have another version.
///
/// Opaque; an entity tag on S3, where the same bytes written again have the same one. Who must tell two writers of the same
/// bytes apart puts something of each writer's own into them, such as a nonce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(pub(crate) String);

impl Version {
    /// As the storage spells it: on S3 the entity tag, in its quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is known of an object without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Size in bytes.
    pub size: u64,
    /// The state that these facts belong to.
    pub version: Version,
    /// When it was last written, by the storage's clock.
    pub modified: SystemTime,
}

/// An object, or a range of it, on its way.
pub struct Blob {
    /// The whole object's facts.
    pub meta: Meta,
    /// Which bytes follow.
    pub range: Range<u64>,
    /// The bytes.
    pub stream: ByteStream,
}

impl Blob {
    /// Reads all of it into memory. For objects whose size is bounded: records and parts.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the storage fails half-way.
    pub async fn bytes(mut self) -> Result<Bytes> {
        let unavailable = |e| Error::Unavailable(Box::new(e));
        let Some(first) = self.stream.next().await.transpose().map_err(unavailable)? else {
            return Ok(Bytes::new());
        };
        if first.len() as u64 == self.range.end - self.range.start {
            return Ok(first);
        }
        let mut all = BytesMut::with_capacity((self.range.end - self.range.start) as usize);
        all.extend_from_slice(&first);
        while let Some(piece) = self.stream.try_next().await.map_err(unavailable)? {
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }
}

/// When a write may happen.
#[derive(Clone, Debug)]
pub enum PutMode {
    /// Always.
    Overwrite,
    /// Only if nothing is there; else [`Error::AlreadyExists`].
    Create,
    /// Only if this state is still there; else [`Error::Precondition`].
    Update(Version),
}

impl PutMode {
    /// Whether a write to `path` may happen over what is there now.
    pub(crate) fn allows(&self, path: &Path, there: Option<&Version>) -> Result<()> {
        match (self, there) {
            (Self::Create, Some(_)) => Err(Error::AlreadyExists(path.clone())),
            (Self::Update(expected), there) if there != Some(expected) => {
                Err(Error::Precondition(path.clone()))
            }
            (Self::Overwrite | Self::Create | Self::Update(_), _) => Ok(()),
        }
    }
}

/// The bytes to read of an object of `size` bytes at `path`, by the rule of [`Blobs::get`].
pub(crate) fn resolve(path: &Path, asked: Option<Range<u64>>, size: u64) -> Result<Range<u64>> {
    let Some(asked) = asked else {
        return Ok(0..size);
    };
    if asked.is_empty() || asked.start >= size {
        return Err(Error::Range {
            path: path.clone(),
            size,
        });
    }
    Ok(asked.start..asked.end.min(size))
}

/// One entry of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Where it is.
    pub path: Path,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last written, by the storage's clock.
    pub modified: SystemTime,
}

/// One page of a listing, in ascending order: by the bytes of whole paths, or by those of one segment after another, always the
/// same in one storage. The two differ only where a name goes on with `-` or `.`, which come before `/`. Either way all that
/// lies below a path comes together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Listed>,
    /// There is more after the last entry.
    pub more: bool,
}

/// Where bytes are kept: a contract between SGraph Send and anything that stores objects by path.
///
/// - An object appears whole or not at all; a reader sees one state of it, never a mixture.
/// - What a finished write stored survives the end of the process (for `memory:`, the end of the request).
/// - `Create` and `Update` are decided by the storage, so they hold between processes and machines that share it.
/// - A read after a finished write sees it, a listing too.
/// - Dropping a future half-way leaves nothing torn: what it wrote is there whole or not at all. Dropping
///   [`Blobs::put_stream`] before its stream has ended leaves what was there before.
#[async_trait]
pub trait Blobs: Send + Sync + 'static {
    /// Reads an object, or `range` of it. A range that ends after the object is cut to it.
    ///
    /// # Errors
    /// `NotFound`; `Range` when it starts at or after the end, or is empty; `Unavailable`.
    async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Blob>;

    /// The facts of an object.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable`.
    async fn head(&self, path: &Path) -> Result<Meta>;

    /// Writes an object whole.
    ///
    /// # Errors
    /// `AlreadyExists` and `Precondition` by `mode`; `Full`; `Unavailable`, after which a conditional write
    /// may or may not have happened: read back before deciding.
    async fn put(&self, path: &Path, bytes: Bytes, mode: PutMode) -> Result<Version>;

    /// Writes a stream of unknown length over whatever is there; memory stays flat. A stream that fails writes nothing.
    ///
    /// # Errors
    /// `Source` when the stream fails; `Full`; `Unavailable`.
    async fn put_stream(&self, path: &Path, stream: ByteStream) -> Result<Meta>;

    /// Copies an object over whatever is at `to`, within the storage.
    ///
    /// # Errors
    /// `NotFound` when there is nothing at `from`; `Full`; `Unavailable`.
    async fn copy(&self, from: &Path, to: &Path) -> Result<()>;

    /// Removes an object; succeeds when there is none.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn delete(&self, path: &Path) -> Result<()>;

    /// Removes objects; succeeds for those that are not there. One by one unless the storage has a better way.
    ///
    /// # Errors
    /// `Unavailable`; some of them may have been removed.
    async fn delete_all(&self, paths: &[Path]) -> Result<()> {
        let removals =
            stream::iter(paths.to_vec()).map(|path| async move { self.delete(&path).await });
        removals.buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Removes what writes below `prefix` that began before this time and never ended have left: their writers are dead, or were
    /// clients who went away. How many there were. Nothing to do for a storage that leaves nothing, or finds it by itself.
    ///
    /// # Errors
    /// `Refused`; `Unavailable`.
    async fn discard_unfinished(&self, prefix: &Path, before: SystemTime) -> Result<u64> {
        let _ = (prefix, before);
        Ok(0)
    }

    /// Lists at most `limit` objects below `prefix` (whole segments: `a/b` lists `a/b/c`, neither `a/bc` nor `a/b` itself;
    /// `None` lists everything) that come after `after`. That need not be there, but lies below `prefix`, and nothing lies
    /// below it.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn list(&self, prefix: Option<&Path>, after: Option<&Path>, limit: usize)
    -> Result<Page>;
}
