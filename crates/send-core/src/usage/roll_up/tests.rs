use std::sync::{Arc, atomic::AtomicU64};

use bytes::Bytes;
use storage::{PutMode, folder::Folder, memory::Memory};

use super::*;
use crate::{
    id::TokenId,
    usage::{Usage, figures::Figures},
};

const TOKEN: TokenId = TokenId::new([1; 16]);
/// More than any of these needs.
const LONG: Duration = Duration::from_mins(1);
/// What a roll-up did that found nothing to do.
const NOTHING: RolledUp = RolledUp {
    segments: 0,
    failures: 0,
    finished: true,
};

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| u64::try_from(now.as_millis()).unwrap_or(0))
}

/// A clock that is so many hours ahead of the storage's.
fn ahead(hours: u64) -> Clock {
    Clock::Set(Arc::new(AtomicU64::new(now() + hours * 3_600_000)))
}

fn day_of(clock: &Clock) -> Date {
    Date::of(clock.now())
}

async fn segment(blobs: &dyn Blobs, date: Date, transfers: u64) -> (Nonce, Path) {
    let mut sums = Sums::default();
    let figures = Figures {
        transfers,
        ..Figures::default()
    };
    sums.tell(Some(TOKEN), figures);
    let stored = Stored {
        date,
        started: Millis(0),
        sums,
        minutes: Vec::new(),
    };
    let nonce = Nonce::random();
    let path = key::usage_segment(date, &nonce);
    let bytes = Bytes::from(serde_json::to_vec(&stored).unwrap());
    blobs.put(&path, bytes, PutMode::Overwrite).await.unwrap();
    (nonce, path)
}

async fn transfers(blobs: &Arc<dyn Blobs>, clock: &Clock) -> (u64, u64) {
    let usage = Usage::new(blobs.clone(), clock.clone());
    let report = usage.days(3).await.unwrap();
    let days = report.days.iter().map(|(_, day)| day.transfers).sum();
    let tokens = report.tokens.iter().map(|(_, sum)| sum.transfers).sum();
    (days, tokens)
}

async fn open(blobs: &dyn Blobs) -> usize {
    let page = blobs.list(Some(&key::open_usage()), None, 10_000).await;
    page.unwrap().entries.len()
}

async fn on_both(story: impl AsyncFn(Arc<dyn Blobs>)) {
    story(Arc::new(Memory::default())).await;
    let folder = tempfile::tempdir().unwrap();
    story(Arc::new(Folder::open(folder.path()).unwrap())).await;
}

#[tokio::test]
async fn a_segment_that_is_quiet_becomes_part_of_its_day() {
    on_both(async |blobs| {
        let (soon, later) = (ahead(1), ahead(3));
        segment(&*blobs, day_of(&later), 3).await;
        segment(&*blobs, day_of(&later).minus(1), 4).await;
        assert_eq!(roll_up(&*blobs, &soon, LONG).await.unwrap(), NOTHING);
        assert_eq!(transfers(&blobs, &later).await, (7, 7));
        let done = roll_up(&*blobs, &later, LONG).await.unwrap();
        assert_eq!(
            (done.segments, done.failures, open(&*blobs).await),
            (2, 0, 0)
        );
        assert_eq!(transfers(&blobs, &later).await, (7, 7));
        assert_eq!(roll_up(&*blobs, &later, LONG).await.unwrap(), NOTHING);
    })
    .await;
}

#[tokio::test]
async fn cut_off_between_adding_and_removing_nothing_counts_twice() {
    on_both(async |blobs| {
        let later = ahead(3);
        let found = [segment(&*blobs, day_of(&later), 3).await];
        let (read, _) = read(&*blobs, &found).await.unwrap();
        add(&*blobs, day_of(&later), &read).await.unwrap();
        assert_eq!(open(&*blobs).await, 1, "the process was killed here");
        assert_eq!(transfers(&blobs, &later).await, (3, 3));
        roll_up(&*blobs, &later, LONG).await.unwrap();
        assert_eq!(open(&*blobs).await, 0);
        assert_eq!(transfers(&blobs, &later).await, (3, 3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_that_race_count_each_segment_once() {
    on_both(async |blobs| {
        let later = ahead(3);
        for n in 1..=40 {
            segment(&*blobs, day_of(&later).minus(n % 2), n).await;
        }
        let racers = (0..4).map(|_| {
            let (blobs, later) = (blobs.clone(), later.clone());
            tokio::spawn(async move { roll_up(&*blobs, &later, LONG).await.unwrap() })
        });
        futures::future::try_join_all(racers).await.unwrap();
        assert_eq!(open(&*blobs).await, 0);
        assert_eq!(transfers(&blobs, &later).await, (820, 820));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_reads_during_a_roll_up_sees_everything_once() {
    on_both(async |blobs| {
        let later = ahead(3);
        for n in 1..=60 {
            segment(&*blobs, day_of(&later).minus(n % 2), n).await;
        }
        let (rolled, clock) = (blobs.clone(), later.clone());
        let rolling = tokio::spawn(async move { roll_up(&*rolled, &clock, LONG).await.unwrap() });
        while !rolling.is_finished() {
            assert_eq!(transfers(&blobs, &later).await, (1_830, 1_830));
        }
        assert_eq!(rolling.await.unwrap().segments, 60);
        assert_eq!(transfers(&blobs, &later).await, (1_830, 1_830));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_left_and_said_and_stops_nothing() {
    on_both(async |blobs| {
        let later = ahead(3);
        segment(&*blobs, day_of(&later), 3).await;
        let damaged = key::usage_segment(day_of(&later), &Nonce::random());
        let foreign = Path::parse("usage/open/notes.txt").unwrap();
        for path in [&damaged, &foreign] {
            let put = blobs.put(path, "not JSON".into(), PutMode::Overwrite);
            put.await.unwrap();
        }
        let done = roll_up(&*blobs, &later, LONG).await.unwrap();
        assert_eq!((done.segments, done.failures), (1, 2));
        assert_eq!(open(&*blobs).await, 2);
        assert_eq!(transfers(&blobs, &later).await, (3, 3));
    })
    .await;
}

#[tokio::test]
async fn a_damaged_day_keeps_its_segments_and_holds_up_no_other() {
    on_both(async |blobs| {
        let later = ahead(3);
        let (before, today) = (day_of(&later).minus(1), day_of(&later));
        for _ in 0..AT_ONCE + 1 {
            segment(&*blobs, before, 1).await;
        }
        segment(&*blobs, today, 3).await;
        let day = key::usage_day(before);
        let put = blobs.put(&day, "{".into(), PutMode::Overwrite);
        put.await.unwrap();
        let done = roll_up(&*blobs, &later, LONG).await.unwrap();
        assert_eq!((done.segments, done.failures, done.finished), (1, 1, true));
        assert_eq!(open(&*blobs).await, AT_ONCE + 1);
        assert_eq!(transfers(&blobs, &later).await, (3, 3));
        blobs.delete(&day).await.unwrap();
        roll_up(&*blobs, &later, LONG).await.unwrap();
        assert_eq!(transfers(&blobs, &later).await, (104, 104), "once mended");
    })
    .await;
}

#[tokio::test]
async fn it_ends_when_its_time_is_over_and_the_next_goes_on() {
    let blobs: Arc<dyn Blobs> = Arc::new(Memory::default());
    let later = ahead(3);
    for n in 0..AT_ONCE as u64 + 20 {
        segment(&*blobs, day_of(&later).minus(n % 2), 1).await;
    }
    let once = async || roll_up(&*blobs, &later, Duration::ZERO).await.unwrap();
    let (first, second) = (once().await, once().await);
    assert_eq!([first.segments, second.segments], [60, 60]);
    assert_eq!([first.finished, second.finished], [false, false]);
    assert_eq!(once().await, NOTHING);
    assert_eq!(transfers(&blobs, &later).await, (120, 120));
}
