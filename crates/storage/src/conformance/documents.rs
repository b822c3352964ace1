//! Promises of [`crate::json`] on this storage.

use serde::{Deserialize, Serialize};

use super::{CROWD, Storage, path, put, race, read, version};
use crate::{
    Error,
    json::{self, Change, Created},
};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Counter {
    count: usize,
}

#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("no more than that")]
    TooMany,
    #[error(transparent)]
    Storage(#[from] Error),
}

pub(super) async fn many_who_change_a_document_lose_no_change(storage: Storage) {
    let at = path("a/count.json");
    assert_eq!(
        json::create(&*storage, &at, &Counter { count: 0 })
            .await
            .unwrap(),
        Created::New
    );
    let mut answers = race(CROWD, |_| {
        let (storage, at) = (storage.clone(), at.clone());
        async move {
            let raise = |doc: &mut Counter| -> Result<_, Error> {
                doc.count += 1;
                Ok(Change::Write(doc.count))
            };
            json::update(&*storage, &at, raise).await.unwrap()
        }
    })
    .await;
    answers.sort_unstable();
    assert_eq!(answers, Vec::from_iter(1..=CROWD));
    let (doc, there) = json::read::<Counter>(&*storage, &at)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (doc, there),
        (Counter { count: CROWD }, version(&storage, &at).await)
    );
}

pub(super) async fn a_change_may_refuse_or_keep(storage: Storage) {
    let at = path("a/count.json");
    let before = put(&storage, &at, r#"{"count":3}"#).await;
    let refuse = |_: &mut Counter| Err::<Change<()>, _>(Refused::TooMany);
    assert!(matches!(
        json::update(&*storage, &at, refuse).await,
        Err(Refused::TooMany)
    ));
    let keep = |doc: &mut Counter| -> Result<_, Refused> {
        doc.count += 1;
        Ok(Change::Keep(doc.count))
    };
    assert_eq!(json::update(&*storage, &at, keep).await.unwrap(), 4);
    assert_eq!(read(&storage, &at).await, r#"{"count":3}"#);
    assert_eq!(version(&storage, &at).await, before);
}

pub(super) async fn a_document_that_is_not_there_or_damaged_says_so(storage: Storage) {
    let at = path("a/count.json");
    let keep = |_: &mut Counter| -> Result<Change<()>, Error> { Ok(Change::Keep(())) };
    assert!(
        json::read::<Counter>(&*storage, &at)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        matches!(json::update(&*storage, &at, keep).await, Err(Error::NotFound(there)) if there == at)
    );
    for damaged in [
        "",
        "{",
        "null",
        r#"{"count":"my secret"}"#,
        r#"{"count":1}}"#,
    ] {
        put(&storage, &at, damaged).await;
        let error = json::read::<Counter>(&*storage, &at).await.unwrap_err();
        assert!(
            matches!(error, Error::Damaged { .. }) && !error.to_string().contains("my secret"),
            "{error}"
        );
        assert!(matches!(
            json::update(&*storage, &at, keep).await,
            Err(Error::Damaged { .. })
        ));
    }
}

pub(super) async fn of_many_who_want_a_slot_each_slot_has_one_owner(storage: Storage) {
    let owned = race(30, |number| {
        let storage = storage.clone();
        async move {
            for slot in 0..3 {
                let (at, mine) = (path(format!("slots/{slot}")), format!("owner {number}"));
                let created = json::create_or_read(&*storage, &at, mine.clone().into())
                    .await
                    .unwrap();
                if created == Created::New {
                    let again = json::create_or_read(&*storage, &at, mine.into())
                        .await
                        .unwrap();
                    assert_eq!(again, Created::Same);
                    return Some(slot);
                }
                assert_eq!(created, Created::Taken);
            }
            None
        }
    })
    .await;
    let mut owned: Vec<usize> = owned.into_iter().flatten().collect();
    owned.sort_unstable();
    assert_eq!(owned, [0, 1, 2]);
}
