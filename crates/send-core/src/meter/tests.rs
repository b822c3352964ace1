use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures::{StreamExt, stream};
use storage::{Path, memory::Memory};

use super::*;

const WHOSE: Whose = Whose {
    generation: Nonce::new([1; 8]),
    token: None,
};

fn answered(status: StatusCode) -> Answered<'static> {
    Answered {
        method: &Method::GET,
        route: "/api/v1/sends/{id}",
        status,
        took: Duration::from_micros(1_500),
        visitor: None,
    }
}

#[tokio::test]
async fn prometheus_is_told_what_went_on() {
    let meter = Meter::new("send-user", Clock::System);
    let blobs = meter.counting(Arc::new(Memory::default()));
    assert!(blobs.head(&Path::parse("nothing").unwrap()).await.is_err());
    meter.answered(&answered(StatusCode::OK));
    meter.answered(&answered(StatusCode::NOT_FOUND));
    meter.answered(&Answered {
        method: &Method::from_bytes(b"INVENTED").unwrap(),
        ..answered(StatusCode::SERVICE_UNAVAILABLE)
    });
    meter.claimed(WHOSE);
    meter.stored(WHOSE, 5);
    let text = meter.text();
    for line in [
        r#"send_requests_total{method="GET",route="/api/v1/sends/{id}",status="200"} 1"#,
        r#"send_requests_total{method="other",route="/api/v1/sends/{id}",status="503"} 1"#,
        r#"send_request_seconds_bucket{le="0.001",method="GET",route="/api/v1/sends/{id}"} 0"#,
        r#"send_request_seconds_bucket{le="0.002",method="GET",route="/api/v1/sends/{id}"} 2"#,
        r#"send_storage_calls_total{operation="head",outcome="not_found"} 1"#,
        "send_refusals_total 1",
        "send_failures_total 1",
        "send_claims_total 1",
        "send_bytes_stored_total 5",
        "send_transfers_total 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
}

#[tokio::test]
async fn what_is_not_taken_is_not_served() {
    let meter = Meter::off();
    let pieces = ["one", "more", "never taken"].map(|text| Ok(Bytes::from(text)));
    let mut bytes = meter.serve(WHOSE, stream::iter(pieces).boxed());
    for _ in 0..2 {
        bytes.next().await.unwrap().unwrap();
    }
    drop(bytes);
    assert!(meter.text().contains("send_bytes_served_total 7\n"));
}

#[test]
fn cloudwatch_is_told_what_went_on_since_it_was_told_last() {
    let now = Arc::new(AtomicU64::new(1_767_225_600_000));
    let meter = Meter::new("send-user", Clock::Set(now.clone()));
    assert_eq!(meter.embedded_if_due(), None);
    meter.answered(&answered(StatusCode::OK));
    meter.stored(WHOSE, 5);
    let line = meter.embedded_if_due().unwrap();
    assert!(!line.contains('\n'));
    let told: serde_json::Value = serde_json::from_str(&line).unwrap();
    insta::assert_snapshot!(told["_aws"], @r#"{"CloudWatchMetrics":[{"Dimensions":[["service"]],"Metrics":[{"Name":"Requests","Unit":"Count"},{"Name":"Refusals","Unit":"Count"},{"Name":"Failures","Unit":"Count"},{"Name":"Transfers","Unit":"Count"},{"Name":"Claims","Unit":"Count"},{"Name":"BytesStored","Unit":"Bytes"},{"Name":"BytesServed","Unit":"Bytes"},{"Name":"StorageCalls","Unit":"Count"},{"Name":"StorageFailures","Unit":"Count"},{"Name":"Duration","Unit":"Milliseconds"}],"Namespace":"SGraphSend"}],"Timestamp":1767225600000}"#);
    assert_eq!(told["service"], "send-user");
    assert_eq!(told["BytesStored"], 5);
    assert_eq!(told["Duration"], serde_json::json!([1.5]));
    meter.answered(&answered(StatusCode::NOT_FOUND));
    assert_eq!(meter.embedded_if_due(), None, "one line in ten seconds");
    now.fetch_add(10_000, Ordering::Relaxed);
    let told: serde_json::Value = serde_json::from_str(&meter.embedded_if_due().unwrap()).unwrap();
    assert_eq!(
        (&told["Requests"], &told["Refusals"]),
        (&1.into(), &1.into())
    );
    now.fetch_add(10_000, Ordering::Relaxed);
    assert_eq!(meter.embedded_if_due(), None, "nothing has happened since");
}

#[test]
fn probes_are_no_use_of_the_service() {
    let meter = Meter::new("send-user", Clock::System);
    for route in ["/info/health", crate::metrics::PATH] {
        let answered = Answered {
            route,
            ..answered(StatusCode::OK)
        };
        meter.answered(&answered);
    }
    assert_eq!(meter.embedded_if_due(), None);
    assert!(meter.text().contains(r#"route="/info/health""#));
    let guessed = Answered {
        route: crate::metrics::PATH,
        ..answered(StatusCode::UNAUTHORIZED)
    };
    meter.answered(&guessed);
    assert!(
        meter.embedded_if_due().is_some(),
        "but a guess at the key is"
    );
}
