//! Taking down and deleting.

use axum::http::Method;
use insta::assert_snapshot;
use serde_json::json;

use super::{act, both, delete, detail, kept, take_down};
use crate::harness::Service;

#[tokio::test]
async fn a_take_down_is_the_end_of_a_send_and_its_reason_is_told_to_who_has_a_token() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({ "downloads": 2 })).await;
    sender.claim(keys, 1).ok().await;
    sender.read(keys, 1).ok().await;
    sender.report(keys, "It is mine.").ok().await;
    service.wait_seconds(5);
    assert_snapshot!(take_down(&service, keys.id, "malware").ok().await, @r#"200 {"created_at":1767225600000,"downloads":2,"downloads_taken":1,"expires_at":1767229200000,"id":"01010101010101010101010101010101","kind":"send","reports":[{"at":1767225600000,"reason":"It is mine."}],"size":4168,"state":"taken_down","taken_down":{"at":1767225605000,"reason":"malware"},"token":null,"wipe":false}"#);
    assert_snapshot!(sender.read(keys, 1).await_reply().await, @r#"410 {"detail":"taken_down","reason":"malware","request_id":".."}"#);
    for ask in [
        sender.state(keys),
        sender.claim(keys, 2),
        sender.report(keys, "Again."),
    ] {
        assert_eq!(ask.refused().await, (410, "taken_down".to_owned()));
    }
    let stranger = sender.get(format!("/api/v1/sends/{}", keys.id));
    assert_eq!(stranger.refused().await.0, 404);
    assert_eq!(
        kept(&service, keys.id).await,
        ["claims", "slots/000", "meta.json"]
    );
    assert_eq!(
        service.stored("reports").await.len(),
        1,
        "until its tombstone goes"
    );
    assert_snapshot!(service.log().await.join("\n"), @r#"key cde44974: transfer_taken_down transfer 01010101010101010101010101010101 {"reason":"malware"}"#);
}

#[tokio::test]
async fn a_take_down_again_is_the_same() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({})).await;
    let first = take_down(&service, keys.id, "privacy").ok().await.json();
    service.wait_seconds(60);
    let again = take_down(&service, keys.id, "abuse").ok().await.json();
    assert_eq!(again, first);
    assert_eq!(detail(&service, keys.id).ok().await.json(), first);
    delete(&service, keys.id).ok().await;
    assert_eq!(
        detail(&service, keys.id).ok().await.json(),
        first,
        "a delete does not hide it"
    );
}

#[tokio::test]
async fn a_transfer_of_the_originals_routes_is_not_there_any_more() {
    let (service, sender) = both();
    let id = sender.transfer(1, 10, json!({})).await;
    sender.download(&id).ok().await;
    assert_snapshot!(take_down(&service, &id, "copyright").ok().await, @r#"200 {"created_at":1767225600000,"downloads":0,"downloads_taken":1,"expires_at":1769817600000,"id":"000000000001","kind":"transfer","reports":[],"size":10,"state":"taken_down","taken_down":{"at":1767225600000,"reason":"copyright"},"token":null,"wipe":false}"#);
    for route in ["download", "download-base64"] {
        let gone = sender.get(format!("/api/transfers/{route}/{id}"));
        assert_eq!(gone.await_reply().await.status, 404, "{route}");
    }
    assert_eq!(sender.upload(&id, 10).refused().await.0, 404);
    let info = sender.get(format!("/api/transfers/info/{id}"));
    assert_eq!(info.ok().await.json()["status"], "taken_down");
    assert_eq!(kept(&service, &id).await, ["count.json", "meta.json"]);
    let log = service.log().await.join("\n");
    assert!(
        !log.contains(&id),
        "the id of such a transfer opens it: {log}"
    );
    let record = service.stored("transfers").await.pop().unwrap().1;
    let generation =
        serde_json::from_str::<serde_json::Value>(&record).unwrap()["generation"].clone();
    let subject = format!("transfer {}", generation.as_str().unwrap());
    assert!(log.contains(&subject), "{log}");
}

#[tokio::test]
async fn an_upload_that_is_taken_down_goes_no_further() {
    let (service, sender) = both();
    let keys = sender.pending(1, json!({})).await;
    take_down(&service, keys.id, "other").ok().await;
    assert_eq!(
        sender.complete(keys).refused().await,
        (410, "taken_down".to_owned())
    );
    let again = sender.create(keys, &json!({})).refused().await;
    assert!(again.0 == 409 || again.0 == 410, "{again:?}");
    let id = sender.begun(2, json!({})).await;
    take_down(&service, &id, "other").ok().await;
    let upload = sender.upload(&id, 10).refused().await;
    assert_eq!(upload.0, 404);
    assert_eq!(kept(&service, &id).await, ["meta.json"]);
}

#[tokio::test]
async fn a_take_down_needs_a_reason_of_the_list() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({})).await;
    let before = service.all_stored().await;
    for body in [
        json!({}),
        json!({ "reason": "" }),
        json!({ "reason": "dislike" }),
        json!({ "reason": null }),
    ] {
        let refused = act(&service, Method::POST, keys.id, "/takedown", &body).refused();
        assert_eq!(refused.await.0, 400, "{body}");
    }
    assert_snapshot!(take_down(&service, keys.id, "dislike").await_reply().await, @r#"400 {"detail":"reason: unknown variant `dislike`, expected one of `abuse`, `malware`, `copyright`, `illegal`, `privacy`, `other` at line 1 column 19","request_id":".."}"#);
    assert!(service.all_stored().await == before);
    for (n, reason) in [
        "abuse",
        "malware",
        "copyright",
        "illegal",
        "privacy",
        "other",
    ]
    .iter()
    .enumerate()
    {
        let keys = sender.sent(2 + n as u8, json!({})).await;
        let taken = take_down(&service, keys.id, reason).ok().await.json();
        assert_eq!(taken["taken_down"]["reason"], *reason);
    }
}

#[tokio::test]
async fn a_delete_is_as_if_the_sender_had_done_it() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({})).await;
    sender.report(keys, "It is mine.").ok().await;
    let id = sender.transfer(2, 10, json!({})).await;
    for id in [keys.id.to_string(), id.clone()] {
        let deleted = delete(&service, &id).ok().await;
        assert_eq!((deleted.status.as_u16(), deleted.body.len()), (204, 0));
        assert_eq!(
            delete(&service, &id).ok().await.status,
            204,
            "again is no error"
        );
        assert_eq!(kept(&service, &id).await, ["meta.json"]);
        let told = detail(&service, &id).ok().await.json();
        assert_eq!(
            (&told["state"], &told["taken_down"]),
            (&json!("deleted"), &json!(null))
        );
    }
    assert_eq!(
        sender.state(keys).refused().await,
        (410, "deleted".to_owned())
    );
    assert_eq!(
        sender.claim(keys, 1).refused().await,
        (410, "deleted".to_owned())
    );
    assert_eq!(sender.download(&id).refused().await.0, 404);
    assert_eq!(
        service.stored("reports").await.len(),
        1,
        "until its tombstone goes"
    );
    let log = service.log().await;
    assert_eq!(log.len(), 2, "again changes nothing");
    assert_snapshot!(log[0], @"key cde44974: transfer_deleted transfer 01010101010101010101010101010101 {}");
}

#[tokio::test]
async fn what_is_gone_already_can_be_taken_down_and_its_reason_is_told() {
    let (service, sender) = both();
    let deleted = sender.sent(1, json!({})).await;
    delete(&service, deleted.id).ok().await;
    let expired = sender.sent(2, json!({ "expires_in": 1 })).await;
    service.wait_seconds(1);
    for keys in [deleted, expired] {
        take_down(&service, keys.id, "illegal").ok().await;
        assert_eq!(
            sender.state(keys).refused().await,
            (410, "taken_down".to_owned())
        );
    }
}

#[tokio::test]
async fn nobody_ends_anything_without_the_key() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({})).await;
    let before = service.all_stored().await;
    let anonymous = |service: &Service, method, below: &str| {
        let ask = service.ask(method, format!("/transfers/{}{below}", keys.id));
        ask.json(&json!({ "reason": "other", "expires_in": 60 }))
    };
    for (method, below) in [
        (Method::POST, "/takedown"),
        (Method::PATCH, ""),
        (Method::DELETE, ""),
    ] {
        assert_eq!(anonymous(&service, method, below).refused().await.0, 401);
    }
    assert!(service.all_stored().await == before);
    sender.state(keys).ok().await;
}
