use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use storage::{
    Path,
    counted::{Counted, Operation},
    folder::Folder,
    memory::Memory,
};

use super::*;
use crate::usage::{Pulse, Usage, roll_up};

const TOKEN: TokenId = TokenId::new([1; 16]);
/// A second before noon, long ago: what the storage writes now is later.
const NOON: u64 = 1_767_268_800_000 - 1_000;
const MINUTE: u64 = 60_000;

struct Process {
    ledger: Arc<Ledger>,
    now: Arc<AtomicU64>,
    blobs: Arc<dyn Blobs>,
}

impl Process {
    fn new(blobs: Arc<dyn Blobs>) -> Self {
        let now = Arc::new(AtomicU64::new(NOON));
        Self {
            ledger: Arc::new(Ledger::new(blobs.clone(), Clock::Set(now.clone()))),
            now,
            blobs,
        }
    }

    /// It writes, but is gone when the answer comes.
    async fn flush_unheard(&self, deaf: &AtomicBool) {
        deaf.store(true, Ordering::Relaxed);
        let ledger = self.ledger.clone();
        let flush = tokio::spawn(async move { ledger.flush().await });
        assert!(flush.await.unwrap_err().is_panic());
        deaf.store(false, Ordering::Relaxed);
    }

    /// All that it wrote is added to its day.
    async fn roll_up(&self) {
        let hours_later = Clock::Set(Arc::new(AtomicU64::new(u64::MAX / 2)));
        let done = roll_up(&*self.blobs, &hours_later, Duration::from_mins(1)).await;
        assert_eq!(done.unwrap().failures, 0);
    }

    fn wait(&self, millis: u64) {
        self.now.fetch_add(millis, Ordering::Relaxed);
    }

    /// A transfer is created, by a request of somebody unknown.
    fn create(&self, nonce: u8) {
        self.create_by(nonce, None);
    }

    fn create_by(&self, nonce: u8, visitor: Option<&str>) {
        let (mut created, mut asked) = (Figures::default(), Figures::default());
        created.transfers = 1;
        asked.requests = 1;
        self.ledger
            .tell_transfer(Nonce::new([nonce; 8]), Some(TOKEN), created);
        self.ledger.tell_request(asked, visitor);
    }

    fn usage(&self) -> Usage {
        Usage::new(self.blobs.clone(), Clock::Set(self.now.clone()))
    }

    /// Transfers of yesterday and today.
    async fn counted(&self) -> [u64; 2] {
        let report = self.usage().days(2).await.unwrap();
        let of_tokens: u64 = report.tokens.iter().map(|(_, sum)| sum.transfers).sum();
        let counted = [0, 1].map(|n: usize| report.days[n].1.transfers);
        assert_eq!(of_tokens, counted.iter().sum::<u64>());
        counted
    }

    async fn segments(&self) -> Vec<Path> {
        let page = self.blobs.list(Some(&key::open_usage()), None, 100).await;
        let entries = page.unwrap().entries.into_iter();
        entries.map(|entry| entry.path).collect()
    }
}

async fn on_both(story: impl AsyncFn(Process)) {
    story(Process::new(Arc::new(Memory::default()))).await;
    let folder = tempfile::tempdir().unwrap();
    let blobs = Folder::open(folder.path()).unwrap();
    story(Process::new(Arc::new(blobs))).await;
}

#[tokio::test]
async fn it_is_written_every_ten_seconds_and_only_when_something_changed() {
    on_both(async |process| {
        let flush = async || {
            process.ledger.flush_if_due().await;
            process.counted().await[1]
        };
        assert_eq!(flush().await, 0);
        assert!(process.segments().await.is_empty());
        process.create(1);
        assert_eq!(flush().await, 1);
        process.create(2);
        process.wait(9_999);
        assert_eq!(flush().await, 1);
        process.wait(1);
        assert_eq!(flush().await, 2);
        assert_eq!(process.segments().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_written_while_nothing_changes() {
    let process = Process::new(Arc::new(Memory::default()));
    process.create(1);
    process.ledger.flush().await;
    let path = process.segments().await.remove(0);
    process.blobs.delete(&path).await.unwrap();
    process.wait(MINUTE);
    process.ledger.flush().await;
    assert!(process.segments().await.is_empty());
}

#[tokio::test]
async fn what_is_told_after_midnight_belongs_to_the_next_day() {
    on_both(async |process| {
        process.create(1);
        process.ledger.flush().await;
        process.create(2);
        process.wait(12 * 60 * MINUTE + 1_000);
        process.create(3);
        process.ledger.flush().await;
        assert_eq!(process.counted().await, [2, 1]);
        // The first, which half an hour closed; what it did not have; and that of today.
        assert_eq!(process.segments().await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn after_a_pause_another_segment_has_what_the_first_has_not() {
    on_both(async |process| {
        process.create(1);
        process.ledger.flush().await;
        process.create(2);
        process.wait(30 * MINUTE);
        process.ledger.flush().await;
        assert_eq!(
            process.segments().await.len(),
            1,
            "half an hour is no pause"
        );
        process.wait(MINUTE);
        process.create(3);
        process.wait(30 * MINUTE);
        process.create(4);
        process.ledger.flush().await;
        assert_eq!(process.segments().await.len(), 2);
        assert_eq!(process.counted().await, [0, 4]);
        let pulse = process.usage().pulse(5).await.unwrap();
        assert_eq!((pulse.requests, pulse.transfers), (1, 1));
        let pulse = process.usage().pulse(60).await.unwrap();
        assert_eq!((pulse.requests, pulse.transfers), (2, 2));
    })
    .await;
}

#[tokio::test]
async fn what_a_full_storage_does_not_take_is_written_later_and_once() {
    let process = Process::new(Arc::new(Memory::new(10_000)));
    let filler = Path::parse("filler").unwrap();
    let bytes = Bytes::from(vec![0; 9_500]);
    let put = process.blobs.put(&filler, bytes, PutMode::Create);
    put.await.unwrap();
    process.create(1);
    process.ledger.flush().await;
    assert!(process.segments().await.is_empty());
    process.wait(40 * MINUTE);
    process.create(2);
    process.blobs.delete(&filler).await.unwrap();
    process.ledger.flush().await;
    assert_eq!(process.counted().await, [0, 2]);
    assert_eq!(process.segments().await.len(), 1);
}

/// Storages whose writes land, and end whoever waits for their answer as long as the switch is on.
async fn on_both_deaf(story: impl AsyncFn(Process, Arc<AtomicBool>)) {
    on_both(async |process| {
        let deaf = Arc::new(AtomicBool::new(false));
        let switch = deaf.clone();
        let told = move |operation, _| {
            let write = matches!(operation, Operation::Put);
            assert!(!write || !switch.load(Ordering::Relaxed), "nobody hears it");
        };
        let blobs = Counted::new(process.blobs.clone(), told);
        story(Process::new(Arc::new(blobs)), deaf).await;
    })
    .await;
}

#[tokio::test]
async fn a_write_whose_answer_nobody_heard_counts_once_after_a_pause() {
    on_both_deaf(async |process, deaf| {
        process.create(1);
        process.ledger.flush().await;
        process.create(2);
        process.flush_unheard(&deaf).await;
        assert_eq!(process.counted().await, [0, 2], "it landed");
        process.wait(31 * MINUTE);
        process.create(3);
        process.ledger.flush().await;
        assert_eq!(process.segments().await.len(), 2);
        assert_eq!(process.counted().await, [0, 3]);
        process.roll_up().await;
        assert_eq!(process.counted().await, [0, 3]);
    })
    .await;
}

#[tokio::test]
async fn a_first_write_that_nobody_heard_of_loses_nothing_after_it() {
    on_both_deaf(async |process, deaf| {
        process.create(1);
        process.flush_unheard(&deaf).await;
        process.roll_up().await;
        process.wait(3 * 60 * MINUTE);
        process.create(2);
        process.ledger.flush().await;
        assert_eq!(process.counted().await, [0, 2]);
    })
    .await;
}

#[tokio::test]
async fn what_was_added_to_its_day_meanwhile_is_rather_lost_than_counted_twice() {
    on_both_deaf(async |process, deaf| {
        process.create(1);
        process.flush_unheard(&deaf).await;
        process.roll_up().await;
        // This one lands behind the roll-up's back, where it counts nothing.
        process.create(2);
        process.flush_unheard(&deaf).await;
        process.roll_up().await;
        process.wait(3 * 60 * MINUTE);
        process.create(3);
        process.ledger.flush().await;
        assert_eq!(process.counted().await, [0, 2]);
    })
    .await;
}

#[tokio::test]
async fn the_pulse_is_of_the_last_minutes_and_of_all_processes() {
    on_both(async |process| {
        let other = Process::new(process.blobs.clone());
        for (process, visitor) in [(&process, "a"), (&process, "b"), (&other, "c")] {
            process.create_by(1, Some(visitor));
        }
        for process in [&process, &other] {
            process.wait(3 * MINUTE);
            process.create_by(1, Some("a"));
            process.ledger.flush().await;
        }
        let of = async |minutes| {
            let pulse: Pulse = process.usage().pulse(minutes).await.unwrap();
            (pulse.requests, pulse.visitors, pulse.transfers)
        };
        // Two processes cannot know that they saw the same.
        assert_eq!(of(1).await, (2, 2, 2));
        assert_eq!(of(5).await, (5, 4, 2));
    })
    .await;
}

#[tokio::test]
async fn nothing_that_is_stored_tells_a_visitor() {
    let process = Process::new(Arc::new(Memory::default()));
    let address: std::net::IpAddr = "192.0.2.77".parse().unwrap();
    process
        .ledger
        .tell_request(Figures::default(), Some(address));
    process.ledger.flush().await;
    let path = process.segments().await.remove(0);
    let stored = process.blobs.get(&path, None).await.unwrap();
    let stored = String::from_utf8(stored.bytes().await.unwrap().to_vec()).unwrap();
    let minute = NOON / MINUTE;
    assert_eq!(
        stored,
        format!(
            r#"{{"date":"2026-01-01","started":{NOON},"totals":{{}},"tokens":{{}},"minutes":[{{"minute":{minute},"requests":1,"visitors":1,"transfers":0}}]}}"#
        )
    );
}
