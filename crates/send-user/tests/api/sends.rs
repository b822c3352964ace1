use insta::assert_snapshot;
use serde_json::json;

use crate::harness::{Keys, START, Service};

#[tokio::test]
async fn a_create_is_answered_and_the_same_again_alike() {
    let service = Service::new();
    let ask = Keys::new(1).create(json!({ "size": 4_198_472 }));
    let first = service.post("/api/v1/sends").json(&ask).await_reply().await;
    assert_snapshot!(first, @r#"201 {"expires_at":1767229200000,"id":"01010101010101010101010101010101","part_count":2,"part_size":4198400,"transport":"service"}"#);
    service.wait_seconds(5);
    let again = service.post("/api/v1/sends").json(&ask).await_reply().await;
    assert_eq!((first.status, first.body), (again.status, again.body));
}

#[tokio::test]
async fn a_create_that_asks_for_no_time_gets_the_usual_one() {
    let service = Service::new();
    let mut ask = Keys::new(1).create(json!({}));
    ask.as_object_mut().unwrap().remove("expires_in");
    let created = service.post("/api/v1/sends").json(&ask).ok().await;
    assert_eq!(created.json()["expires_at"], START + 7 * 86_400_000);
}

#[tokio::test]
async fn an_id_is_given_once() {
    let service = Service::new();
    let keys = service.pending(json!({})).await;
    for other in [
        json!({ "read_verifier": "0".repeat(64) }),
        json!({ "size": 4_424 }),
        json!({ "downloads": 1 }),
    ] {
        let (status, detail) = service
            .post("/api/v1/sends")
            .json(&keys.create(other))
            .refused()
            .await;
        assert_eq!(status, 409, "{detail}");
    }
    service.delete(keys.path("")).token(keys.owner()).ok().await;
    let (status, _) = service
        .post("/api/v1/sends")
        .json(&keys.create(json!({})))
        .refused()
        .await;
    assert_eq!(status, 409, "a deleted id is not given again");
}

#[tokio::test]
async fn a_send_over_the_servers_limit_is_413() {
    let service = Service::with(&[("SEND_MAX_TRANSFER_BYTES", "4200")]);
    assert_snapshot!(
        service
            .post("/api/v1/sends")
            .json(&Keys::new(1).create(json!({ "size": 4_424 })))
            .await_reply()
            .await, @r#"413 {"detail":"This server takes at most 4200 bytes, stored.","request_id":".."}"#);
    service
        .post("/api/v1/sends")
        .json(&Keys::new(1).create(json!({})))
        .ok()
        .await;
}

#[tokio::test]
async fn the_state_is_told_to_link_reader_and_owner() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 3 })).await;
    let told = service.get(keys.path("")).token(keys.link()).ok().await;
    assert_snapshot!(told, @r#"200 {"created_at":1767225600000,"downloads":3,"downloads_left":3,"expires_at":1767229200000,"size":4168,"state":"completed"}"#);
    for token in [keys.reader(), keys.owner()] {
        assert_eq!(
            service.get(keys.path("")).token(token).ok().await.body,
            told.body
        );
    }
    service.claim(&keys, 1).ok().await;
    assert_eq!(
        service
            .get(keys.path(""))
            .token(keys.link())
            .ok()
            .await
            .json()["downloads_left"],
        2
    );
}

#[tokio::test]
async fn a_send_without_limit_has_no_number_left() {
    let service = Service::new();
    let keys = service.sent(json!({})).await;
    assert_snapshot!(service.get(keys.path("")).token(keys.link()).ok().await, @r#"200 {"created_at":1767225600000,"downloads":0,"downloads_left":null,"expires_at":1767229200000,"size":4168,"state":"completed"}"#);
}

#[tokio::test]
async fn a_pending_send_is_told_to_its_owner_only() {
    let service = Service::new();
    let keys = service.pending(json!({})).await;
    assert_eq!(
        service
            .get(keys.path(""))
            .token(keys.owner())
            .ok()
            .await
            .json()["state"],
        "pending"
    );
    assert_snapshot!(
        service
            .get(keys.path(""))
            .token(keys.link())
            .await_reply()
            .await, @r#"409 {"detail":"The upload is not complete yet.","request_id":".."}"#);
    assert_eq!(
        service
            .get(keys.path("/manifest"))
            .token(keys.reader())
            .refused()
            .await
            .0,
        409
    );
    assert_eq!(service.claim(&keys, 1).refused().await.0, 409);
}

#[tokio::test]
async fn an_expired_send_says_so_to_whoever_has_the_link() {
    let service = Service::new();
    let (keys, claim) = service.claimed(json!({ "expires_in": 60 })).await;
    service.wait_seconds(60);
    for (path, token) in [
        ("", keys.link()),
        ("", keys.owner()),
        ("/manifest", keys.reader()),
        ("/parts/0", claim.clone()),
        ("/content", claim),
    ] {
        assert_eq!(
            service.get(keys.path(path)).token(token).refused().await,
            (410, "expired".into()),
            "{path}"
        );
    }
    assert_eq!(
        service.claim(&keys, 2).refused().await,
        (410, "expired".into())
    );
}

#[tokio::test]
async fn a_delete_is_effective_at_once_also_for_claims() {
    let service = Service::new();
    let (keys, claim) = service.claimed(json!({})).await;
    assert_eq!(
        service
            .delete(keys.path(""))
            .token(keys.owner())
            .await_reply()
            .await
            .status,
        204
    );
    assert_eq!(
        service
            .delete(keys.path(""))
            .token(keys.owner())
            .await_reply()
            .await
            .status,
        204
    );
    for (path, token) in [
        ("", keys.link()),
        ("/manifest", keys.reader()),
        ("/parts/0", claim),
    ] {
        assert_eq!(
            service.get(keys.path(path)).token(token).refused().await,
            (410, "deleted".into()),
            "{path}"
        );
    }
    let left = service.blobs.list(None, None, 100).await.unwrap();
    let ciphertext = left
        .entries
        .iter()
        .filter(|entry| entry.path.as_str().contains("/parts/"))
        .count();
    assert_eq!(ciphertext, 0);
}

#[tokio::test]
async fn a_pending_send_can_be_deleted() {
    let service = Service::new();
    let keys = service.pending(json!({})).await;
    service.delete(keys.path("")).token(keys.owner()).ok().await;
    let part = service
        .put(keys.path("/parts/0"))
        .token(keys.owner())
        .bytes("late");
    assert_eq!(part.refused().await, (410, "deleted".into()));
}

#[tokio::test]
async fn time_and_downloads_can_be_changed_by_the_owner() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 1 })).await;
    service.claim(&keys, 1).ok().await;
    assert_eq!(
        service.claim(&keys, 2).refused().await,
        (410, "exhausted".into())
    );
    service.wait_seconds(10);
    let change = json!({ "expires_in": 60, "downloads": 2 });
    assert_snapshot!(
        service
            .patch(keys.path(""))
            .token(keys.owner())
            .json(&change)
            .ok()
            .await, @r#"200 {"created_at":1767225600000,"downloads":2,"downloads_left":1,"expires_at":1767225670000,"size":4168,"state":"completed"}"#);
    service.claim(&keys, 2).ok().await;
}

#[tokio::test]
async fn what_may_not_be_changed_is_named() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 5 })).await;
    for change in [
        json!({ "downloads": 4 }),
        json!({ "downloads": 0 }),
        json!({ "downloads": 101 }),
        json!({ "expires_in": 0 }),
        json!({ "expires_in": 2_592_001 }),
    ] {
        let (status, detail) = service
            .patch(keys.path(""))
            .token(keys.owner())
            .json(&change)
            .refused()
            .await;
        assert_eq!(status, 400, "{change}: {detail}");
    }
    service.wait_seconds(1_000);
    let too_far = json!({ "expires_in": 2_592_000 });
    assert_eq!(
        service
            .patch(keys.path(""))
            .token(keys.owner())
            .json(&too_far)
            .refused()
            .await
            .0,
        400
    );
    service.wait_seconds(3_600);
    let late = service
        .patch(keys.path(""))
        .token(keys.owner())
        .json(&json!({ "expires_in": 60 }));
    assert_eq!(late.refused().await, (410, "expired".into()));
}

#[tokio::test]
async fn unlimited_stays_unlimited() {
    let service = Service::new();
    let keys = service.sent(json!({ "downloads": 0 })).await;
    let change = service
        .patch(keys.path(""))
        .token(keys.owner())
        .json(&json!({ "downloads": 5 }));
    assert_eq!(change.refused().await.0, 400);
}

#[tokio::test]
async fn readers_report_at_most_ten_times() {
    let service = Service::new();
    let keys = service.sent(json!({})).await;
    let report = |n: u32| {
        let reason = format!("it is spam, {n}");
        service
            .post(keys.path("/report"))
            .token(keys.reader())
            .json(&json!({ "reason": reason }))
    };
    for n in 0..10 {
        assert_eq!(report(n).await_reply().await.status, 202);
    }
    assert_eq!(report(10).refused().await.0, 429);
    let empty = service
        .post(keys.path("/report"))
        .token(keys.reader())
        .json(&json!({ "reason": " " }));
    assert_eq!(empty.refused().await.0, 400);
}
