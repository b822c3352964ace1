//! A storage that is full answers so, and loses nothing.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use futures::{StreamExt, stream};
use storage::{
    Blobs, Error, Path, PutMode,
    memory::{Memory, OVERHEAD},
};

fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}

fn kib(number: usize) -> Bytes {
    vec![7; number * 1024].into()
}

async fn put(blobs: &dyn Blobs, at: &str, bytes: Bytes) -> Result<(), Error> {
    blobs
        .put(&path(at), bytes, PutMode::Overwrite)
        .await
        .map(drop)
}

async fn put_stream(blobs: &dyn Blobs, at: &str, bytes: &Bytes) -> Result<(), Error> {
    let pieces: Vec<_> = bytes
        .chunks(10_000)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    blobs
        .put_stream(&path(at), stream::iter(pieces).boxed())
        .await
        .map(drop)
}

/// Fills a storage that has room for one MiB, and looks at each way to find it full.
async fn fill(blobs: &dyn Blobs) {
    put(blobs, "a/kept", kib(300)).await.unwrap();
    put(blobs, "b/kept", kib(300)).await.unwrap();
    let before = blobs.list(None, None, 10).await.unwrap();
    for _ in 0..3 {
        assert!(matches!(
            put(blobs, "c/new", kib(900)).await,
            Err(Error::Full)
        ));
        assert!(matches!(
            put_stream(blobs, "c/new", &kib(900)).await,
            Err(Error::Full)
        ));
        assert!(matches!(
            put(blobs, "a/kept", kib(1400)).await,
            Err(Error::Full)
        ));
        assert!(matches!(
            put_stream(blobs, "a/kept", &kib(1400)).await,
            Err(Error::Full)
        ));
        assert_eq!(blobs.list(None, None, 10).await.unwrap(), before);
    }
    for at in ["a/kept", "b/kept"] {
        assert!(
            blobs
                .get(&path(at), None)
                .await
                .unwrap()
                .bytes()
                .await
                .unwrap()
                == kib(300)
        );
    }
    // Nothing of the refused writes takes room, and a delete gives room back.
    put(blobs, "c/new", kib(200)).await.unwrap();
    blobs.delete(&path("c/new")).await.unwrap();
    blobs.delete(&path("a/kept")).await.unwrap();
    put_stream(blobs, "c/new", &kib(450)).await.unwrap();
}

#[tokio::test]
async fn memory_that_is_full_loses_nothing() {
    fill(&Memory::new(1024 * 1024)).await;
}

#[tokio::test]
async fn memory_gives_back_exactly_what_was_taken() {
    let cost = |at: &str, size: u64| size + at.len() as u64 + OVERHEAD;
    let memory = Memory::new(10_000);
    put(&memory, "a", kib(2)).await.unwrap();
    assert_eq!(memory.used(), cost("a", 2048));
    put(&memory, "a", kib(1)).await.unwrap();
    put_stream(&memory, "a", &kib(3)).await.unwrap();
    memory.copy(&path("a"), &path("bb")).await.unwrap();
    assert_eq!(memory.used(), cost("a", 3072) + cost("bb", 3072));
    assert!(
        memory
            .put(&path("a"), kib(1), PutMode::Create)
            .await
            .is_err()
    );
    assert!(put(&memory, "c", kib(9)).await.is_err());
    let broken = stream::iter([Ok(kib(1)), Err(std::io::Error::other("broken"))]).boxed();
    assert!(memory.put_stream(&path("a"), broken).await.is_err());
    assert_eq!(memory.used(), cost("a", 3072) + cost("bb", 3072));
    for at in ["a", "a", "bb", "never"] {
        memory.delete(&path(at)).await.unwrap();
    }
    assert_eq!(memory.used(), 0);
    let all = 10_000 - cost("a", 0);
    put(&memory, "a", vec![0; all as usize].into())
        .await
        .unwrap();
    assert!(matches!(
        put(&memory, "a", vec![0; all as usize + 1].into()).await,
        Err(Error::Full)
    ));
    assert!(matches!(
        memory.put(&path("a"), Bytes::new(), PutMode::Create).await,
        Err(Error::AlreadyExists(_))
    ));
}

/// On a real file system of one MiB: a tmpfs in a mount namespace of a process of its own, where nothing is left behind.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_on_a_full_disk_loses_nothing() {
    const MOUNTED: &str = "STORAGE_TEST_SMALL_DISK";
    if let Some(root) = std::env::var_os(MOUNTED) {
        let folder = storage::folder::Folder::open(std::path::PathBuf::from(&root)).unwrap();
        fill(&folder).await;
        let staged = std::fs::read_dir(std::path::Path::new(&root).join(".staging"))
            .unwrap()
            .count();
        assert_eq!(staged, 0, "refused writes leave nothing behind");
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let script = r#"mount -t tmpfs -o size=1m none "$1" && "$2" a_folder_on_a_full_disk_loses_nothing --exact"#;
    let output = std::process::Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
        ])
        .arg(root.path())
        .arg(std::env::current_exe().unwrap())
        .env(MOUNTED, root.path())
        .output()
        .expect("needs `unshare` of util-linux, to mount a small disk");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "in a user and mount namespace of its own:\n{said}"
    );
}
