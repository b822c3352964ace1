//! What a sweep ends and removes, and what must stay beside it.

mod debris;
mod fixtures;
mod pages;
mod races;
mod runs;
mod tombstones;
mod watched;

use std::{sync::Arc, time::Duration};

use send_core::chores;
use serde_json::json;
use storage::{PutMode, memory::Memory};

use crate::harness::claim;
use fixtures::*;
use watched::Watched;

const HOUR: u64 = 3_600;

#[tokio::test]
async fn an_upload_that_nobody_goes_on_with_ends_after_a_day() {
    on_both(async |service| {
        let live = sent(service, 1, json!({ "expires_in": 7 * DAY })).await;
        let keys = uploaded(service, 2, json!({ "expires_in": 7 * DAY })).await;
        service.wait_seconds(24 * HOUR - 60);
        assert!(swept(service).await.is_nothing());
        assert_eq!(kept(service, keys.id).await, WHOLE);
        service.wait_seconds(120);
        let swept = swept(service).await;
        assert_eq!((swept.looked_at, swept.abandoned, swept.objects), (2, 1, 2));
        assert_eq!(kept(service, keys.id).await, ["meta.json"]);
        assert_eq!(kept(service, live.id).await, WHOLE);
        for path in ["/parts/0", "/manifest"] {
            let late = service
                .put(keys.path(path))
                .token(keys.owner())
                .bytes("late");
            assert_eq!(late.refused().await, (410, "expired".into()));
        }
    })
    .await;
}

#[tokio::test]
async fn an_upload_of_the_originals_routes_ends_after_a_day_too() {
    on_both(async |service| {
        let live = completed(service, 1, json!({})).await;
        let id = arrived(service, 2, json!({})).await;
        let expired = arrived(service, 3, json!({ "expires_at": 1 })).await;
        assert!(
            swept(service).await.is_nothing(),
            "an expired one may still be completed"
        );
        service.wait_seconds(DAY + 60);
        let swept = swept(service).await;
        assert_eq!((swept.abandoned, swept.objects), (2, 2));
        for id in [&id, &expired] {
            assert_eq!(kept(service, id).await, ["meta.json"]);
            for route in ["upload", "complete"] {
                let late = service
                    .post(format!("/api/transfers/{route}/{id}"))
                    .bytes("late");
                assert_eq!(late.await_reply().await.status, 404);
            }
        }
        let download = service
            .get(format!("/api/transfers/download/{live}"))
            .ok()
            .await;
        assert_eq!(download.body, "ciphertext");
    })
    .await;
}

#[tokio::test]
async fn one_young_object_keeps_an_upload_alive() {
    for folder in ["parts", "manifests", "meta.json"] {
        let blobs = Watched {
            fresh: Some(folder),
            ..Watched::default()
        };
        let service = service(Arc::new(blobs));
        let keys = uploaded(&service, 1, json!({ "expires_in": 7 * DAY })).await;
        service.wait_seconds(2 * DAY);
        assert!(swept(&service).await.is_nothing(), "{folder}");
        service
            .post(keys.path("/complete"))
            .token(keys.owner())
            .ok()
            .await;
    }
}

#[tokio::test]
async fn the_ciphertext_of_what_is_gone_goes_and_its_tombstone_stays() {
    on_both(async |service| {
        let live = sent(service, 9, json!({ "expires_in": 7 * DAY })).await;
        let mut sends = Vec::new();
        for (n, state) in [
            (1, "completed"),
            (2, "deleted"),
            (3, "taken_down"),
            (4, "exhausted"),
        ] {
            let keys = sent(service, n, json!({ "expires_in": DAY, "downloads": 2 })).await;
            service.claim(&keys, 1).ok().await;
            change(service, keys.id, json!({ "state": state })).await;
            sends.push(keys);
        }
        let first = swept(service).await;
        assert_eq!((first.payloads, first.objects), (3, 6));
        assert_eq!(kept(service, sends[0].id).await.len(), 5, "not expired yet");
        service.wait_seconds(DAY);
        let then = swept(service).await;
        assert_eq!((then.payloads, then.objects), (1, 2));
        for (keys, reason) in sends
            .iter()
            .zip(["expired", "deleted", "taken_down", "expired"])
        {
            assert_eq!(
                kept(service, keys.id).await,
                ["claims", "slots/000", "meta.json"]
            );
            let state = service.get(keys.path("")).token(keys.link());
            assert_eq!(state.refused().await, (410, reason.into()));
        }
        assert_eq!(kept(service, live.id).await, WHOLE);
    })
    .await;
}

#[tokio::test]
async fn the_payload_of_the_originals_routes_goes_and_its_count_stays() {
    on_both(async |service| {
        let live = completed(service, 1, json!({})).await;
        let id = completed(service, 2, json!({})).await;
        service
            .get(format!("/api/transfers/download/{id}"))
            .ok()
            .await;
        change(service, &id, json!({ "expires_at": 1 })).await;
        let swept = swept(service).await;
        assert_eq!((swept.payloads, swept.objects), (1, 1));
        assert_eq!(kept(service, &id).await, ["count.json", "meta.json"]);
        assert_eq!(kept(service, &live).await, ["payload", "meta.json"]);
    })
    .await;
}

#[tokio::test]
async fn a_wipe_send_goes_when_every_download_is_taken_and_over() {
    on_both(async |service| {
        let terms = json!({ "expires_in": 7 * DAY, "downloads": 2, "wipe": true });
        let (taken, half) = (
            sent(service, 1, terms.clone()).await,
            sent(service, 2, terms).await,
        );
        let plain = sent(service, 3, json!({ "expires_in": 7 * DAY, "downloads": 1 })).await;
        for (keys, n) in [(&taken, 1), (&taken, 2), (&half, 1), (&plain, 1)] {
            service.claim(keys, n).ok().await;
        }
        service
            .delete(taken.path("/claim"))
            .token(claim(1))
            .ok()
            .await;
        assert!(
            swept(service).await.is_nothing(),
            "one of the two is not over"
        );
        service.wait_seconds(24 * HOUR);
        let swept = swept(service).await;
        assert_eq!((swept.payloads, swept.objects), (1, 2));
        let tombstone = ["claims", "claims", "slots/000", "slots/001", "meta.json"];
        assert_eq!(kept(service, taken.id).await, tombstone);
        let state = service.get(taken.path("")).token(taken.link());
        assert_eq!(state.refused().await, (410, "exhausted".into()));
        for keys in [&half, &plain] {
            assert!(kept(service, keys.id).await.contains(&"parts/00000".into()));
        }
    })
    .await;
}

#[tokio::test]
async fn what_fails_does_not_stop_the_rest() {
    let service = service(Arc::new(Watched {
        is_closed: true,
        ..Watched::default()
    }));
    let damaged = sent(&service, 1, json!({ "expires_in": 60 })).await;
    let gone = sent(&service, 2, json!({ "expires_in": 60 })).await;
    let path = record_of(damaged.id);
    service
        .blobs
        .put(&path, "{".into(), PutMode::Overwrite)
        .await
        .unwrap();
    service.wait_seconds(60);
    let swept = sweep_of(&service).all().await.unwrap();
    assert_eq!((swept.failures, swept.payloads), (2, 1));
    assert_eq!(kept(&service, damaged.id).await, WHOLE);
    assert_eq!(kept(&service, gone.id).await, ["meta.json"]);
}

#[tokio::test]
async fn a_server_sweeps_by_itself() {
    let service = service(Arc::new(Memory::default()));
    let keys = sent(&service, 1, json!({ "expires_in": 60 })).await;
    let rounds = tokio::spawn(chores::for_ever(
        sweep_of(&service),
        Duration::from_millis(5),
    ));
    service.wait_seconds(60);
    let swept = async {
        while kept(&service, keys.id).await != ["meta.json"] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), swept)
        .await
        .unwrap();
    rounds.abort();
}
