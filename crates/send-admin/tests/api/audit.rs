//! The audit log over HTTP.

use insta::assert_snapshot;
use send_core::{
    audit::{Action, Audit, By, Details, Subject},
    clock::Clock,
    id::Digest,
};
use serde_json::{Value, json};
use storage::PutMode;

use crate::harness::Service;

/// A service in whose log are this many sign-ins.
async fn with_entries(n: u64) -> Service {
    let service = Service::new();
    for _ in 0..n {
        let ask = service.post("/auth/set-auth-cookie");
        let key = json!({ "cookie_value": crate::harness::KEY });
        ask.json(&key).ok().await;
    }
    service
}

fn numbers(page: &Value) -> Vec<u64> {
    let entries = page["entries"].as_array().unwrap().iter();
    entries
        .map(|entry| entry["number"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn the_log_is_read_by_pages_from_either_end() {
    let service = with_entries(5).await;
    let page = |query: &str| service.admin_get(format!("/audit{query}")).ok();
    let newest = page("?limit=2").await.json();
    assert_eq!((numbers(&newest), &newest["next"]), (vec![4, 3], &json!(3)));
    let next = page("?limit=2&before=3").await.json();
    assert_eq!((numbers(&next), &next["next"]), (vec![2, 1], &json!(1)));
    let last = page("?limit=2&before=1").await.json();
    assert_eq!((numbers(&last), &last["next"]), (vec![0], &Value::Null));
    let since = page("?since=1&limit=3").await.json();
    assert_eq!(
        (numbers(&since), &since["next"]),
        (vec![1, 2, 3], &json!(4))
    );
    let since = page("?since=4").await.json();
    assert_eq!((numbers(&since), &since["next"]), (vec![4], &Value::Null));
    assert_eq!(numbers(&page("?since=99").await.json()), [0; 0]);
    assert_eq!(numbers(&page("?before=0").await.json()), [0; 0]);
    assert_eq!(
        numbers(&page(&format!("?since={}", u64::MAX)).await.json()),
        [0; 0]
    );
}

#[tokio::test]
async fn malformed_questions_are_refused() {
    let service = with_entries(1).await;
    for query in [
        "?limit=0",
        "?limit=101",
        "?limit=-1",
        "?limit=x",
        "?before=x",
        "?since=-1",
        "?before=1&since=1",
        "?sinse=1",
        "/export?since=x",
        "/verify?from=18446744073709551616",
    ] {
        let refused = service.admin_get(format!("/audit{query}")).refused().await;
        assert_eq!(refused.0, 400, "{query}: {}", refused.1);
    }
}

#[tokio::test]
async fn an_export_is_one_entry_a_line_and_says_where_it_goes_on() {
    let service = with_entries(3).await;
    let all = service.admin_get("/audit/export").ok().await;
    assert_eq!(all.headers["content-type"], "application/x-ndjson");
    assert!(!all.headers.contains_key("x-send-next"));
    let lines = String::from_utf8(all.body.to_vec()).unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    let page = service.admin_get("/audit?since=0").ok().await.json();
    assert_eq!(page["entries"], Value::from(lines));
    let audit = Audit::new(service.blobs.clone(), Clock::System);
    for _ in 3..1_002 {
        let (by, subject) = (By(Digest::of(crate::harness::KEY)), Subject::Everything);
        let added = audit.append(&by, Action::Swept, &subject, Details::new());
        added.await.unwrap();
    }
    let first = service.admin_get("/audit/export?since=1").ok().await;
    assert_eq!(first.headers["x-send-next"], "1001");
    let lines = first.body.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(lines, 1_000);
}

#[tokio::test]
async fn what_was_done_to_the_log_is_found() {
    let service = with_entries(4).await;
    let verify = || service.admin_get("/audit/verify").ok();
    let sound = verify().await.json();
    assert_eq!(
        (&sound["sound"], &sound["checked"]),
        (&json!(true), &json!(4))
    );
    assert_eq!(sound["head"]["number"], 3);
    let stored = service.stored("audit").await;
    let path = |at: usize| storage::Path::parse(stored[at].0.clone()).unwrap();
    let second = path(1);
    let edited = stored[1].1.replace("signed_in", "signed_out");
    let put = service
        .blobs
        .put(&second, edited.into(), PutMode::Overwrite);
    put.await.unwrap();
    service.blobs.delete(&path(3)).await.unwrap();
    let strange = storage::Path::parse("audit/0.json").unwrap();
    let put = service.blobs.put(&strange, "{}".into(), PutMode::Overwrite);
    put.await.unwrap();
    let mut found = verify().await.json();
    found["head"]["sha256"] = "..".into();
    assert_snapshot!(found.to_string(), @r#"{"checked":3,"head":{"number":3,"sha256":".."},"next":null,"problems":[{"detail":"Entry 0 is not there.","kind":"missing","number":0},{"detail":"Entry 2 is not what was written: its hash is another.","kind":"edited","number":2},{"detail":"audit/0.json is no entry of this log.","kind":"inserted","number":4}],"sound":false}"#);
}
