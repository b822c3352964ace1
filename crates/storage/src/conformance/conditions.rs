//! Promises of `Create` and `Update`, and of versions.

use bytes::Bytes;
use futures::{StreamExt, stream};

use super::{CROWD, Storage, is_absent, path, put, race, read, version};
use crate::{Error, PutMode, Version};

pub(super) async fn a_create_happens_once(storage: Storage) {
    let at = path("a/b");
    let created = storage
        .put(&at, "first".into(), PutMode::Create)
        .await
        .unwrap();
    for _ in 0..2 {
        let again = storage.put(&at, "second".into(), PutMode::Create).await;
        assert!(matches!(again, Err(Error::AlreadyExists(there)) if there == at));
    }
    assert_eq!(read(&storage, &at).await, "first");
    assert_eq!(version(&storage, &at).await, created);
    storage.delete(&at).await.unwrap();
    storage
        .put(&at, "third".into(), PutMode::Create)
        .await
        .unwrap();
    assert_eq!(read(&storage, &at).await, "third");
}

pub(super) async fn an_update_needs_the_state_that_is_there(storage: Storage) {
    let at = path("a/b");
    let update = async |bytes: &'static str, from: &Version| {
        storage
            .put(&at, bytes.into(), PutMode::Update(from.clone()))
            .await
    };

    let first = put(&storage, &at, "first").await;
    let second = update("second", &first).await.unwrap();
    assert_eq!(version(&storage, &at).await, second);
    assert!(matches!(update("late", &first).await, Err(Error::Precondition(there)) if there == at));
    assert_eq!(read(&storage, &at).await, "second");

    storage.delete(&at).await.unwrap();
    assert!(matches!(
        update("gone", &second).await,
        Err(Error::Precondition(_))
    ));
    assert!(is_absent(&storage, &at).await);

    put(&storage, &at, "third").await;
    assert!(matches!(
        update("late again", &second).await,
        Err(Error::Precondition(_))
    ));
    assert_eq!(read(&storage, &at).await, "third");
}

/// Whichever way the bytes come to be there.
pub(super) async fn other_bytes_have_another_version(storage: Storage) {
    let (at, source) = (path("a/b"), path("source"));
    let mut seen: Vec<Version> = Vec::new();
    for round in 0..100 {
        let bytes = Bytes::from(format!("round {round}"));
        match round % 5 {
            0 => {
                put(&storage, &source, bytes).await;
                storage.copy(&source, &at).await.unwrap();
            }
            1 => {
                let stream = stream::iter([Ok(bytes)]).boxed();
                storage.put_stream(&at, stream).await.unwrap();
            }
            2 => {
                let there = PutMode::Update(version(&storage, &at).await);
                storage.put(&at, bytes, there).await.unwrap();
            }
            3 => {
                storage.delete(&at).await.unwrap();
                storage.put(&at, bytes, PutMode::Create).await.unwrap();
            }
            _ => drop(put(&storage, &at, bytes).await),
        }
        let written = version(&storage, &at).await;
        assert!(!seen.contains(&written), "{written:?} was seen before");
        seen.push(written);
    }
}

pub(super) async fn of_many_who_create_one_path_exactly_one_wins(storage: Storage) {
    for round in 0..5 {
        let at = path(format!("a/{round}/b"));
        let winners = race(CROWD, |number| {
            let (storage, at) = (storage.clone(), at.clone());
            async move {
                match storage
                    .put(&at, number.to_string().into(), PutMode::Create)
                    .await
                {
                    Ok(_) => Some(number),
                    Err(error) => {
                        assert!(matches!(error, Error::AlreadyExists(_)), "{error}");
                        None
                    }
                }
            }
        })
        .await;
        let winners: Vec<usize> = winners.into_iter().flatten().collect();
        assert_eq!(winners.len(), 1);
        assert_eq!(read(&storage, &at).await, winners[0].to_string());
    }
}

pub(super) async fn of_many_who_update_one_state_exactly_one_wins(storage: Storage) {
    let at = path("a/b");
    let mut state = put(&storage, &at, "start").await;
    for round in 0..5 {
        let winners = race(CROWD, |number| {
            let (storage, at, from) = (storage.clone(), at.clone(), state.clone());
            async move {
                match storage
                    .put(
                        &at,
                        format!("{round} {number}").into(),
                        PutMode::Update(from),
                    )
                    .await
                {
                    Ok(written) => Some((number, written)),
                    Err(error) => {
                        assert!(matches!(error, Error::Precondition(_)), "{error}");
                        None
                    }
                }
            }
        })
        .await;
        let winners: Vec<(usize, Version)> = winners.into_iter().flatten().collect();
        assert_eq!(winners.len(), 1);
        assert_eq!(
            read(&storage, &at).await,
            format!("{round} {}", winners[0].0)
        );
        state = version(&storage, &at).await;
        assert_eq!(state, winners[0].1);
    }
}
