//! What no record names goes after a day.

use std::{sync::Arc, time::Duration};

use send_core::{
    id::TransferId,
    key::{AnyId, IndexEntry},
};
use serde_json::json;

use super::{fixtures::*, watched::Watched};

const A_NONCE: &str = "0707070707070707";

#[tokio::test]
async fn what_a_completed_transfer_does_not_name_goes_after_a_day() {
    on_both(async |service| {
        let id = completed(service, 1, json!({})).await;
        let folder = generation_of(service, &id).await;
        for left in ["payload", "incoming"] {
            put(service, &format!("{folder}/{left}/{A_NONCE}")).await;
        }
        put(service, &format!("{folder}/notes.txt")).await;
        assert!(swept(service).await.is_nothing(), "it may be on its way");
        service.wait_seconds(DAY + 60);
        assert_eq!(swept(service).await.objects, 2);
        assert_eq!(
            kept(service, &id).await,
            ["notes.txt", "payload", "meta.json"]
        );
        let download = service
            .get(format!("/api/transfers/download/{id}"))
            .ok()
            .await;
        assert_eq!(download.body, "ciphertext");
    })
    .await;
}

/// The clock of the storage cannot be set: what keeps the transfer alive here is its record, which is written last.
#[tokio::test]
async fn what_a_pending_transfer_may_still_name_stays() {
    let fresh = Watched {
        fresh: Some("meta.json"),
        ..Watched::default()
    };
    let service = service(Arc::new(fresh));
    let id = arrived(&service, 1, json!({})).await;
    let folder = generation_of(&service, &id).await;
    for left in ["payload", "incoming"] {
        put(&service, &format!("{folder}/{left}/{A_NONCE}")).await;
    }
    service.wait_seconds(DAY + 60);
    assert_eq!(swept(&service).await.objects, 1);
    assert_eq!(
        kept(&service, &id).await,
        ["payload", "payload", "meta.json"]
    );
    service
        .post(format!("/api/transfers/complete/{id}"))
        .ok()
        .await;
}

#[tokio::test]
async fn a_manifest_that_was_replaced_goes_after_a_day() {
    on_both(async |service| {
        let keys = sent(service, 1, json!({ "expires_in": 7 * DAY })).await;
        let folder = generation_of(service, keys.id).await;
        put(service, &format!("{folder}/manifests/{}", "7".repeat(64))).await;
        assert!(swept(service).await.is_nothing());
        service.wait_seconds(DAY + 60);
        assert_eq!(swept(service).await.objects, 1);
        let manifest = service
            .get(keys.path("/manifest"))
            .token(keys.reader())
            .ok()
            .await;
        assert_eq!(manifest.body, "a manifest");
        assert_eq!(kept(service, keys.id).await, WHOLE);
    })
    .await;
}

#[tokio::test]
async fn what_an_earlier_use_of_an_id_has_left_goes_at_once() {
    on_both(async |service| {
        let id = completed(service, 1, json!({})).await;
        let folder = generation_of(service, &id).await;
        let (id_folder, _) = folder.rsplit_once('/').unwrap();
        for left in ["payload/0000000000000000", "slots/000", "count.json"] {
            for generation in ["0000000000000000", "ffffffffffffffff"] {
                put(service, &format!("{id_folder}/{generation}/{left}")).await;
            }
        }
        assert_eq!(swept(service).await.objects, 6);
        assert_eq!(kept(service, &id).await, ["payload", "meta.json"]);
    })
    .await;
}

#[tokio::test]
async fn what_has_no_record_goes_after_a_day_and_what_is_not_ours_stays() {
    on_both(async |service| {
        let live = completed(service, 1, json!({})).await;
        let orphan = format!("transfers/00/00ff10abcdef/{A_NONCE}/payload/{A_NONCE}");
        let others = [
            "transfers/00/00ff10abcdef/notes.txt",
            "transfers/notes.txt",
            "transfers/zz/00ff10abcdef/meta.json",
            "vaults/00ff10abcdef/a",
        ];
        put(service, &orphan).await;
        for other in others {
            put(service, other).await;
        }
        assert!(swept(service).await.is_nothing());
        service.wait_seconds(DAY + 60);
        assert_eq!(swept(service).await.objects, 1);
        let stored = stored(service).await;
        assert!(!stored.contains(&orphan));
        assert!(
            others
                .iter()
                .all(|other| stored.contains(&(*other).to_owned()))
        );
        assert_eq!(kept(service, &live).await, ["payload", "meta.json"]);
    })
    .await;
}

#[tokio::test]
async fn what_the_index_tells_of_transfers_that_never_were_goes_when_no_tombstone_is_that_old() {
    on_both(async |service| {
        let live = sent(service, 1, json!({ "expires_in": 30 * DAY })).await;
        // A create that was refused, since the id is taken, leaves no entry; one that was cut off does.
        let taken = completed(service, 2, json!({})).await;
        let again = json!({ "transfer_id": taken });
        let refused = service
            .post("/api/transfers/create")
            .json(&again)
            .refused()
            .await;
        assert_eq!(refused.0, 409);
        assert_eq!(indexed(service).await.len(), 2);
        change(service, &taken, json!({ "expires_at": 1 })).await;
        let now = service.clock().now();
        let never = IndexEntry {
            created_at: now,
            id: AnyId::Transfer(TransferId::new([1; 6])),
            generation: A_NONCE.parse().unwrap(),
            token: None,
        };
        put(service, never.path().as_str()).await;
        change(
            service,
            live.id,
            json!({ "expires_at": now.plus(Duration::from_secs(99 * DAY)) }),
        )
        .await;
        service.wait_seconds(32 * DAY - 30);
        swept(service).await;
        assert_eq!(
            indexed(service).await.len(),
            2,
            "as old as a tombstone may be"
        );
        service.wait_seconds(60);
        assert_eq!(swept(service).await.objects, 1);
        assert_eq!(indexed(service).await, [live.id.to_string()]);
    })
    .await;
}
