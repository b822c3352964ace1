//! Every promised behaviour of a storage, as functions that a backend's tests run.
//!
//! ```no_run
//! # async fn test() {
//! use std::sync::Arc;
//! let checks = storage::conformance::run(async || Arc::new(storage::memory::Memory::default()) as _).await;
//! assert_eq!(checks, storage::conformance::CHECKS.len());
//! # }
//! ```
//!
//! A check panics when the promise is broken. Each runs alone on an empty storage, on a runtime with several threads if
//! it is to find races.
#![expect(clippy::unwrap_used, reason = "a check fails by panicking")]

use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;

use crate::{Blobs, Path, PutMode, Version};

mod conditions;
mod documents;
mod listing;
mod reading;
mod signed;
mod streams;
mod writing;

pub use signed::{SIGNED_CHECKS, SignedCheck, Signing};

/// How many race for one object: enough to find a race, few enough for servers that let each wait for the one before (SeaweedFS
/// takes about a second for each).
const CROWD: usize = 16;

/// A storage under test.
pub type Storage = Arc<dyn Blobs>;

/// One promise.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// What is promised, as a sentence.
    pub name: &'static str,
    /// Holds an empty storage to it; panics when it is broken.
    pub run: fn(Storage) -> BoxFuture<'static, ()>,
}

macro_rules! checks {
    ($($module:ident: $($name:ident)*;)*) => {
        &[$($(Check { name: stringify!($name), run: |storage| Box::pin($module::$name(storage)) }),*),*]
    };
}

/// All promises.
pub const CHECKS: &[Check] = checks! {
    reading:
        an_object_comes_back_whole_with_its_facts
        an_empty_object_is_an_object
        what_is_not_there_is_not_found
        what_lies_below_a_path_is_not_at_it
        a_range_is_cut_to_the_object
        a_range_outside_the_object_is_refused_with_its_size
        a_large_object_comes_in_pieces
        a_reader_sees_one_state_while_others_write;
    writing:
        an_overwrite_replaces_all
        a_delete_removes_and_succeeds_again
        a_copy_replaces_and_leaves_its_source
        a_copy_of_nothing_changes_nothing
        every_checked_path_can_be_written
        a_write_beside_a_delete_is_kept
        a_dropped_write_is_whole_or_not_there;
    conditions:
        a_create_happens_once
        an_update_needs_the_state_that_is_there
        other_bytes_have_another_version
        of_many_who_create_one_path_exactly_one_wins
        of_many_who_update_one_state_exactly_one_wins;
    streams:
        a_stream_arrives_whole
        a_stream_overwrites
        a_stream_that_fails_writes_nothing
        a_stream_that_is_dropped_writes_nothing
        streams_that_race_leave_one_of_them;
    listing:
        a_listing_is_in_order
        a_listing_has_the_facts
        a_prefix_is_of_whole_segments
        pages_of_every_size_hold_each_object_once
        a_page_starts_after_a_path_that_need_not_exist
        a_listing_sees_finished_writes_and_deletes
        thousands_are_listed_by_pages;
    documents:
        many_who_change_a_document_lose_no_change
        a_change_may_refuse_or_keep
        a_document_that_is_not_there_or_damaged_says_so
        of_many_who_want_a_slot_each_slot_has_one_owner;
};

/// Holds a backend to all [`CHECKS`], each on a storage of its own from `open`, prints the name of each before it runs,
/// and their number, which it returns.
///
/// # Panics
/// When a promise is broken; the name printed last tells which.
#[expect(clippy::print_stdout, reason = "the report of a test")]
pub async fn run(open: impl AsyncFn() -> Storage) -> usize {
    for check in CHECKS {
        println!("check {}", check.name);
        (check.run)(open().await).await;
    }
    println!("{} checks passed", CHECKS.len());
    CHECKS.len()
}

/// Holds a backend that signs URLs to all [`SIGNED_CHECKS`], as [`run`] does.
///
/// # Panics
/// When a promise is broken; the name printed last tells which.
#[expect(clippy::print_stdout, reason = "the report of a test")]
pub async fn run_signed(open: impl AsyncFn() -> Signing) -> usize {
    for check in SIGNED_CHECKS {
        println!("check {}", check.name);
        (check.run)(open().await).await;
    }
    println!("{} checks of what was signed passed", SIGNED_CHECKS.len());
    SIGNED_CHECKS.len()
}

fn path(text: impl Into<String>) -> Path {
    Path::parse(text).unwrap()
}

/// Bytes that tell where they lie, so that a piece in the wrong place is seen.
fn pattern(size: usize) -> Bytes {
    (0..size)
        .map(|at| (at ^ (at >> 8) ^ (at >> 16)) as u8)
        .collect()
}

async fn put(storage: &Storage, at: &Path, bytes: impl Into<Bytes>) -> Version {
    storage
        .put(at, bytes.into(), PutMode::Overwrite)
        .await
        .unwrap()
}

async fn read(storage: &Storage, at: &Path) -> Bytes {
    storage.get(at, None).await.unwrap().bytes().await.unwrap()
}

async fn version(storage: &Storage, at: &Path) -> Version {
    storage.head(at).await.unwrap().version
}

async fn is_absent(storage: &Storage, at: &Path) -> bool {
    matches!(storage.head(at).await, Err(crate::Error::NotFound(path)) if path == *at)
}

/// The paths of all objects below `prefix`, in one page.
async fn names(storage: &Storage, prefix: Option<&Path>) -> Vec<String> {
    let page = storage.list(prefix, None, 10_000).await.unwrap();
    assert!(!page.more);
    page.entries
        .iter()
        .map(|entry| entry.path.to_string())
        .collect()
}

/// Runs `racer` so many times at once, on threads if there are, and returns what each came to.
async fn race<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    racers: usize,
    racer: impl Fn(usize) -> F,
) -> Vec<T> {
    let racers: Vec<_> = (0..racers)
        .map(|number| tokio::spawn(racer(number)))
        .collect();
    futures::future::try_join_all(racers).await.unwrap()
}
