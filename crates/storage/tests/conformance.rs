//! Every backend keeps every promise.

use std::sync::Arc;

use storage::{conformance, folder::Folder, memory::Memory};

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
