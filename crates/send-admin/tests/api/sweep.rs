//! Sweeping over HTTP: what it does, and what is told of the last runs.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use insta::assert_snapshot;
use send_core::sweep::Sweep;
use serde_json::{Value, json};
use storage::{memory::Memory, url::Store};

use crate::{
    harness::{KEY, Service},
    sender::{ONE_PART, Sender},
};

/// Seconds of an hour, and of a day.
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// An admin service that begins at the time that the storage's clock shows, and the user service beside it.
fn both() -> (Service, Sender) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let store = Store::closed(Arc::new(Memory::default()));
    let service = Service::on(store, now.as_millis() as u64, &[]);
    let sender = Sender::beside(&service);
    (service, sender)
}

/// What a sweep did, without what differs from time to time.
async fn swept(service: &Service) -> Value {
    without_times(service.admin_post("/sweep").ok().await.json())
}

fn without_times(mut run: Value) -> Value {
    let fields = run.as_object_mut().unwrap();
    for field in ["at", "took_ms"] {
        assert!(fields.remove(field).unwrap().is_u64());
    }
    run
}

async fn runs(service: &Service) -> Vec<Value> {
    let told = service.admin_get("/sweep").ok().await.json();
    told["runs"].as_array().unwrap().clone()
}

async fn stored(service: &Service) -> Value {
    let usage = service.admin_get("/usage?days=1").ok().await.json();
    usage["stored"].clone()
}

/// One run that gives up after its first page.
async fn cut_off(service: &Service) -> Value {
    let limits = send_core::config::Limits {
        transfer_bytes: 1 << 30,
        max_age: Duration::from_secs(30 * DAY),
        default_age: Duration::from_secs(7 * DAY),
    };
    let sweep = Sweep::new(service.blobs.clone(), service.clock(), limits);
    let run = sweep.run(Duration::ZERO).await.unwrap();
    serde_json::to_value(run).unwrap()
}

#[tokio::test]
async fn a_sweep_says_what_it_did() {
    let (service, sender) = both();
    assert_snapshot!(service.admin_get("/sweep").ok().await, @r#"200 {"runs":[]}"#);
    sender.sent(1, json!({ "expires_in": 7 * DAY })).await;
    sender.sent(2, json!({ "expires_in": 60 })).await;
    sender.pending(3, json!({ "expires_in": 7 * DAY })).await;
    sender.transfer(4, 10, json!({})).await;
    assert_snapshot!(swept(&service).await, @r#"{"abandoned":0,"failures":0,"finished":true,"looked_at":4,"objects":0,"payloads":0,"tombstones":0,"unfinished":0}"#);
    service.wait_seconds(DAY + 60);
    assert_snapshot!(swept(&service).await, @r#"{"abandoned":1,"failures":0,"finished":true,"looked_at":4,"objects":2,"payloads":1,"tombstones":0,"unfinished":0}"#);
    assert_snapshot!(swept(&service).await, @r#"{"abandoned":0,"failures":0,"finished":true,"looked_at":4,"objects":0,"payloads":0,"tombstones":0,"unfinished":0}"#);
    let [first, second, third] = &runs(&service).await[..] else {
        panic!("three runs");
    };
    assert!(
        third["at"].as_u64() < second["at"].as_u64(),
        "the newest first"
    );
    assert_eq!(
        (
            &first["abandoned"],
            &second["abandoned"],
            &third["abandoned"]
        ),
        (&json!(0), &json!(1), &json!(0))
    );
    assert_snapshot!(service.log().await.join("\n"), @"
    key cde44974: swept  {}
    key cde44974: swept  {}
    key cde44974: swept  {}
    ");
}

#[tokio::test]
async fn nobody_sweeps_without_the_key() {
    let (service, _) = both();
    assert_eq!(service.post("/sweep").refused().await.0, 401);
    assert_eq!(service.get("/sweep").refused().await.0, 401);
    assert!(service.all_stored().await.is_empty());
}

#[tokio::test]
async fn twenty_runs_are_remembered() {
    let (service, _) = both();
    for _ in 0..22 {
        service.wait_seconds(60);
        swept(&service).await;
    }
    let at: Vec<_> = runs(&service)
        .await
        .iter()
        .map(|run| run["at"].as_u64().unwrap())
        .collect();
    assert_eq!(at.len(), 20);
    assert!(
        at.is_sorted_by(|newer, older| *newer == older + 60_000),
        "{at:?}"
    );
}

#[tokio::test]
async fn what_is_stored_is_told_by_age() {
    let (service, sender) = both();
    assert_eq!(
        stored(&service).await,
        Value::Null,
        "no sweep has looked yet"
    );
    sender.transfer(1, 1_000, json!({})).await;
    service.wait_seconds(10 * DAY);
    sender.transfer(2, 100, json!({})).await;
    sender.transfer(3, 200, json!({})).await;
    service.wait_seconds(3 * DAY);
    sender.sent(4, json!({})).await;
    sender.pending(5, json!({})).await;
    let gone = sender.sent(6, json!({})).await;
    service
        .admin_post(format!("/transfers/{}/takedown", gone.id))
        .json(&json!({ "reason": "other" }))
        .ok()
        .await;
    swept(&service).await;
    let mut told = stored(&service).await;
    let now = told.as_object_mut().unwrap().remove("at").unwrap();
    assert_eq!(now, runs(&service).await[0]["at"]);
    assert_snapshot!(told, @r#"{"by_age":[{"bytes":4168,"days":1,"transfers":1},{"bytes":300,"days":7,"transfers":2},{"bytes":1000,"days":30,"transfers":1},{"bytes":0,"days":null,"transfers":0}],"bytes":5468,"transfers":4}"#);
    assert_eq!(told["by_age"][0]["bytes"], ONE_PART);
    let by_sweep = stored(&service).await;
    sender.transfer(7, 5, json!({})).await;
    assert_eq!(
        stored(&service).await,
        by_sweep,
        "as the last sweep found it"
    );
}

/// Each transfer is two objects, and where somebody waits a page has a hundred: four pages.
#[tokio::test]
async fn a_sweep_that_is_cut_off_goes_on_and_what_is_stored_adds_up() {
    const TRANSFERS: u64 = 170;
    let (service, sender) = both();
    for n in 0..TRANSFERS {
        sender.transfer(n, 10, json!({})).await;
    }
    let (mut looked_at, mut parts) = (0, 0);
    loop {
        let run = cut_off(&service).await;
        (parts, looked_at) = (parts + 1, looked_at + run["looked_at"].as_u64().unwrap());
        if run["finished"] == true {
            break;
        }
        assert!(parts < 4, "it begins anew each time");
        assert_eq!(
            stored(&service).await,
            Value::Null,
            "the half is not told for the whole"
        );
    }
    assert_eq!((parts, looked_at), (4, TRANSFERS));
    let told = stored(&service).await;
    assert_eq!(
        (&told["transfers"], &told["bytes"]),
        (&json!(TRANSFERS), &json!(10 * TRANSFERS))
    );
    cut_off(&service).await;
    let again = stored(&service).await;
    assert_eq!(again, told, "until the next sweep is at its end");
    let rest = swept(&service).await;
    assert_eq!(
        (
            &rest["finished"],
            rest["looked_at"].as_u64() < Some(TRANSFERS)
        ),
        (&json!(true), true)
    );
    let told = stored(&service).await;
    assert_eq!(
        (&told["transfers"], &told["bytes"]),
        (&json!(TRANSFERS), &json!(10 * TRANSFERS))
    );
    let finished: Vec<_> = runs(&service)
        .await
        .iter()
        .map(|run| run["finished"].clone())
        .collect();
    assert_eq!(finished, [true, false, true, false, false, false]);
}

#[tokio::test]
async fn figures_become_days_and_sessions_that_are_over_go() {
    let (service, sender) = both();
    sender.transfer(1, 10, json!({})).await;
    sender.meter.flush().await;
    let sign_in = service.post("/auth/set-auth-cookie");
    sign_in.json(&json!({ "cookie_value": KEY })).ok().await;
    swept(&service).await;
    assert_eq!(
        service.stored("usage/open").await.len(),
        1,
        "its process may still write"
    );
    assert_eq!(service.stored("sessions").await.len(), 1);
    let before = service.admin_get("/usage?days=2").ok().await.json();
    service.wait_seconds(2 * HOUR + 60);
    swept(&service).await;
    assert_eq!(service.stored("usage/open").await, []);
    assert_eq!(service.stored("usage/days").await.len(), 1);
    assert_eq!(service.stored("sessions").await, []);
    let after = service.admin_get("/usage?days=2").ok().await.json();
    let transfers = |usage: &Value| {
        let days = usage["days"].as_array().unwrap().iter();
        days.map(|day| day["transfers"].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!((transfers(&before), transfers(&after)), (1, 1));
    assert_eq!(before["tokens"], after["tokens"]);
}
