//! Tombstones go last, and by one sweep alone.

use serde_json::json;

use super::fixtures::*;
use crate::harness::{Keys, Service};

/// After this a transfer that was created at the beginning is forgotten.
const FORGOTTEN: u64 = 31 * DAY;

async fn reported(service: &Service, n: u8) -> Keys {
    let keys = sent(service, n, json!({ "expires_in": DAY, "downloads": 2 })).await;
    service.claim(&keys, 1).ok().await;
    let report = service.post(keys.path("/report")).token(keys.reader());
    report.json(&json!({ "reason": "spam" })).ok().await;
    keys
}

#[tokio::test]
async fn a_tombstone_goes_with_all_there_is_of_it() {
    on_both(async |service| {
        let keys = reported(service, 1).await;
        let transfer = completed(service, 1, json!({ "max_downloads": 1 })).await;
        service
            .get(format!("/api/transfers/download/{transfer}"))
            .ok()
            .await;
        service.delete(keys.path("")).token(keys.owner()).ok().await;
        service.wait_seconds(60);
        let younger = sent(service, 2, json!({ "expires_in": DAY })).await;
        service.wait_seconds(FORGOTTEN - 120);
        swept(service).await;
        let tombstone = ["000", "claims", "slots/000", "meta.json"];
        assert_eq!(kept(service, keys.id).await, tombstone);
        service.wait_seconds(60);
        let last = swept(service).await;
        assert_eq!((last.tombstones, last.objects), (2, 4 + 2 + 2));
        assert_eq!(stored(service).await, [record_of(younger.id).to_string()]);
        assert_eq!(indexed(service).await, [younger.id.to_string()]);
        sent(service, 1, json!({})).await;
    })
    .await;
}

#[tokio::test]
async fn what_may_still_be_read_is_never_forgotten() {
    on_both(async |service| {
        let keys = sent(service, 1, json!({ "expires_in": 30 * DAY })).await;
        change(service, keys.id, json!({ "created_at": 1 })).await;
        assert!(swept(service).await.is_nothing());
        service.claim(&keys, 1).ok().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_takes_an_id_whose_tombstone_is_being_removed() {
    on_both(async |service| {
        let keys = reported(service, 1).await;
        let transfer = completed(service, 1, json!({})).await;
        service.wait_seconds(FORGOTTEN);
        // By another, just now.
        let by = json!({ "at": service.clock().now(), "by": "0707070707070707" });
        change(service, keys.id, json!({ "removing": by })).await;
        change(service, &transfer, json!({ "removing": by })).await;
        assert!(swept(service).await.is_nothing());
        let send = service.post("/api/v1/sends").json(&keys.create(json!({})));
        assert_eq!(send.refused().await.0, 409);
        for recreate in [false, true] {
            let ask = json!({ "transfer_id": transfer, "allow_recreate": recreate });
            let create = service.post("/api/transfers/create").json(&ask);
            assert_eq!(create.refused().await.0, 409);
        }
        let state = service.get(keys.path("")).token(keys.link());
        assert_eq!(state.refused().await, (410, "expired".into()));

        service.wait_seconds(599);
        assert!(swept(service).await.is_nothing());
        service.wait_seconds(1);
        assert_eq!(swept(service).await.tombstones, 2);
        assert!(stored(service).await.is_empty());
        completed(service, 1, json!({})).await;
    })
    .await;
}

#[tokio::test]
async fn an_id_that_was_taken_again_meanwhile_is_not_forgotten() {
    on_both(async |service| {
        let id = completed(service, 1, json!({})).await;
        service.wait_seconds(FORGOTTEN);
        let ask = json!({ "transfer_id": id, "allow_recreate": true });
        service.post("/api/transfers/create").json(&ask).ok().await;
        // The record is as old as the storage's clock, and the new transfer pending: it is abandoned, not forgotten.
        let swept = swept(service).await;
        assert_eq!((swept.tombstones, swept.abandoned), (0, 1));
    })
    .await;
}
