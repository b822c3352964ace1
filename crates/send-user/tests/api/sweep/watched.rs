//! A storage that is watched and disturbed: it counts listings, takes turns at random, stops answering, or refuses.

use std::{
    ops::Range,
    sync::atomic::{AtomicI64, AtomicUsize, Ordering},
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use bytes::Bytes;
use send_core::id::Nonce;
use storage::{
    Blob, Blobs, ByteStream, Error, Meta, Page, Path, PutMode, Refused, Result, Version,
    memory::Memory,
};
use tokio::sync::Notify;

#[derive(Default)]
pub(super) struct Watched {
    pub(super) memory: Memory,
    /// Listings so far.
    pub(super) lists: AtomicUsize,
    /// Each request lets others go first, as often as chance has it.
    pub(super) in_turns: bool,
    /// What lies in a folder of this name was written just now, whatever the clock says.
    pub(super) fresh: Option<&'static str>,
    /// Writes and removals that are done before one waits to be released.
    pub(super) answers: Option<AtomicI64>,
    pub(super) release: Notify,
    /// Nobody may look for unfinished uploads.
    pub(super) is_closed: bool,
}

impl Watched {
    async fn turn(&self) {
        if self.in_turns {
            for _ in 0..Nonce::random().as_bytes()[0] % 4 {
                tokio::task::yield_now().await;
            }
        }
    }

    async fn change(&self) {
        self.turn().await;
        if let Some(answers) = &self.answers
            && answers.fetch_sub(1, Ordering::SeqCst) == 0
        {
            self.release.notified().await;
        }
    }
}

#[async_trait]
impl Blobs for Watched {
    async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Blob> {
        self.turn().await;
        self.memory.get(path, range).await
    }

    async fn head(&self, path: &Path) -> Result<Meta> {
        self.turn().await;
        self.memory.head(path).await
    }

    async fn put(&self, path: &Path, bytes: Bytes, mode: PutMode) -> Result<Version> {
        self.change().await;
        self.memory.put(path, bytes, mode).await
    }

    async fn put_stream(&self, path: &Path, stream: ByteStream) -> Result<Meta> {
        self.change().await;
        self.memory.put_stream(path, stream).await
    }

    async fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        self.change().await;
        self.memory.copy(from, to).await
    }

    async fn delete(&self, path: &Path) -> Result<()> {
        self.change().await;
        self.memory.delete(path).await
    }

    /// One after the other, so that a stop leaves some of them.
    async fn delete_all(&self, paths: &[Path]) -> Result<()> {
        for path in paths {
            self.delete(path).await?;
        }
        Ok(())
    }

    async fn discard_unfinished(&self, _: &Path, _: SystemTime) -> Result<u64> {
        if self.is_closed {
            return Err(Error::Refused(Refused::Denied));
        }
        Ok(0)
    }

    async fn list(
        &self,
        prefix: Option<&Path>,
        after: Option<&Path>,
        limit: usize,
    ) -> Result<Page> {
        self.turn().await;
        self.lists.fetch_add(1, Ordering::SeqCst);
        let mut page = self.memory.list(prefix, after, limit).await?;
        for entry in &mut page.entries {
            let is_fresh = |folder: &str| entry.path.as_str().split('/').any(|s| s == folder);
            if self.fresh.is_some_and(is_fresh) {
                entry.modified += Duration::from_hours(1_000);
            }
        }
        Ok(page)
    }
}
