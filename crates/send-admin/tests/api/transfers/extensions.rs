//! Letting transfers live longer, or shorter.

use axum::http::Method;
use insta::assert_snapshot;
use serde_json::json;

use super::{act, both, delete, detail, extend, take_down};
use crate::{
    harness::{START, Service},
    sender::Sender,
};

/// The longest life of the tests' configuration, in seconds.
const LONGEST: u64 = 30 * 86_400;

#[tokio::test]
async fn a_transfer_lives_as_long_as_it_is_told() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({ "expires_in": 60 })).await;
    let id = sender.transfer(2, 10, json!({})).await;
    service.wait_seconds(50);
    assert_snapshot!(extend(&service, keys.id, 7_200).ok().await, @r#"200 {"created_at":1767225600000,"downloads":0,"downloads_taken":0,"expires_at":1767232850000,"id":"01010101010101010101010101010101","kind":"send","reports":[],"size":4168,"state":"completed","taken_down":null,"token":null,"wipe":false}"#);
    let shorter = extend(&service, &id, 20).ok().await.json();
    assert_eq!(shorter["expires_at"], START + 70_000);
    service.wait_seconds(20);
    sender.claim(keys, 1).ok().await;
    let state = sender.state(keys).ok().await.json();
    assert_eq!(state["expires_at"], START + 7_250_000);
    assert_eq!(sender.download(&id).refused().await.0, 410);
    assert_snapshot!(service.log().await[0], @r#"key cde44974: transfer_extended transfer 01010101010101010101010101010101 {"expires_in":7200}"#);
}

#[tokio::test]
async fn no_transfer_lives_longer_than_any_may() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({})).await;
    service.wait_seconds(100);
    extend(&service, keys.id, LONGEST - 100).ok().await;
    let before = service.all_stored().await;
    for over in [LONGEST - 99, LONGEST, u64::MAX, 0] {
        assert_eq!(
            extend(&service, keys.id, over).refused().await.0,
            400,
            "{over}"
        );
    }
    assert_snapshot!(extend(&service, keys.id, LONGEST).await_reply().await, @r#"400 {"detail":"expires_in: must be at least 1, and end within 2592000 seconds of the creation","request_id":".."}"#);
    for malformed in [
        json!({}),
        json!({ "expires_in": -1 }),
        json!({ "expires_in": "1" }),
    ] {
        let refused = act(&service, Method::PATCH, keys.id, "", &malformed).refused();
        assert_eq!(refused.await.0, 400, "{malformed}");
    }
    assert!(
        service.all_stored().await == before,
        "the record, and the log"
    );
}

#[tokio::test]
async fn what_is_gone_is_not_brought_back() {
    let (service, sender) = both();
    let [deleted, taken_down, expired] = [
        sender.sent(1, json!({})).await,
        sender.sent(2, json!({})).await,
        sender.sent(3, json!({ "expires_in": 1 })).await,
    ];
    delete(&service, deleted.id).ok().await;
    take_down(&service, taken_down.id, "other").ok().await;
    service.wait_seconds(1);
    let before = service.all_stored().await;
    for (keys, reason) in [
        (deleted, "deleted"),
        (taken_down, "taken_down"),
        (expired, "expired"),
    ] {
        let refused = extend(&service, keys.id, 60).refused().await;
        assert_eq!(refused, (410, reason.to_owned()));
        assert_eq!(detail(&service, keys.id).ok().await.json()["state"], reason);
    }
    assert!(
        service.all_stored().await == before,
        "the record, and the log"
    );
}

#[tokio::test]
async fn an_admin_may_do_what_a_token_does_not_let_its_sender_do() {
    let service = Service::new();
    let token = json!({ "token_name": "press", "max_age_s": 60 });
    service.admin_post("/tokens/create").json(&token).ok().await;
    let sender = Sender::with_token(&service, "press");
    let keys = sender.sent(1, json!({ "expires_in": 60 })).await;
    extend(&service, keys.id, 600).ok().await;
    service.wait_seconds(599);
    sender.state(keys).ok().await;
}
