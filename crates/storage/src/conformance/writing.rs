//! Promises of `put`, `copy` and `delete`.

use std::{pin::pin, time::Duration};

use futures::{FutureExt, poll};

use super::{Storage, is_absent, names, path, pattern, put, race, read, version};
use crate::{Error, PutMode};

pub(super) async fn an_overwrite_replaces_all(storage: Storage) {
    let at = path("a/b");
    for text in ["first", "a longer second", "3rd", ""] {
        let written = put(&storage, &at, text).await;
        assert_eq!(read(&storage, &at).await, text);
        assert_eq!(version(&storage, &at).await, written);
    }
    assert_eq!(names(&storage, None).await, ["a/b"]);
}

pub(super) async fn a_delete_removes_and_succeeds_again(storage: Storage) {
    let (at, beside) = (path("a/b/c"), path("a/d"));
    put(&storage, &at, "x").await;
    put(&storage, &beside, "y").await;
    for _ in 0..2 {
        storage.delete(&at).await.unwrap();
        assert!(is_absent(&storage, &at).await);
        assert_eq!(names(&storage, None).await, ["a/d"]);
    }
    storage.delete(&path("never/was")).await.unwrap();
    assert_eq!(read(&storage, &beside).await, "y");
    put(&storage, &at, "again").await;
    assert_eq!(read(&storage, &at).await, "again");
}

pub(super) async fn a_copy_replaces_and_leaves_its_source(storage: Storage) {
    let (from, to) = (path("from/a"), path("to/b"));
    let bytes = pattern(300_000);
    let source = put(&storage, &from, bytes.clone()).await;
    for _ in 0..2 {
        storage.copy(&from, &to).await.unwrap();
        assert!(read(&storage, &to).await == bytes);
        assert_eq!(version(&storage, &from).await, source);
        put(&storage, &to, "other").await;
    }
    assert!(read(&storage, &from).await == bytes);
    storage.copy(&from, &from).await.unwrap();
    assert!(read(&storage, &from).await == bytes);
}

pub(super) async fn a_copy_of_nothing_changes_nothing(storage: Storage) {
    let (from, to) = (path("from"), path("to"));
    let before = put(&storage, &to, "kept").await;
    assert!(matches!(storage.copy(&from, &to).await, Err(Error::NotFound(at)) if at == from));
    assert_eq!(version(&storage, &to).await, before);
    assert_eq!(names(&storage, None).await, ["to"]);
}

pub(super) async fn every_checked_path_can_be_written(storage: Storage) {
    let letters: String = (b'!'..=b'~')
        .map(char::from)
        .filter(|c| c.is_ascii_alphanumeric() || "_.=-".contains(*c))
        .collect();
    let deep = vec!["d"; 200].join("/");
    let longest = ["a", "b", "c"].map(|c| c.repeat(255)).join("/");
    for text in [
        format!("x{letters}"),
        deep,
        longest,
        "a..b".into(),
        "=".into(),
        "-rf".into(),
        "CON".into(),
    ] {
        let at = path(text);
        put(&storage, &at, "x").await;
        assert_eq!(read(&storage, &at).await, "x");
        assert_eq!(names(&storage, None).await, [at.as_str()]);
        storage.delete(&at).await.unwrap();
    }
}

pub(super) async fn a_write_beside_a_delete_is_kept(storage: Storage) {
    race(8, |number| {
        let storage = storage.clone();
        async move {
            let at = path(format!("a/b/c/{number}"));
            for round in 0..40 {
                let text = round.to_string();
                put(&storage, &at, text.clone()).await;
                assert_eq!(read(&storage, &at).await, text);
                storage.delete(&at).await.unwrap();
            }
        }
    })
    .await;
    assert!(names(&storage, None).await.is_empty());
}

pub(super) async fn a_dropped_write_is_whole_or_not_there(storage: Storage) {
    let bytes = pattern(2_000_000);
    for number in 0..10 {
        let at = path(format!("dropped/{number}"));
        {
            let mut write = pin!(storage.put(&at, bytes.clone(), PutMode::Create).fuse());
            // Begun, then dropped with the scope.
            let _ = poll!(&mut write);
        }
        tokio::time::sleep(Duration::from_millis(number)).await;
        match storage.get(&at, None).await {
            Ok(blob) => assert!(blob.bytes().await.unwrap() == bytes),
            Err(error) => assert!(matches!(error, Error::NotFound(_)), "{error}"),
        }
    }
}
