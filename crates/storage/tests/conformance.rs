//! Every backend keeps every promise.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use storage::{
    conformance,
    counted::{Counted, Outcome},
    folder::Folder,
    memory::Memory,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory_keeps_every_promise() {
    let checks = conformance::run(async || Arc::new(Memory::default()) as _).await;
    assert_eq!(checks, conformance::CHECKS.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_folder_keeps_every_promise() {
    let root = tempfile::tempdir().unwrap();
    let fresh = || Folder::open(tempfile::tempdir_in(&root).unwrap().keep()).unwrap();
    let checks = conformance::run(async || Arc::new(fresh()) as _).await;
    assert_eq!(checks, conformance::CHECKS.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storage_whose_calls_are_counted_keeps_every_promise() {
    let (done, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let fresh = async || {
        let (done, failed) = (done.clone(), failed.clone());
        let told = move |_, outcome| match outcome {
            Outcome::Failed => drop(failed.fetch_add(1, Ordering::Relaxed)),
            Outcome::Done | Outcome::NotFound | Outcome::Unmet => {
                done.fetch_add(1, Ordering::Relaxed);
            }
        };
        Arc::new(Counted::new(Arc::new(Memory::default()), told)) as _
    };
    let checks = conformance::run(fresh).await;
    assert_eq!(checks, conformance::CHECKS.len());
    assert!(done.load(Ordering::Relaxed) > 1_000);
    assert_eq!(failed.load(Ordering::Relaxed), 0);
}
