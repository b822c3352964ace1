//! Every backend keeps every promise; S3 on two servers that are not ours.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use anyhow::Result;
use send_e2e::{Peer, S3Server};
use storage::{
    conformance::{self, CHECKS, SIGNED_CHECKS, Signing},
    folder::Folder,
    memory::Memory,
};

async fn a_server_lets_the_backend_keep_every_promise(peer: Peer) -> Result<()> {
    let server = S3Server::start(peer).await?;
    let bucket = server.bucket().await?;
    let checks = AtomicU32::new(0);
    let fresh = async || {
        let number = checks.fetch_add(1, Ordering::Relaxed);
        Arc::new(bucket.below(format!("check/{number}")).backend().unwrap()) as _
    };
    assert_eq!(conformance::run(fresh).await, CHECKS.len());
    let signing = async || {
        let number = checks.fetch_add(1, Ordering::Relaxed);
        let backend = Arc::new(bucket.below(format!("check/{number}")).backend().unwrap());
        Signing {
            storage: backend.clone(),
            presign: backend,
        }
    };
    let signed = conformance::run_signed(signing).await;
    assert_eq!(signed, SIGNED_CHECKS.len());
    assert!(bucket.below("check").unfinished_uploads().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory_keeps_every_promise() {
    let checks = conformance::run(async || Arc::new(Memory::default()) as _).await;
    assert_eq!(checks, CHECKS.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_folder_keeps_every_promise() {
    let root = tempfile::tempdir().unwrap();
    let fresh = || Folder::open(tempfile::tempdir_in(&root).unwrap().keep()).unwrap();
    let checks = conformance::run(async || Arc::new(fresh()) as _).await;
    assert_eq!(checks, CHECKS.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s3_on_ministack_keeps_every_promise() -> Result<()> {
    a_server_lets_the_backend_keep_every_promise(Peer::Ministack).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s3_on_seaweed_keeps_every_promise() -> Result<()> {
    a_server_lets_the_backend_keep_every_promise(Peer::Seaweed).await
}
