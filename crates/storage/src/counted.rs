//! A storage whose calls are told to somebody, who counts them.

use std::{ops::Range, sync::Arc, time::SystemTime};

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Blob, Blobs, ByteStream, Error, Meta, Page, Path, PutMode, Result, Version};

/// What a storage was asked for: a call of [`Blobs`]. A backend may need several requests for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// [`Blobs::get`]
    Get,
    /// [`Blobs::head`]
    Head,
    /// [`Blobs::put`]
    Put,
    /// [`Blobs::put_stream`]
    PutStream,
    /// [`Blobs::copy`]
    Copy,
    /// [`Blobs::delete`]
    Delete,
    /// [`Blobs::delete_all`]
    DeleteAll,
    /// [`Blobs::discard_unfinished`]
    DiscardUnfinished,
    /// [`Blobs::list`]
    List,
}

impl Operation {
    /// Its name in figures.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Head => "head",
            Self::Put => "put",
            Self::PutStream => "put_stream",
            Self::Copy => "copy",
            Self::Delete => "delete",
            Self::DeleteAll => "delete_all",
            Self::DiscardUnfinished => "discard_unfinished",
            Self::List => "list",
        }
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was done.
    Done,
    /// There was nothing at the path.
    NotFound,
    /// The storage works, and what was asked could not be: a condition or a range was not met, a stream broke off.
    Unmet,
    /// The storage failed, is full, or refuses this program.
    Failed,
}

impl Outcome {
    /// Its name in figures.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotFound => "not_found",
            Self::Unmet => "unmet",
            Self::Failed => "failed",
        }
    }

    const fn of<T>(result: &Result<T>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(Error::NotFound(_)) => Self::NotFound,
            Err(
                Error::AlreadyExists(_)
                | Error::Precondition(_)
                | Error::Range { .. }
                | Error::Upload { .. }
                | Error::Source(_),
            ) => Self::Unmet,
            Err(
                Error::Full | Error::Damaged { .. } | Error::Refused(_) | Error::Unavailable(_),
            ) => Self::Failed,
        }
    }
}

/// Who is told.
pub type Told = Arc<dyn Fn(Operation, Outcome) + Send + Sync>;

/// A storage around another that tells of each call when it has ended. A call that is dropped half-way is not told, nor is what
/// becomes of a stream after its [`Blobs::get`].
#[derive(Clone)]
pub struct Counted {
    inner: Arc<dyn Blobs>,
    told: Told,
}

impl Counted {
    /// Around this storage.
    #[must_use]
    pub fn new(
        inner: Arc<dyn Blobs>,
        told: impl Fn(Operation, Outcome) + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner,
            told: Arc::new(told),
        }
    }

    fn tell<T>(&self, operation: Operation, result: Result<T>) -> Result<T> {
        (self.told)(operation, Outcome::of(&result));
        result
    }
}

#[async_trait]
impl Blobs for Counted {
    async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Blob> {
        self.tell(Operation::Get, self.inner.get(path, range).await)
    }

    async fn head(&self, path: &Path) -> Result<Meta> {
        self.tell(Operation::Head, self.inner.head(path).await)
    }

    async fn put(&self, path: &Path, bytes: Bytes, mode: PutMode) -> Result<Version> {
        self.tell(Operation::Put, self.inner.put(path, bytes, mode).await)
    }

    async fn put_stream(&self, path: &Path, stream: ByteStream) -> Result<Meta> {
        let stored = self.inner.put_stream(path, stream).await;
        self.tell(Operation::PutStream, stored)
    }

    async fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        self.tell(Operation::Copy, self.inner.copy(from, to).await)
    }

    async fn delete(&self, path: &Path) -> Result<()> {
        self.tell(Operation::Delete, self.inner.delete(path).await)
    }

    async fn delete_all(&self, paths: &[Path]) -> Result<()> {
        self.tell(Operation::DeleteAll, self.inner.delete_all(paths).await)
    }

    async fn discard_unfinished(&self, prefix: &Path, before: SystemTime) -> Result<u64> {
        let discarded = self.inner.discard_unfinished(prefix, before).await;
        self.tell(Operation::DiscardUnfinished, discarded)
    }

    async fn list(
        &self,
        prefix: Option<&Path>,
        after: Option<&Path>,
        limit: usize,
    ) -> Result<Page> {
        let page = self.inner.list(prefix, after, limit).await;
        self.tell(Operation::List, page)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::memory::Memory;

    #[tokio::test]
    async fn each_call_is_told_with_its_end() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = heard.clone();
        let told = move |operation: Operation, outcome: Outcome| {
            ear.lock().unwrap().push((operation.name(), outcome.name()));
        };
        let blobs = Counted::new(Arc::new(Memory::new(2_000)), told);
        let path = Path::parse("a/b").unwrap();
        let write = |size: usize| blobs.put(&path, Bytes::from(vec![0; size]), PutMode::Create);
        assert!(blobs.head(&path).await.is_err());
        assert!(write(9_000).await.is_err());
        write(9).await.unwrap();
        assert!(write(9).await.is_err());
        assert!(blobs.get(&path, Some(10..11)).await.is_err());
        blobs.get(&path, None).await.unwrap();
        blobs.delete_all(std::slice::from_ref(&path)).await.unwrap();
        assert_eq!(
            *heard.lock().unwrap(),
            [
                ("head", "not_found"),
                ("put", "failed"),
                ("put", "done"),
                ("put", "unmet"),
                ("get", "unmet"),
                ("get", "done"),
                ("delete_all", "done"),
            ]
        );
    }
}
