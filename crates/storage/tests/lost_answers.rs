//! A storage whose answers get lost: what `json` decides then.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use storage::{
    Blob, Blobs, ByteStream, Error, Meta, Page, Path, PutMode, Result, Version,
    json::{self, Change, Created},
    memory::Memory,
};

/// What becomes of a write whose answer is lost.
#[derive(Clone, Copy, PartialEq)]
enum Write {
    Happens,
    DoesNotHappen,
    HappensAndIsOverwritten,
}

/// A storage that loses the answers of its first writes.
struct Lossy {
    memory: Memory,
    write: Write,
    losses: AtomicUsize,
}

impl Lossy {
    async fn holding(bytes: Option<&'static str>, write: Write, losses: usize) -> Self {
        let memory = Memory::default();
        if let Some(bytes) = bytes {
            memory
                .put(&at(), bytes.into(), PutMode::Overwrite)
                .await
                .unwrap();
        }
        Self {
            memory,
            write,
            losses: losses.into(),
        }
    }

    async fn bytes(&self) -> Bytes {
        self.memory
            .get(&at(), None)
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap()
    }
}

#[async_trait]
impl Blobs for Lossy {
    async fn put(&self, path: &Path, bytes: Bytes, mode: PutMode) -> Result<Version> {
        let left = self
            .losses
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        if left.is_err() {
            return self.memory.put(path, bytes, mode).await;
        }
        if self.write != Write::DoesNotHappen {
            self.memory.put(path, bytes, mode).await?;
        }
        if self.write == Write::HappensAndIsOverwritten {
            self.memory
                .put(path, "70".into(), PutMode::Overwrite)
                .await?;
        }
        Err(Error::Unavailable("connection reset".into()))
    }

    async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Blob> {
        self.memory.get(path, range).await
    }

    async fn head(&self, path: &Path) -> Result<Meta> {
        self.memory.head(path).await
    }

    async fn put_stream(&self, path: &Path, stream: ByteStream) -> Result<Meta> {
        self.memory.put_stream(path, stream).await
    }

    async fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        self.memory.copy(from, to).await
    }

    async fn delete(&self, path: &Path) -> Result<()> {
        self.memory.delete(path).await
    }

    async fn list(
        &self,
        prefix: Option<&Path>,
        after: Option<&Path>,
        limit: usize,
    ) -> Result<Page> {
        self.memory.list(prefix, after, limit).await
    }
}

fn at() -> Path {
    Path::parse("a/count.json").unwrap()
}

async fn raise(blobs: &Lossy) -> Result<u64> {
    let raise = |count: &mut u64| {
        *count += 1;
        Ok(Change::Write(*count))
    };
    json::update(blobs, &at(), raise).await
}

#[tokio::test]
async fn an_update_that_happened_is_not_done_again() {
    let blobs = Lossy::holding(Some("5"), Write::Happens, 1).await;
    assert_eq!(raise(&blobs).await.unwrap(), 6);
    assert_eq!(blobs.bytes().await, "6");
}

#[tokio::test]
async fn an_update_that_did_not_happen_is_done_again() {
    let blobs = Lossy::holding(Some("5"), Write::DoesNotHappen, 3).await;
    assert_eq!(raise(&blobs).await.unwrap(), 6);
    assert_eq!(blobs.bytes().await, "6");
}

#[tokio::test]
async fn an_update_that_may_have_happened_is_left_alone() {
    let blobs = Lossy::holding(Some("5"), Write::HappensAndIsOverwritten, 1).await;
    assert!(matches!(raise(&blobs).await, Err(Error::Unavailable(_))));
    assert_eq!(blobs.bytes().await, "70");
}

#[tokio::test]
async fn a_create_that_happened_is_the_same() {
    let blobs = Lossy::holding(None, Write::Happens, 1).await;
    assert_eq!(
        json::create_or_read(&blobs, &at(), "mine".into())
            .await
            .unwrap(),
        Created::Same
    );
}

#[tokio::test]
async fn a_create_that_did_not_happen_is_done_again() {
    let blobs = Lossy::holding(None, Write::DoesNotHappen, 3).await;
    assert_eq!(
        json::create_or_read(&blobs, &at(), "mine".into())
            .await
            .unwrap(),
        Created::New
    );
    assert_eq!(blobs.bytes().await, "mine");
}

#[tokio::test]
async fn a_create_without_an_answer_over_another_is_taken() {
    let blobs = Lossy::holding(Some("theirs"), Write::DoesNotHappen, 1).await;
    assert_eq!(
        json::create_or_read(&blobs, &at(), "mine".into())
            .await
            .unwrap(),
        Created::Taken
    );
}

#[tokio::test(start_paused = true)]
async fn tries_end() {
    for (there, bound) in [(Some("5"), usize::MAX), (None, usize::MAX)] {
        let blobs = Lossy::holding(there, Write::DoesNotHappen, bound).await;
        let started = tokio::time::Instant::now();
        let answer = match there {
            Some(_) => raise(&blobs).await.map(drop),
            None => json::create_or_read(&blobs, &at(), "mine".into())
                .await
                .map(drop),
        };
        assert!(
            matches!(answer, Err(Error::Unavailable(reason)) if reason.to_string() == "connection reset")
        );
        assert!(started.elapsed() <= json::PATIENCE + std::time::Duration::from_millis(256));
        let tried = usize::MAX - blobs.losses.load(Ordering::SeqCst);
        assert!((20..=json::TRIES as usize).contains(&tried), "{tried}");
    }
}
