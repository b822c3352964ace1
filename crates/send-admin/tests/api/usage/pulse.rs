//! What goes on right now.

use insta::assert_snapshot;
use serde_json::json;

use crate::{harness::Service, sender::Sender};

#[tokio::test]
async fn the_pulse_is_that_of_the_last_minutes() {
    let service = Service::new();
    let sender = Sender::beside(&service);
    assert_snapshot!(service.admin_get("/health/pulse").ok().await, @r#"200 {"active_requests":0,"active_transfers":0,"active_visitors":0,"window_minutes":5}"#);
    let pulse = async |minutes: u64| {
        sender.meter.flush().await;
        let path = format!("/health/pulse?window_minutes={minutes}");
        let pulse = service.admin_get(path).ok().await.json();
        assert_eq!(pulse["window_minutes"], minutes);
        ["active_requests", "active_visitors", "active_transfers"]
            .map(|field| pulse[field].as_u64().unwrap())
    };
    let keys = sender.sent(1, json!({})).await;
    assert_eq!(
        pulse(5).await,
        [4, 0, 1],
        "without an address nobody is a visitor"
    );
    service.wait_seconds(180);
    let transfer = sender.begun(2, json!({})).await;
    for address in ["192.0.2.1", "192.0.2.2", "192.0.2.1"] {
        let info = sender.get(format!("/api/transfers/info/{transfer}"));
        info.header("x-forwarded-for", address).ok().await;
    }
    sender.claim(keys, 1).ok().await;
    assert_eq!(pulse(5).await, [9, 2, 2]);
    assert_eq!(
        pulse(3).await,
        [5, 2, 2],
        "each transfer counts when it was last touched"
    );
    service.wait_seconds(180);
    assert_eq!(pulse(5).await, [5, 2, 2]);
    assert_eq!(pulse(3).await, [0, 0, 0]);
    assert_eq!(pulse(60).await, [9, 2, 2]);
    service.wait_seconds(3_600);
    assert_eq!(pulse(60).await, [0, 0, 0]);
}

#[tokio::test]
async fn a_window_that_cannot_be_is_refused() {
    let service = Service::new();
    let pulse =
        |minutes: &str| service.admin_get(format!("/health/pulse?window_minutes={minutes}"));
    for minutes in ["0", "61", "1.5", "-1", "x", ""] {
        assert_eq!(pulse(minutes).refused().await.0, 400, "{minutes}");
    }
    assert_snapshot!(pulse("61").await_reply().await, @r#"400 {"detail":"window_minutes: must be 1 to 60","request_id":".."}"#);
    assert_eq!(service.get("/health/pulse").refused().await.0, 401);
}
