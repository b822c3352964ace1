//! What only a folder can meet: links, other programs' files, roots of every kind.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures::{StreamExt, stream};
use storage::{Blobs, Error, Path, PutMode, folder::Folder};
use tempfile::TempDir;

fn open() -> (TempDir, Folder) {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::open(root.path()).unwrap();
    (root, folder)
}

fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}

async fn put(folder: &Folder, at: &str) -> Result<(), Error> {
    folder
        .put(&path(at), "ours".into(), PutMode::Overwrite)
        .await
        .map(drop)
}

async fn names(folder: &Folder) -> Vec<String> {
    let page = folder.list(None, None, 100).await.unwrap();
    page.entries
        .into_iter()
        .map(|entry| entry.path.to_string())
        .collect()
}

#[tokio::test]
async fn a_root_is_made_with_the_folders_above_it() {
    let above = tempfile::tempdir().unwrap();
    let root = above.path().join("a/b");
    put(&Folder::open(&root).unwrap(), "c/d").await.unwrap();
    assert_eq!(fs::read(root.join("c/d")).unwrap(), b"ours");
}

#[test]
fn a_root_that_cannot_be_used_is_refused_by_name() {
    let above = tempfile::tempdir().unwrap();
    let file = above.path().join("file");
    fs::write(&file, "x").unwrap();
    // `/proc` is a folder in which not even root can make anything.
    for root in [
        file.clone(),
        file.join("below"),
        PathBuf::from("/proc/self"),
    ] {
        let sentence = Folder::open(&root).unwrap_err().to_string();
        assert!(
            sentence.starts_with(&format!("{} cannot be used as storage: ", root.display())),
            "{sentence}"
        );
    }
}

#[tokio::test]
async fn links_are_never_followed() {
    let (root, folder) = open();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("file"), "theirs").unwrap();
    std::os::unix::fs::symlink(outside.path(), root.path().join("folder")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("file"), root.path().join("link")).unwrap();

    for at in ["folder/file", "folder/new"] {
        assert!(
            matches!(put(&folder, at).await, Err(Error::Unavailable(_))),
            "{at}"
        );
        assert!(
            matches!(folder.get(&path(at), None).await, Err(Error::NotFound(_))),
            "{at}"
        );
        folder.delete(&path(at)).await.unwrap();
    }
    assert!(matches!(
        folder.get(&path("link"), None).await,
        Err(Error::NotFound(_))
    ));
    assert!(names(&folder).await.is_empty());
    // A write to the link's own name replaces the link.
    put(&folder, "link").await.unwrap();

    assert_eq!(names(&folder).await, ["link"]);
    assert_eq!(fs::read(outside.path().join("file")).unwrap(), b"theirs");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn files_of_other_programs_are_left_alone() {
    let (root, folder) = open();
    put(&folder, "a/b").await.unwrap();
    for foreign in [".hidden", "a/with space", "a/.part", "ä", "a/b~"] {
        fs::write(root.path().join(foreign), "theirs").unwrap();
    }
    fs::create_dir(root.path().join("with space")).unwrap();
    fs::write(root.path().join("with space/c"), "theirs").unwrap();
    assert_eq!(names(&folder).await, ["a/b"]);
    folder.delete(&path("a/b")).await.unwrap();
    assert!(root.path().join("a/with space").exists());
}

#[tokio::test]
async fn an_object_and_a_folder_do_not_share_a_name() {
    let (_root, folder) = open();
    put(&folder, "a/b").await.unwrap();
    for mode in [PutMode::Overwrite, PutMode::Create] {
        assert!(matches!(
            folder.put(&path("a"), "x".into(), mode).await,
            Err(Error::Unavailable(_))
        ));
    }
    assert!(matches!(
        put(&folder, "a/b/c").await,
        Err(Error::Unavailable(_))
    ));
    assert_eq!(names(&folder).await, ["a/b"]);
}

#[tokio::test]
async fn nothing_is_left_staged() {
    let (root, folder) = open();
    let staged = || fs::read_dir(root.path().join(".staging")).unwrap().count();
    put(&folder, "a/b").await.unwrap();
    assert!(
        folder
            .put(&path("a/b"), "x".into(), PutMode::Create)
            .await
            .is_err()
    );
    folder.copy(&path("a/b"), &path("c")).await.unwrap();
    let piece = || Ok(Bytes::from(vec![0; 2_000_000]));
    let broken = stream::iter([piece(), Err(std::io::Error::other("broken"))]).boxed();
    assert!(folder.put_stream(&path("d"), broken).await.is_err());
    let (at, endless) = (
        path("d"),
        stream::iter([piece()]).chain(stream::pending()).boxed(),
    );
    let dropped = tokio::time::timeout(Duration::from_millis(200), folder.put_stream(&at, endless));
    assert!(dropped.await.is_err());
    // The file of a stream that failed is removed behind the caller's back.
    for _ in 0..100 {
        if staged() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    assert_eq!(staged(), 0);
    assert_eq!(names(&folder).await, ["a/b", "c"]);
}

#[tokio::test]
async fn states_are_told_apart_although_the_clock_went_back() {
    let (root, folder) = open();
    let at = path("a/b");
    put(&folder, "a/b").await.unwrap();
    // As if written before the clock was put back by an hour.
    let future = SystemTime::now() + Duration::from_secs(3600);
    let file = fs::File::options()
        .write(true)
        .open(root.path().join("a/b"))
        .unwrap();
    file.set_modified(future).unwrap();
    let mut last = folder.head(&at).await.unwrap();
    for round in 0..6 {
        if round % 2 == 1 {
            folder.delete(&at).await.unwrap();
        }
        put(&folder, "a/b").await.unwrap();
        let next = folder.head(&at).await.unwrap();
        assert!(
            next.modified > last.modified && next.version != last.version,
            "{last:?}, then {next:?}"
        );
        last = next;
    }
}
