//! More than a page, and large transfers.

use std::sync::{Arc, atomic::Ordering};

use send_core::id::Nonce;
use serde_json::json;
use storage::memory::Memory;

use super::{fixtures::*, watched::Watched};

#[tokio::test]
async fn more_than_a_page_is_swept() {
    let service = service(Arc::new(Memory::default()));
    for n in 0..250 {
        let fields = json!({ "max_downloads": 1, "delete_auth_hash": "0".repeat(64) });
        completed(&service, n, fields).await;
        let id = format!("{n:012x}");
        let folder = generation_of(&service, &id).await;
        for slot in 0..3 {
            put(&service, &format!("{folder}/slots/{slot:03}")).await;
        }
        if n % 2 == 0 {
            change(&service, &id, json!({ "state": "deleted" })).await;
        }
    }
    assert_eq!(stored(&service).await.len(), 1_250);
    let swept = swept(&service).await;
    assert_eq!(
        (swept.looked_at, swept.payloads, swept.objects),
        (250, 125, 125)
    );
    let payloads = stored(&service).await;
    assert_eq!(
        payloads
            .iter()
            .filter(|path| path.contains("/payload/"))
            .count(),
        125
    );
}

#[tokio::test]
async fn the_parts_of_a_large_live_send_are_not_listed() {
    let blobs = Arc::new(Watched::default());
    let service = service(blobs.clone());
    let keys = sent(&service, 1, json!({ "expires_in": 7 * DAY })).await;
    let next = sent(&service, 2, json!({ "expires_in": 1 })).await;
    let folder = generation_of(&service, keys.id).await;
    for n in 1..2_500 {
        put(&service, &format!("{folder}/parts/{n:05}")).await;
    }
    let (id_folder, _) = folder.rsplit_once('/').unwrap();
    put(
        &service,
        &format!("{id_folder}/{}/parts/00000", Nonce::new([255; 8])),
    )
    .await;
    service.wait_seconds(60);
    blobs.lists.store(0, Ordering::SeqCst);
    let swept = sweep_of(&service).all().await.unwrap();
    let lists = blobs.lists.load(Ordering::SeqCst);
    assert_eq!(
        lists,
        1 + 2 + 4,
        "the end of the index, two pages, and the four folders of the send that expired"
    );
    assert_eq!((swept.looked_at, swept.payloads, swept.objects), (2, 1, 3));
    assert_eq!(kept(&service, keys.id).await.len(), 2_502);
    assert_eq!(kept(&service, next.id).await, ["meta.json"]);
}

#[tokio::test]
async fn a_large_send_that_is_gone_goes_whole() {
    let service = service(Arc::new(Memory::default()));
    let keys = sent(&service, 1, json!({ "expires_in": 60 })).await;
    let folder = generation_of(&service, keys.id).await;
    for n in 1..2_500 {
        put(&service, &format!("{folder}/parts/{n:05}")).await;
    }
    service.wait_seconds(60);
    let swept = swept(&service).await;
    assert_eq!(
        (swept.looked_at, swept.payloads, swept.objects),
        (1, 1, 2_501)
    );
    assert_eq!(kept(&service, keys.id).await, ["meta.json"]);
}

/// What is young lies on a page before the one of the record.
#[tokio::test]
async fn a_large_upload_lives_as_long_as_anything_of_it_is_young() {
    for (fresh, abandoned) in [(Some("manifests"), 0), (None, 1)] {
        let blobs = Watched {
            fresh,
            ..Watched::default()
        };
        let service = service(Arc::new(blobs));
        let keys = uploaded(&service, 1, json!({ "expires_in": 7 * DAY })).await;
        let folder = generation_of(&service, keys.id).await;
        for n in 1..1_500 {
            put(&service, &format!("{folder}/parts/{n:05}")).await;
        }
        service.wait_seconds(2 * DAY);
        assert_eq!(swept(&service).await.abandoned, abandoned);
    }
}
