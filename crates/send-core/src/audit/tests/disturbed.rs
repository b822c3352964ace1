//! A head that cannot be written, clients that hang up, changes that panic.

use std::{
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use storage::{Blob, ByteStream, Error, Meta, Page, Path, Result, Version};
use tokio::sync::oneshot;

use super::*;

/// A storage that takes everything, but now and then no head of the log.
#[derive(Default)]
struct Headless {
    memory: Memory,
    is_stuck: AtomicBool,
}

#[async_trait]
impl Blobs for Headless {
    async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Blob> {
        self.memory.get(path, range).await
    }

    async fn head(&self, path: &Path) -> Result<Meta> {
        self.memory.head(path).await
    }

    async fn put(&self, path: &Path, bytes: Bytes, mode: PutMode) -> Result<Version> {
        if self.is_stuck.load(Ordering::SeqCst) && *path == key::audit_head() {
            return Err(Error::Unavailable("not now".into()));
        }
        self.memory.put(path, bytes, mode).await
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

    async fn list(&self, prefix: Option<&Path>, after: Option<&Path>, n: usize) -> Result<Page> {
        self.memory.list(prefix, after, n).await
    }
}

/// What was done, newest first.
async fn actions(audit: &Audit) -> Vec<Action> {
    let entries = audit.page(None, 100).await.unwrap().entries;
    entries.into_iter().map(|entry| entry.action).collect()
}

#[tokio::test(start_paused = true)]
async fn a_head_that_cannot_be_raised_refuses_nothing_and_the_next_entry_raises_it() {
    let blobs = Arc::new(Headless::default());
    let audit = Audit::new(blobs.clone(), Clock::Set(Arc::default()));
    for first in [0, 4] {
        blobs.is_stuck.store(true, Ordering::SeqCst);
        for _ in 0..3 {
            let change = async { Ok("made") };
            let subject = Subject::Everything;
            let made = audit.record(BY, Action::Swept, subject, Details::new(), change);
            assert_eq!(made.await.unwrap(), "made");
        }
        let head = audit.head().await.unwrap().map(|head| head.number);
        assert_eq!(head, u64::checked_sub(first, 1));
        blobs.is_stuck.store(false, Ordering::SeqCst);
        assert_eq!(add(&audit).await.number, first + 3);
        let verified = audit.verify(0).await.unwrap();
        assert!(verified.sound, "{:?}", verified.problems);
        assert_eq!(verified.head.unwrap().number, first + 3);
    }
}

#[tokio::test]
async fn a_head_that_lags_far_behind_is_raised_step_by_step() {
    let audit = log_of(1).await;
    let mut bytes = audit.stored(0).await;
    let mut entry: Stored = serde_json::from_slice(&bytes).unwrap();
    for number in 1..150 {
        (entry.number, entry.previous) = (number, Some(Digest::of(&bytes)));
        bytes = serde_json::to_vec(&entry).unwrap();
        audit.overwrite(number, bytes.clone()).await;
    }
    let subject = Subject::Everything;
    let refused = audit.append(&BY, Action::Swept, &subject, Details::new());
    assert!(refused.await.is_err());
    assert_eq!(add(&audit).await.number, 150);
    assert!(audit.verify(0).await.unwrap().sound);
}

#[tokio::test]
async fn what_the_log_cannot_follow_is_not_done() {
    let beyond = r#"{"number":9999999999,"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}"#;
    for head in ["{}", beyond] {
        let audit = log_of(1).await;
        audit.put("audit-head.json", head).await;
        let change = async { panic!("it must not be done") };
        let subject = Subject::Everything;
        let refused = audit.record::<()>(BY, Action::Swept, subject, Details::new(), change);
        assert_eq!(refused.await.unwrap_err().status(), 500);
        assert_eq!(actions(&audit).await.len(), 1);
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_interrupts_neither_the_change_nor_what_the_log_says_of_it() {
    let audit = audit();
    let (begun, has_begun) = oneshot::channel();
    let (go_on, may_go_on) = oneshot::channel();
    let change = async move {
        begun.send(()).unwrap();
        may_go_on.await.unwrap();
        Err::<(), _>(ApiError::Conflict("too late"))
    };
    let asked = audit.record(
        BY,
        Action::Swept,
        Subject::Everything,
        Details::new(),
        change,
    );
    tokio::select! {
        biased;
        _ = asked => panic!("it waits to go on"),
        begun = has_begun => begun.unwrap(),
    }
    assert_eq!(actions(&audit).await, [Action::Swept]);
    go_on.send(()).unwrap();
    while actions(&audit).await.len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(actions(&audit).await, [Action::Failed, Action::Swept]);
}

#[tokio::test]
async fn a_change_that_panics_failed() {
    let audit = audit();
    let change = async { panic!("a defect") };
    let subject = Subject::Everything;
    let failed = audit.record::<()>(BY, Action::Swept, subject, Details::new(), change);
    assert_eq!(failed.await.unwrap_err().status(), 500);
    assert_eq!(actions(&audit).await, [Action::Failed, Action::Swept]);
}
