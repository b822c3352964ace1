use insta::assert_snapshot;
use serde_json::json;

use crate::harness::{Service, claim, content};

#[tokio::test]
async fn a_claim_is_answered_and_the_same_again_alike_and_counted_once() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 2 })).await;
    let first = service.claim(&keys, 1).ok().await;
    assert_snapshot!(first, @r#"200 {"expires_at":1767229200000,"part_count":1,"size":4168,"transport":"service"}"#);
    assert_eq!(service.claim(&keys, 1).ok().await.body, first.body);
    assert_eq!(
        service
            .get(keys.path(""))
            .token(keys.link())
            .ok()
            .await
            .json()["downloads_left"],
        1
    );
}

#[tokio::test]
async fn the_last_download_is_followed_by_410() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 1 })).await;
    service.claim(&keys, 1).ok().await;
    assert_snapshot!(service.claim(&keys, 2).await_reply().await, @r#"410 {"detail":"exhausted","request_id":".."}"#);
    service.claim(&keys, 1).ok().await;
    let state = service
        .get(keys.path(""))
        .token(keys.link())
        .ok()
        .await
        .json();
    assert_eq!(
        (state["state"].as_str(), state["downloads_left"].as_u64()),
        (Some("completed"), Some(0))
    );
    service
        .get(keys.path("/manifest"))
        .token(keys.reader())
        .ok()
        .await;
}

/// A crash between the slot and the claim: the slot is found again.
#[tokio::test]
async fn a_slot_without_its_claim_is_found_by_the_same_claim() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 1 })).await;
    service.claim(&keys, 1).ok().await;
    let all = service.blobs.list(None, None, 100).await.unwrap().entries;
    let stored = all
        .iter()
        .find(|entry| entry.path.as_str().contains("/claims/"))
        .unwrap();
    service.blobs.delete(&stored.path).await.unwrap();
    assert_eq!(
        service.claim(&keys, 2).refused().await,
        (410, "exhausted".into())
    );
    service.claim(&keys, 1).ok().await;
    service
        .get(keys.path("/parts/0"))
        .token(claim(1))
        .ok()
        .await;
}

#[tokio::test]
async fn a_preview_burns_nothing() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 1 })).await;
    for _ in 0..3 {
        service.get(keys.path("")).token(keys.link()).ok().await;
        service
            .get(keys.path("/manifest"))
            .token(keys.reader())
            .ok()
            .await;
        service.get("/d").ok().await;
    }
    service.claim(&keys, 1).ok().await;
}

#[tokio::test]
async fn a_claim_is_32_bytes() {
    let service = Service::new();
    let keys = service.sent(json!({})).await;
    for bad in ["", "abc", &claim(1)[1..], &format!("{}=", claim(1))] {
        let ask = service
            .post(keys.path("/claims"))
            .token(keys.reader())
            .json(&json!({ "claim": bad }));
        let (status, detail) = ask.refused().await;
        assert_eq!(status, 400, "{bad}");
        assert!(detail.starts_with("claim: "), "{detail}");
    }
}

#[tokio::test]
async fn a_claim_with_a_wrong_read_half_is_403_and_takes_nothing() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 1 })).await;
    let wrong = service
        .post(keys.path("/claims"))
        .token(keys.wrong_reader())
        .json(&json!({ "claim": claim(1) }));
    assert_eq!(wrong.refused().await, (403, "wrong_passphrase".into()));
    service.claim(&keys, 1).ok().await;
}

#[tokio::test]
async fn a_claim_lives_a_day_from_its_last_use() {
    let service = Service::new();
    let (keys, claim) = service.claimed(json!({ "expires_in": 1_000_000 })).await;
    for _ in 0..3 {
        service.wait_seconds(80_000);
        service.get(keys.path("/parts/0")).token(&claim).ok().await;
    }
    service.wait_seconds(86_400);
    assert_eq!(
        service
            .get(keys.path("/parts/0"))
            .token(&claim)
            .refused()
            .await,
        (410, "exhausted".into())
    );
    assert_eq!(
        service.claim(&keys, 1).refused().await.0,
        410,
        "a lapsed claim is not given again"
    );
    service.claim(&keys, 2).ok().await;
}

#[tokio::test]
async fn a_finished_claim_is_over() {
    let service = Service::new();
    let (keys, claim) = service.claimed(json!({})).await;
    assert_eq!(
        service
            .delete(keys.path("/claim"))
            .token(&claim)
            .await_reply()
            .await
            .status,
        204
    );
    assert_eq!(
        service
            .delete(keys.path("/claim"))
            .token(&claim)
            .await_reply()
            .await
            .status,
        204
    );
    assert_eq!(
        service
            .get(keys.path("/parts/0"))
            .token(&claim)
            .refused()
            .await
            .0,
        410
    );
    assert_eq!(
        service
            .get(keys.path("/content"))
            .token(&claim)
            .refused()
            .await
            .0,
        410
    );
    assert_eq!(service.claim(&keys, 1).refused().await.0, 410);
}

#[tokio::test]
async fn the_payload_of_a_wipe_send_goes_with_its_last_claim() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 2, "wipe": true })).await;
    service.claim(&keys, 1).ok().await;
    service.claim(&keys, 2).ok().await;
    service
        .delete(keys.path("/claim"))
        .token(claim(1))
        .ok()
        .await;
    service
        .get(keys.path("/parts/0"))
        .token(claim(2))
        .ok()
        .await;
    service
        .delete(keys.path("/claim"))
        .token(claim(2))
        .ok()
        .await;
    assert_eq!(
        service
            .get(keys.path(""))
            .token(keys.link())
            .refused()
            .await,
        (410, "exhausted".into())
    );
    assert_eq!(
        service.claim(&keys, 2).refused().await,
        (410, "exhausted".into())
    );
    let left = service.blobs.list(None, None, 100).await.unwrap().entries;
    assert!(
        !left
            .iter()
            .any(|entry| entry.path.as_str().contains("/parts/"))
    );
}

#[tokio::test]
async fn parts_are_read_with_one_claim_as_often_as_needed() {
    let service = Service::new();
    let (keys, claim) = service.claimed(json!({ "downloads": 1 })).await;
    for _ in 0..5 {
        assert_eq!(
            service
                .get(keys.path("/parts/0"))
                .token(&claim)
                .ok()
                .await
                .body,
            content(4_168)
        );
    }
    let beyond = service
        .get(keys.path("/parts/1"))
        .token(&claim)
        .await_reply()
        .await;
    assert_snapshot!(beyond, @r#"400 {"detail":"part: must be a number from 0 to 0","request_id":".."}"#);
}

#[tokio::test]
async fn two_hundred_racers_share_three_downloads() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 3 })).await;
    let claims = (0..200).map(|n| service.claim(&keys, n).await_reply());
    let answers = futures::future::join_all(claims).await;
    let count = |status: u16| {
        answers
            .iter()
            .filter(|reply| reply.status == status)
            .count()
    };
    assert_eq!((count(200), count(410)), (3, 197));
}
