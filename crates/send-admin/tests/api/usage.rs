//! Figures of usage over HTTP, as the user service's meter wrote them.

mod pulse;

use insta::assert_snapshot;
use send_core::usage::Figures;
use serde_json::{Value, json};

use crate::{
    harness::Service,
    sender::{Keys, ONE_PART, Sender},
};

/// Seconds of a day.
const DAY: u64 = 86_400;
/// Bytes of a completed send of one part: the part and its manifest.
const SENT: u64 = ONE_PART + 10;

async fn usage(service: &Service, days: u64) -> Value {
    service
        .admin_get(format!("/usage?days={days}"))
        .ok()
        .await
        .json()
}

/// What is told of a day, counted back from today.
fn day(usage: &Value, back: usize) -> Figures {
    let days = usage["days"].as_array().unwrap();
    serde_json::from_value(days[days.len() - 1 - back].clone()).unwrap()
}

async fn with_tokens(names: &[&str]) -> Service {
    let service = Service::new();
    for name in names {
        let ask = service.admin_post("/tokens/create");
        ask.json(&json!({ "token_name": name })).ok().await;
    }
    service
}

/// What is told of a token, or of none.
fn of_token(usage: &Value, name: Option<&str>) -> Value {
    let mut tokens = usage["tokens"].as_array().unwrap().iter();
    let found = tokens.find(|one| one["token_name"].as_str() == name);
    found.unwrap_or(&Value::Null).clone()
}

#[tokio::test]
async fn where_nothing_was_used_every_day_is_there_and_is_nothing() {
    let service = Service::new();
    assert_snapshot!(service.admin_get("/usage?days=2").ok().await, @r#"200 {"damaged":[],"days":[{"bytes_served":0,"bytes_stored":0,"claims":0,"date":"2025-12-31","failures":0,"refusals":0,"requests":0,"transfers":0},{"bytes_served":0,"bytes_stored":0,"claims":0,"date":"2026-01-01","failures":0,"refusals":0,"requests":0,"transfers":0}],"stored":null,"tokens":[]}"#);
    let usage = service.admin_get("/usage").ok().await.json();
    let days = usage["days"].as_array().unwrap();
    assert_eq!(days.len(), 30);
    assert_eq!(
        (&days[0]["date"], &days[29]["date"]),
        (&json!("2025-12-03"), &json!("2026-01-01"))
    );
    assert_eq!(
        self::usage(&service, 366).await["days"][0]["date"],
        "2025-01-01"
    );
}

#[tokio::test]
async fn what_went_on_is_told_by_day() {
    let service = Service::new();
    let sender = Sender::beside(&service);
    let keys = sender.sent(1, json!({ "expires_in": 3 * DAY })).await;
    sender.meter.flush().await;
    service.wait_seconds(2 * DAY);
    sender.claim(keys, 1).ok().await;
    sender
        .read(keys, 1)
        .header("range", "bytes=0-99")
        .ok()
        .await;
    sender.get("/api/v1/sends/none").await_reply().await;
    let before = usage(&service, 3).await;
    assert_eq!(
        day(&before, 0),
        Figures::default(),
        "nothing is told that was not written"
    );
    sender.meter.flush().await;
    let found = usage(&service, 4).await;
    let first = Figures {
        transfers: 1,
        bytes_stored: SENT,
        requests: 4,
        ..Figures::default()
    };
    let third = Figures {
        bytes_served: 100,
        claims: 1,
        requests: 3,
        refusals: 1,
        ..Figures::default()
    };
    let days: Vec<_> = (0..4).map(|back| day(&found, back)).collect();
    assert_eq!(days, [third, Figures::default(), first, Figures::default()]);
    let dates: Vec<_> = (0..4)
        .map(|at| found["days"][at]["date"].as_str().unwrap())
        .collect();
    assert_eq!(
        dates,
        ["2025-12-31", "2026-01-01", "2026-01-02", "2026-01-03"]
    );
    assert_eq!(
        usage(&service, 1).await["days"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn what_went_on_is_told_by_token_most_bytes_first() {
    let service = with_tokens(&["press", "other", "idle"]).await;
    let (press, other) = (
        Sender::with_token(&service, "press"),
        Sender::with_token(&service, "other"),
    );
    let open = Sender::beside(&service);
    press.sent(1, json!({})).await;
    let keys = press.sent(2, json!({})).await;
    other.transfer(3, 7, json!({})).await;
    open.transfer(4, 100, json!({})).await;
    open.claim(keys, 1).ok().await;
    open.read(keys, 1).ok().await;
    let revoke = service.admin_post("/tokens/revoke/other");
    revoke.ok().await;
    assert_eq!(
        other.create(Keys::new(5), &json!({})).refused().await.0,
        401
    );
    for sender in [&press, &other, &open] {
        sender.meter.flush().await;
    }
    let found = usage(&service, 1).await;
    assert_snapshot!(found["tokens"].to_string(), @r#"[{"bytes_served":4168,"bytes_stored":8356,"claims":1,"refusals":0,"token_name":"press","transfers":2},{"bytes_served":0,"bytes_stored":100,"claims":0,"refusals":0,"token_name":null,"transfers":1},{"bytes_served":0,"bytes_stored":7,"claims":0,"refusals":1,"token_name":"other","transfers":1}]"#);
    assert_eq!(of_token(&found, Some("idle")), Value::Null);
    let all = day(&found, 0);
    let sum = |field: &str| {
        found["tokens"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one[field].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(
        (sum("transfers"), sum("bytes_stored"), sum("claims")),
        (all.transfers, all.bytes_stored, all.claims)
    );
    assert_eq!(sum("bytes_served"), ONE_PART);
}

/// Twenty lines: the nineteen tokens that moved most, and the rest in one.
#[tokio::test]
async fn of_many_tokens_those_with_most_bytes_are_told() {
    let names: Vec<String> = (0..22).map(|n| format!("t{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let service = with_tokens(&names).await;
    for (n, name) in names.iter().enumerate() {
        let sender = Sender::with_token(&service, name);
        sender.transfer(n as u64, n + 1, json!({})).await;
        sender.meter.flush().await;
    }
    let found = usage(&service, 1).await;
    let told = found["tokens"].as_array().unwrap();
    assert_eq!(told.len(), 20);
    assert_eq!(
        (&told[0]["token_name"], &told[0]["bytes_stored"]),
        (&json!("t21"), &json!(22))
    );
    let rest = of_token(&found, None);
    assert_eq!(
        (&rest["transfers"], &rest["bytes_stored"]),
        (&json!(3), &json!(1 + 2 + 3))
    );
    assert_eq!(of_token(&found, Some("t2")), Value::Null);
    assert_eq!(of_token(&found, Some("t3"))["bytes_stored"], 4);
}

/// Where nobody knows any more what a token was called, its id stands for it.
#[tokio::test]
async fn a_token_that_is_not_there_any_more_is_told_by_its_id() {
    let service = with_tokens(&["press"]).await;
    let sender = Sender::with_token(&service, "press");
    sender.transfer(1, 10, json!({})).await;
    sender.meter.flush().await;
    let (path, _) = service.stored("tokens").await.pop().unwrap();
    service
        .blobs
        .delete(&storage::Path::parse(path.clone()).unwrap())
        .await
        .unwrap();
    let found = usage(&service, 1).await;
    let told = found["tokens"][0]["token_name"].as_str().unwrap();
    assert_eq!(path, format!("tokens/{told}.json"));
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let service = Service::new();
    for query in [
        "/usage?days=0",
        "/usage?days=367",
        "/usage?days=-1",
        "/usage?days=x",
        "/usage?days=",
        "/usage?days=18446744073709551616",
    ] {
        assert_eq!(service.admin_get(query).refused().await.0, 400, "{query}");
    }
    assert_snapshot!(service.admin_get("/usage?days=367").await_reply().await, @r#"400 {"detail":"days: must be 1 to 366","request_id":".."}"#);
    assert_eq!(service.get("/usage").refused().await.0, 401);
}

#[tokio::test]
async fn what_is_stored_names_no_visitor() {
    let service = Service::new();
    let sender = Sender::beside(&service);
    let info = sender.get("/api/transfers/info/00ff10abcdef");
    info.header("x-forwarded-for", "192.0.2.77")
        .await_reply()
        .await;
    sender.meter.flush().await;
    let stored = service.stored("usage").await;
    assert_eq!(stored.len(), 1);
    assert!(!stored[0].1.contains("192.0.2"), "{}", stored[0].1);
}
