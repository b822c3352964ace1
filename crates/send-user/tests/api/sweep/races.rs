//! Sweeps that race: with each other, with a complete, and with the end of their own process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use send_core::sweep::{Sweep, Swept};
use serde_json::json;
use storage::{Blobs, folder::Folder};

use super::{fixtures::*, watched::Watched};
use crate::harness::{Service, claim, content};

fn in_turns() -> Service {
    service(Arc::new(Watched {
        in_turns: true,
        ..Watched::default()
    }))
}

/// One of each kind that a sweep has to do with, a day and more old; the first two must stay.
async fn one_of_each(service: &Service) {
    completed(service, 1, json!({})).await;
    sent(service, 1, json!({ "expires_in": 7 * DAY })).await;
    uploaded(service, 2, json!({ "expires_in": 7 * DAY })).await;
    arrived(service, 3, json!({})).await;
    sent(service, 4, json!({ "expires_in": 60 })).await;
    let wipe = json!({ "expires_in": 7 * DAY, "downloads": 1, "wipe": true });
    let wipe = sent(service, 5, wipe).await;
    service.claim(&wipe, 1).ok().await;
    let past = completed(service, 6, json!({ "max_downloads": 1 })).await;
    service
        .get(format!("/api/transfers/download/{past}"))
        .ok()
        .await;
    change(service, &past, json!({ "created_at": 1, "expires_at": 2 })).await;
    let folder = generation_of(service, "000000000001").await;
    put(service, &format!("{folder}/incoming/0707070707070707")).await;
    service.wait_seconds(DAY + 60);
}

/// What is left of them when all has been swept.
async fn assert_swept(service: &Service) {
    assert_eq!(
        kept(service, "000000000001").await,
        ["payload", "meta.json"]
    );
    assert_eq!(kept(service, "01".repeat(16)).await, WHOLE);
    for gone in ["02".repeat(16), "000000000003".into(), "04".repeat(16)] {
        assert_eq!(kept(service, gone).await, ["meta.json"]);
    }
    let wiped = kept(service, "05".repeat(16)).await;
    assert_eq!(wiped, ["claims", "slots/000", "meta.json"]);
    assert_eq!(stored(service).await.len(), 11);
}

#[tokio::test]
async fn sweeps_at_once_do_the_same_as_one_and_one_of_them_buries() {
    for round in 0..40 {
        let service = in_turns();
        one_of_each(&service).await;
        let sweeps: Vec<_> = (0..4).map(|_| sweep_of(&service)).collect();
        let all = join_all(sweeps.iter().map(|sweep| sweep.all())).await;
        let all: Vec<_> = all.into_iter().map(Result::unwrap).collect();
        let sum = |of: fn(&Swept) -> u64| all.iter().map(of).sum::<u64>();
        assert_eq!(sum(|swept| swept.tombstones), 1, "round {round}: {all:?}");
        assert_eq!(sum(|swept| swept.abandoned), 2, "round {round}: {all:?}");
        assert_eq!(sum(|swept| swept.failures), 0, "round {round}: {all:?}");
        assert_swept(&service).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sweeps_at_once_share_a_folder() {
    for _ in 0..8 {
        let folder = tempfile::tempdir().unwrap();
        let service = service(Arc::new(Folder::open(folder.path()).unwrap()));
        one_of_each(&service).await;
        let sweeps = (0..4).map(|_| {
            let blobs = Arc::new(Folder::open(folder.path()).unwrap());
            let sweep = Sweep::new(blobs, service.clock(), limits());
            tokio::spawn(async move { sweep.all().await.unwrap() })
        });
        let all: Vec<_> = join_all(sweeps)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let tombstones = all.iter().map(|swept| swept.tombstones).sum::<u64>();
        let failures = all.iter().map(|swept| swept.failures).sum::<u64>();
        assert_eq!((tombstones, failures), (1, 0), "{all:?}");
        assert_swept(&service).await;
    }
}

/// A sweep that stood still while another took over, and while the id was taken again.
#[tokio::test]
async fn who_comes_too_late_removes_nothing() {
    let blobs = Arc::new(Watched {
        answers: Some(AtomicI64::new(i64::MAX)),
        ..Watched::default()
    });
    let service = service(blobs.clone());
    let id = completed(&service, 1, json!({ "max_downloads": 1 })).await;
    service
        .get(format!("/api/transfers/download/{id}"))
        .ok()
        .await;
    service.wait_seconds(31 * DAY);
    // The mark is written, the first removal waits.
    blobs.answers.as_ref().unwrap().store(1, Ordering::SeqCst);
    let late = sweep_of(&service);
    let late = tokio::spawn(async move { late.all().await.unwrap() });
    while blobs.answers.as_ref().unwrap().load(Ordering::SeqCst) >= 0 {
        tokio::task::yield_now().await;
    }
    assert!(swept(&service).await.is_nothing());
    service.wait_seconds(600);
    assert_eq!(swept(&service).await.tombstones, 1);
    completed(&service, 1, json!({})).await;
    blobs.release.notify_one();
    assert_eq!(late.await.unwrap().tombstones, 0);
    let download = service
        .get(format!("/api/transfers/download/{id}"))
        .ok()
        .await;
    assert_eq!(download.body, "ciphertext");
}

/// Stops a sweep at each of its writes and removals; the next one finishes, at the latest when it may take over.
#[tokio::test]
async fn a_sweep_that_ends_half_way_is_finished_by_the_next() {
    let mut ends = 0;
    for answers in 0.. {
        let memory = in_turns();
        one_of_each(&memory).await;
        let stuck = Watched {
            answers: Some(AtomicI64::new(answers)),
            ..Watched::default()
        };
        copy(&memory, &stuck).await;
        let stuck = Arc::new(stuck);
        let sweep = Sweep::new(stuck.clone(), memory.clock(), limits());
        let ended = tokio::time::timeout(Duration::from_millis(50), sweep.all()).await;
        if ended.is_ok() {
            break;
        }
        ends += 1;
        let after = service(stuck);
        after.wait_seconds(DAY + 60 + 600);
        swept(&after).await;
        assert_swept(&after).await;
    }
    assert!(ends > 10, "{ends} ends");
}

async fn copy(from: &Service, to: &Watched) {
    for path in stored(from).await {
        let path = storage::Path::parse(path).unwrap();
        let bytes = from
            .blobs
            .get(&path, None)
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
        to.memory
            .put(&path, bytes, storage::PutMode::Create)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_send_that_is_completed_while_it_is_abandoned_is_whole_or_gone() {
    let (mut whole, mut gone) = (0, 0);
    for _ in 0..300 {
        let service = in_turns();
        let keys = uploaded(&service, 1, json!({ "expires_in": 7 * DAY })).await;
        service.wait_seconds(DAY + 60);
        let complete = service.post(keys.path("/complete")).token(keys.owner());
        let sweep = sweep_of(&service);
        let (reply, swept) = tokio::join!(complete.await_reply(), sweep.all());
        let abandoned = swept.unwrap().abandoned;
        if reply.status == 200 {
            assert_eq!(abandoned, 0);
            service.claim(&keys, 1).ok().await;
            let part = service
                .get(keys.path("/parts/0"))
                .token(claim(1))
                .ok()
                .await;
            assert_eq!(part.body, content(crate::harness::ONE_PART));
            service
                .get(keys.path("/manifest"))
                .token(keys.reader())
                .ok()
                .await;
            whole += 1;
        } else {
            // 409 where the parts went while they were looked for.
            assert!([409, 410].contains(&reply.status.as_u16()), "{reply}");
            let again = service.post(keys.path("/complete")).token(keys.owner());
            assert_eq!((again.refused().await.0, abandoned), (410, 1));
            assert_eq!(kept(&service, keys.id).await, ["meta.json"]);
            gone += 1;
        }
    }
    assert!(whole > 0 && gone > 0, "{whole} whole, {gone} gone");
}

#[tokio::test]
async fn a_transfer_that_is_completed_while_it_is_abandoned_is_whole_or_gone() {
    let (mut whole, mut gone) = (0, 0);
    for _ in 0..300 {
        let service = in_turns();
        let id = arrived(&service, 1, json!({})).await;
        service.wait_seconds(DAY + 60);
        let complete = service.post(format!("/api/transfers/complete/{id}"));
        let sweep = sweep_of(&service);
        let (reply, swept) = tokio::join!(complete.await_reply(), sweep.all());
        let abandoned = swept.unwrap().abandoned;
        if reply.status == 200 {
            assert_eq!(abandoned, 0);
            let download = service
                .get(format!("/api/transfers/download/{id}"))
                .ok()
                .await;
            assert_eq!(download.body, "ciphertext");
            whole += 1;
        } else {
            assert_eq!((reply.status.as_u16(), abandoned), (404, 1));
            assert_eq!(kept(&service, &id).await, ["meta.json"]);
            gone += 1;
        }
    }
    assert!(whole > 0 && gone > 0, "{whole} whole, {gone} gone");
}

#[tokio::test]
async fn an_id_that_is_taken_again_while_it_is_forgotten_is_there_or_free() {
    let (mut there, mut free) = (0, 0);
    for _ in 0..300 {
        // The clock of the storage stays behind: the new record would look a month old.
        let service = service(Arc::new(Watched {
            in_turns: true,
            fresh: Some("meta.json"),
            ..Watched::default()
        }));
        let id = completed(&service, 1, json!({ "max_downloads": 1 })).await;
        service.wait_seconds(31 * DAY);
        let ask = json!({ "transfer_id": id, "allow_recreate": true });
        let again = service.post("/api/transfers/create").json(&ask);
        let sweeps = [sweep_of(&service), sweep_of(&service)];
        let (reply, swept) = tokio::join!(
            again.await_reply(),
            join_all(sweeps.iter().map(|sweep| sweep.all()))
        );
        let forgotten: u64 = swept.into_iter().map(|one| one.unwrap().tombstones).sum();
        if reply.status == 200 {
            let upload = service.post(format!("/api/transfers/upload/{id}"));
            upload.bytes("another").ok().await;
            let complete = service.post(format!("/api/transfers/complete/{id}"));
            complete.ok().await;
            let download = service.get(format!("/api/transfers/download/{id}"));
            assert_eq!(download.ok().await.body, "another");
            there += 1;
        } else {
            assert_eq!((reply.status.as_u16(), forgotten), (409, 1), "{reply}");
            assert!(stored(&service).await.is_empty());
            free += 1;
        }
    }
    assert!(there > 0 && free > 0, "{there} there, {free} free");
}
