//! Access tokens over HTTP: making them, using them, and what changes them.

mod changes;
mod lists;
mod uses;

use futures::future::join_all;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    harness::{Ask, Service},
    sender::{Keys, ONE_PART, Sender},
};

/// Asks for a token.
fn create(service: &Service, fields: &Value) -> Ask {
    service.admin_post("/tokens/create").json(fields)
}

/// A service that knows the token `press`, of so many uses.
async fn with_limit(usage_limit: u64) -> Service {
    let service = Service::new();
    let ask = json!({ "token_name": "press", "usage_limit": usage_limit });
    create(&service, &ask).ok().await;
    service
}

/// `revoke`, `use` and the like, of a token of this name.
fn ask(service: &Service, what: &str, name: &str) -> Ask {
    service.admin_post(format!("/tokens/{what}/{name}"))
}

fn lookup(service: &Service, name: &str) -> Ask {
    service.admin_get(format!("/tokens/lookup/{name}"))
}

/// Some fields of a token, as they are looked up.
async fn told(service: &Service, fields: [&str; 3]) -> [Value; 3] {
    let token = lookup(service, "press").ok().await.json();
    fields.map(|field| token[field].clone())
}

#[tokio::test]
async fn a_token_is_made_with_what_the_original_made_it_with() {
    let service = Service::new();
    let made = create(&service, &json!({ "token_name": "press" }))
        .ok()
        .await;
    assert_snapshot!(made, @r#"200 {"cache_id":"842fcb5e60989a03d08ee07f9bea0a0a","token_name":"press"}"#);
    assert_snapshot!(lookup(&service, "press").ok().await, @r#"200 {"bytes_limit":0,"bytes_used":0,"created_at":1767225600000,"created_by":"admin","max_age_s":0,"metadata":{},"secret":false,"status":"active","token_name":"press","usage_count":0,"usage_limit":50}"#);
    let stored = service.stored("tokens").await;
    let paths: Vec<_> = stored.iter().map(|(path, _)| path.as_str()).collect();
    assert_snapshot!(paths.join(" "), @"tokens/842fcb5e60989a03d08ee07f9bea0a0a.json");
    let mut kept: Value = serde_json::from_str(&stored[0].1).unwrap();
    kept["writer"] = "..".into();
    assert_snapshot!(kept, @r#"{"bytes_limit":0,"bytes_used":0,"created_at":1767225600000,"created_by":"admin","max_age_s":0,"metadata":{},"secret":null,"status":"active","token_name":"press","usage_count":0,"usage_limit":50,"writer":".."}"#);
    assert_snapshot!(service.log().await.join("\n"), @r#"key cde44974: token_created token 842fcb5e60989a03d08ee07f9bea0a0a {"bytes_limit":0,"max_age_s":0,"usage_limit":50}"#);
    assert_snapshot!(lookup(&service, "other").await_reply().await, @r#"404 {"detail":"There is nothing here, or not for this token.","request_id":".."}"#);
    assert_eq!(lookup(&service, "not%20a%20name").refused().await.0, 404);
    assert_eq!(lookup(&service, "%ff").refused().await.0, 404);
}

#[tokio::test]
async fn a_secret_is_told_once_and_only_its_hash_is_kept() {
    let service = Service::new();
    let ask = json!({ "token_name": "press", "secret": true });
    let made = create(&service, &ask).ok().await.json();
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("sgs_"), "{secret}");
    let token = lookup(&service, "press").ok().await;
    assert_eq!(token.json()["secret"], true);
    for (path, content) in service.all_stored().await {
        let random = &secret[26..68];
        assert!(!content.contains(random), "{path}: {content}");
    }
    let kept: Value = serde_json::from_str(&service.stored("tokens").await[0].1).unwrap();
    assert_eq!(kept["secret"].as_str().unwrap().len(), 64, "a SHA-256");
    let by_name = Sender::with_token(&service, "press");
    let refused = by_name.create(Keys::new(1), &json!({})).refused().await;
    assert_eq!(refused.0, 401, "its name is no token any more");
    Sender::with_token(&service, secret)
        .sent(1, json!({}))
        .await;
    assert_eq!(
        told(&service, ["usage_count", "status", "bytes_used"]).await,
        [json!(1), json!("active"), json!(ONE_PART)]
    );
}

#[tokio::test]
async fn quotas_and_notes_are_kept_and_hold_where_things_are_sent() {
    let service = Service::new();
    let ask = json!({
        "token_name": "press", "usage_limit": 0, "created_by": "Ada", "metadata": { "room": [1, "b"] },
        "bytes_limit": 2 * ONE_PART - 1, "max_age_s": 600,
    });
    create(&service, &ask).ok().await;
    let sender = Sender::with_token(&service, "press");
    let late = sender.create(Keys::new(1), &json!({ "expires_in": 601 }));
    assert_eq!(late.refused().await.0, 400);
    sender.pending(1, json!({ "expires_in": 600 })).await;
    let more = sender.create(Keys::new(2), &json!({ "expires_in": 600 }));
    assert_eq!(more.refused().await.0, 413);
    assert_snapshot!(lookup(&service, "press").ok().await, @r#"200 {"bytes_limit":8335,"bytes_used":4168,"created_at":1767225600000,"created_by":"Ada","max_age_s":600,"metadata":{"room":[1,"b"]},"secret":false,"status":"active","token_name":"press","usage_count":1,"usage_limit":0}"#);
    assert_snapshot!(service.log().await.join("\n"), @r#"key cde44974: token_created token 842fcb5e60989a03d08ee07f9bea0a0a {"bytes_limit":8335,"max_age_s":600,"usage_limit":0}"#);
}

#[tokio::test]
async fn a_name_is_checked() {
    let service = Service::new();
    let long = "x".repeat(129);
    for bad in ["", " press", "a b", "a/b", "é", "sgs_x", "a\n", &long] {
        let refused = create(&service, &json!({ "token_name": bad })).refused();
        assert_eq!(refused.await.0, 400, "{bad:?}");
    }
    for malformed in [
        json!({}),
        json!({ "token_name": 1 }),
        json!({ "token_name": null }),
    ] {
        let refused = create(&service, &malformed).refused().await;
        assert_eq!(refused.0, 400, "{malformed}");
    }
    assert_snapshot!(create(&service, &json!({ "token_name": "a b" })).await_reply().await, @r#"400 {"detail":"token_name: must be 1 to 128 of A to Z, a to z, 0 to 9, `_`, `-` and `.`, and not begin with `sgs_` at line 1 column 20","request_id":".."}"#);
    assert_eq!(
        service.all_stored().await,
        [],
        "neither a token nor an entry in the log"
    );
    for good in ["a", "A.b-c_9", &long[1..]] {
        create(&service, &json!({ "token_name": good })).ok().await;
        assert_eq!(lookup(&service, good).ok().await.json()["token_name"], good);
    }
}

#[tokio::test]
async fn a_name_is_taken_once_even_when_many_ask_at_once() {
    let service = Service::new();
    let asked = (0..8).map(|n| {
        let ask = json!({ "token_name": "press", "secret": true, "created_by": n.to_string() });
        create(&service, &ask).await_reply()
    });
    let replies = join_all(asked).await;
    let made: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(made.len(), 1);
    assert!(
        replies
            .iter()
            .all(|reply| [200, 409].contains(&reply.status.as_u16()))
    );
    let log = service.log().await;
    let of = |action: &str| log.iter().filter(|line| line.contains(action)).count();
    assert_eq!(of("token_created") - of("failed"), 1, "{log:?}");
    let secret = made[0].json()["secret"].as_str().unwrap().to_owned();
    Sender::with_token(&service, &secret)
        .pending(1, json!({}))
        .await;
    ask(&service, "revoke", "press").ok().await;
    let before = service.all_stored().await;
    let again = create(&service, &json!({ "token_name": "press" }));
    assert_snapshot!(again.await_reply().await, @r#"409 {"detail":"There is a token of this name.","request_id":".."}"#);
    assert!(service.all_stored().await == before);
}

#[tokio::test]
async fn what_is_noted_is_bounded() {
    let service = Service::new();
    let with = |field: &str, value: Value| {
        let mut ask = json!({ "token_name": field });
        ask[field] = value;
        create(&service, &ask)
    };
    // `{"a":""}` is 8 bytes.
    let metadata = |bytes: usize| json!({ "a": "x".repeat(bytes - 8) });
    for (field, value) in [
        ("created_by", json!("é".repeat(129))),
        ("created_by", json!(1)),
        ("metadata", metadata(4_097)),
        ("metadata", json!([])),
        ("metadata", json!("x")),
        ("usage_limit", json!(-1)),
        ("usage_limit", json!("1")),
        ("usage_limit", json!(1.5)),
        ("bytes_limit", json!(-1)),
        ("max_age_s", json!(null)),
        ("secret", json!("yes")),
    ] {
        let (status, detail) = with(field, value).refused().await;
        assert_eq!(status, 400, "{field}: {detail}");
        assert!(detail.starts_with(field), "{detail}");
    }
    assert_eq!(service.all_stored().await, []);
    for (field, value) in [
        ("created_by", json!("é".repeat(128))),
        ("metadata", metadata(4_096)),
        ("usage_limit", json!(u64::MAX)),
        ("bytes_limit", json!(u64::MAX)),
        ("max_age_s", json!(u64::MAX)),
    ] {
        with(field, value.clone()).ok().await;
        assert_eq!(lookup(&service, field).ok().await.json()[field], value);
    }
}
