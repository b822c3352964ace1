//! Several processes share one folder, and some are killed.
//!
//! A test starts its own binary again, with only itself to run and the folder in a variable: then it is one of the others.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    path::{Path as FsPath, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use bytes::Bytes;
use storage::{
    Blobs, Error, Path, PutMode,
    folder::Folder,
    json::{self, Change, Created},
};

/// The folder to share, if this process is one of the others.
const SHARED: &str = "STORAGE_TEST_SHARED_FOLDER";
const OTHERS: u64 = 3;
const ROUNDS: u64 = 60;

fn shared() -> Option<Folder> {
    std::env::var_os(SHARED).map(|root| Folder::open(PathBuf::from(root)).unwrap())
}

fn start(test: &str, root: &FsPath) -> Child {
    let mut other = Command::new(std::env::current_exe().unwrap());
    other
        .args([test, "--exact", "--nocapture"])
        .env(SHARED, root)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Runs `test` in some other processes at once, to their good end.
fn run_others(test: &str, root: &FsPath) {
    let others: Vec<Child> = (0..OTHERS).map(|_| start(test, root)).collect();
    for mut other in others {
        assert!(
            other.wait().unwrap().success(),
            "another process failed, see above"
        );
    }
}

fn path(text: impl Into<String>) -> Path {
    Path::parse(text).unwrap()
}

/// The object's bytes, each the same and as many as `state` makes of one: else it is torn.
async fn whole(folder: &Folder, at: &Path) -> u8 {
    let bytes = folder.get(at, None).await.unwrap().bytes().await.unwrap();
    assert!(bytes == state(bytes[0]), "torn: {} bytes", bytes.len());
    bytes[0]
}

fn state(number: u8) -> Bytes {
    vec![number; 600_000 + 1000 * usize::from(number)].into()
}

#[tokio::test]
async fn processes_that_count_by_compare_and_swap_lose_nothing() {
    let at = path("a/count.json");
    if let Some(folder) = shared() {
        for _ in 0..ROUNDS {
            let raise = |count: &mut u64| -> Result<_, Error> {
                *count += 1;
                Ok(Change::Write(()))
            };
            json::update(&folder, &at, raise).await.unwrap();
        }
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::open(root.path()).unwrap();
    json::create(&folder, &at, &0_u64).await.unwrap();
    run_others(
        "processes_that_count_by_compare_and_swap_lose_nothing",
        root.path(),
    );
    assert_eq!(
        json::read::<u64>(&folder, &at).await.unwrap().unwrap().0,
        OTHERS * ROUNDS
    );
}

#[tokio::test]
async fn processes_that_race_for_slots_own_each_once() {
    if let Some(folder) = shared() {
        let me = std::process::id().to_string();
        for slot in 0..ROUNDS {
            let created =
                json::create_or_read(&folder, &path(format!("slots/{slot}")), me.clone().into())
                    .await
                    .unwrap();
            if created == Created::New {
                // Its own folder, so that nothing but the slots is raced for.
                folder
                    .put(
                        &path(format!("owned/{me}/{slot}")),
                        Bytes::new(),
                        PutMode::Create,
                    )
                    .await
                    .unwrap();
            }
        }
        return;
    }
    let root = tempfile::tempdir().unwrap();
    run_others("processes_that_race_for_slots_own_each_once", root.path());
    let folder = Folder::open(root.path()).unwrap();
    let owned = folder
        .list(Some(&path("owned")), None, 1_000)
        .await
        .unwrap()
        .entries;
    let mut slots: Vec<u64> = owned
        .iter()
        .map(|entry| entry.path.name().parse().unwrap())
        .collect();
    slots.sort_unstable();
    assert_eq!(slots, Vec::from_iter(0..ROUNDS));
}

#[tokio::test]
async fn processes_that_write_and_delete_never_take_the_folder_from_under_another() {
    if let Some(folder) = shared() {
        let at = path(format!("a/b/c/{}", std::process::id()));
        for round in 0..ROUNDS {
            folder
                .put(&at, round.to_string().into(), PutMode::Create)
                .await
                .unwrap();
            assert_eq!(
                folder.get(&at, None).await.unwrap().bytes().await.unwrap(),
                round.to_string()
            );
            folder.delete(&at).await.unwrap();
        }
        return;
    }
    let root = tempfile::tempdir().unwrap();
    run_others(
        "processes_that_write_and_delete_never_take_the_folder_from_under_another",
        root.path(),
    );
    let left = Folder::open(root.path())
        .unwrap()
        .list(None, None, 10)
        .await
        .unwrap();
    assert!(left.entries.is_empty());
    assert!(!root.path().join("a").exists(), "empty folders are removed");
}

#[tokio::test]
async fn a_writer_that_is_killed_leaves_the_old_object_or_the_new_one() {
    let at = path("a/b");
    if let Some(folder) = shared() {
        for number in (0..=u8::MAX).cycle() {
            folder
                .put(&at, state(number), PutMode::Overwrite)
                .await
                .unwrap();
        }
    }
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::open(root.path()).unwrap();
    folder.put(&at, state(0), PutMode::Overwrite).await.unwrap();
    let (mut seen, mut left_behind) = (Vec::new(), 0);
    for round in 0..25 {
        let mut writer = start(
            "a_writer_that_is_killed_leaves_the_old_object_or_the_new_one",
            root.path(),
        );
        let before = folder.head(&at).await.unwrap().version;
        while folder.head(&at).await.unwrap().version == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(700 * round)).await;
        writer.kill().unwrap();
        writer.wait().unwrap();
        seen.push(whole(&folder, &at).await);
        let staged = || {
            std::fs::read_dir(root.path().join(".staging"))
                .unwrap()
                .count()
        };
        left_behind += staged();
        // The lock that it may have held is free, and what it left half-written goes when the folder is opened.
        let folder = Folder::open(root.path()).unwrap();
        assert_eq!(staged(), 0);
        folder.put(&at, state(0), PutMode::Overwrite).await.unwrap();
        assert_eq!(whole(&folder, &at).await, 0);
    }
    seen.dedup();
    assert!(
        seen.len() > 3,
        "writers were killed at many a moment: {seen:?}"
    );
    assert!(
        left_behind > 0,
        "no writer was killed in the midst of a write"
    );
}
