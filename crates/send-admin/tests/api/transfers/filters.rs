//! Some of all transfers, and what it costs to find them.

use serde_json::{Value, json};

use super::{both, delete, ids, listed, page, take_down};
use crate::{
    harness::Service,
    sender::{ONE_PART, Sender},
};

/// One transfer in each state, by the name of the state.
async fn in_each_state(service: &Service, sender: &Sender) -> Vec<(&'static str, String)> {
    let expired = sender
        .sent(6, json!({ "expires_in": 60 }))
        .await
        .id
        .to_string();
    let pending = sender.pending(1, json!({})).await.id.to_string();
    let completed = sender.transfer(2, 20, json!({})).await;
    let once = json!({ "max_downloads": 1, "auto_delete": true });
    let exhausted = sender.transfer(3, 30, once).await;
    sender.download(&exhausted).ok().await;
    let deleted = sender.sent(4, json!({})).await.id.to_string();
    delete(service, &deleted).ok().await;
    let taken_down = sender.transfer(5, 50, json!({})).await;
    take_down(service, &taken_down, "abuse").ok().await;
    service.wait_seconds(60);
    vec![
        ("pending", pending),
        ("completed", completed),
        ("exhausted", exhausted),
        ("deleted", deleted),
        ("taken_down", taken_down),
        ("expired", expired),
    ]
}

#[tokio::test]
async fn those_of_one_state_are_found() {
    let (service, sender) = both();
    for (state, id) in in_each_state(&service, &sender).await {
        let found = page(&service, &format!("state={state}")).await;
        assert_eq!(ids(&found), [id], "{state}");
        assert_eq!(found["transfers"][0]["state"], state);
        assert_eq!(
            (&found["scans"], &found["looked_at"]),
            (&json!(["state"]), &json!(6))
        );
    }
}

#[tokio::test]
async fn those_of_some_sizes_are_found() {
    let (service, sender) = both();
    let [small, middle] = [
        sender.transfer(1, 10, json!({})).await,
        sender.transfer(2, 20, json!({})).await,
    ];
    let large = sender.sent(3, json!({})).await.id.to_string();
    let sizes = async |query: &str| {
        let mut found = listed(&service, query).await;
        found.sort_unstable();
        found
    };
    assert_eq!(sizes("max_size=19").await, [small.as_str()]);
    assert_eq!(sizes("max_size=20").await, [small, middle.clone()]);
    assert_eq!(sizes("min_size=20&max_size=4167").await, [middle.as_str()]);
    assert_eq!(sizes("min_size=20").await, [middle, large.clone()]);
    assert_eq!(sizes(&format!("min_size={ONE_PART}")).await, [large]);
    assert_eq!(sizes("min_size=30&max_size=20").await, [""; 0]);
    for query in ["min_size=1", "max_size=1", "min_size=1&max_size=1"] {
        assert_eq!(
            page(&service, query).await["scans"],
            json!(["size"]),
            "{query}"
        );
    }
}

/// Two that were sent with `press`, one with `other`, one with none.
async fn with_tokens(service: &Service) -> [String; 4] {
    for name in ["press", "other"] {
        let ask = service.admin_post("/tokens/create");
        ask.json(&json!({ "token_name": name })).ok().await;
    }
    let press = Sender::with_token(service, "press");
    let first = press.sent(1, json!({})).await.id.to_string();
    service.wait_ms(1);
    let other = Sender::with_token(service, "other");
    let others = other.sent(2, json!({})).await.id.to_string();
    service.wait_ms(1);
    let second = press.transfer(3, 30, json!({})).await;
    let none = Sender::beside(service).transfer(4, 40, json!({})).await;
    [first, second, others, none]
}

#[tokio::test]
async fn those_of_one_token_are_found_without_looking_at_others() {
    let service = Service::new();
    let [first, second, others, _] = with_tokens(&service).await;
    let found = page(&service, "token=press").await;
    assert_eq!(ids(&found), [second, first]);
    assert_eq!(
        (&found["scans"], &found["looked_at"]),
        (&json!(["token"]), &json!(2))
    );
    let names: Vec<_> = (0..2).map(|at| &found["transfers"][at]["token"]).collect();
    assert_eq!(names, ["press", "press"]);
    assert_eq!(listed(&service, "token=other").await, [others]);
    assert_eq!(listed(&service, "token=unknown").await, [""; 0]);
}

#[tokio::test]
async fn those_of_one_token_come_in_pages_too() {
    let service = Service::new();
    let [first, second, ..] = with_tokens(&service).await;
    let newest = page(&service, "token=press&limit=1").await;
    assert_eq!(ids(&newest), [second]);
    let next = newest["next"].as_str().unwrap();
    assert_eq!(
        listed(&service, &format!("token=press&limit=1&before={next}")).await,
        [first]
    );
}

#[tokio::test]
async fn those_that_were_reported_are_found_in_the_order_of_their_ids() {
    let (service, sender) = both();
    let mut reported = Vec::new();
    for n in [3, 1, 4, 2, 5] {
        let keys = sender.sent(n, json!({})).await;
        if n != 4 {
            sender.report(keys, "It is mine.").ok().await;
            reported.push(keys.id.to_string());
        }
    }
    reported.sort_unstable();
    let found = page(&service, "reported=true").await;
    assert_eq!(ids(&found), reported);
    assert_eq!(
        (&found["scans"], &found["looked_at"]),
        (&json!([]), &json!(4))
    );
    let first = page(&service, "reported=true&limit=3").await;
    assert_eq!(ids(&first), reported[..3]);
    let next = first["next"].as_str().unwrap();
    assert_eq!(
        listed(&service, &format!("reported=true&limit=3&before={next}")).await,
        reported[3..]
    );
    assert_eq!(listed(&service, "reported=false").await.len(), 5);
}

#[tokio::test]
async fn filters_hold_together() {
    let service = Service::new();
    let [first, second, others, none] = with_tokens(&service).await;
    let sender = Sender::beside(&service);
    for (n, reason) in [(1, "spam"), (2, "spam")] {
        let keys = crate::sender::Keys::new(n);
        sender.report(keys, reason).ok().await;
    }
    delete(&service, &none).ok().await;
    let cases: [(&str, &[&String], Value); 8] = [
        (
            "state=completed",
            &[&second, &others, &first],
            json!(["state"]),
        ),
        (
            "state=completed&token=press",
            &[&second, &first],
            json!(["state", "token"]),
        ),
        ("state=deleted&token=press", &[], json!(["state", "token"])),
        (
            "token=press&max_size=30",
            &[&second],
            json!(["size", "token"]),
        ),
        (
            "state=deleted&min_size=40&max_size=40",
            &[&none],
            json!(["state", "size"]),
        ),
        ("reported=true&token=press", &[&first], json!(["token"])),
        ("reported=true&state=deleted", &[], json!(["state"])),
        (
            "reported=true&state=completed&min_size=1&token=other",
            &[&others],
            json!(["state", "size", "token"]),
        ),
    ];
    for (query, wanted, scans) in cases {
        let found = page(&service, query).await;
        assert_eq!(ids(&found).iter().collect::<Vec<_>>(), wanted, "{query}");
        assert_eq!(found["scans"], scans, "{query}");
    }
}

#[tokio::test]
async fn a_filter_that_scans_stops_after_some_hundred_and_goes_on() {
    let (service, sender) = both();
    let wanted = sender.begun(1_000, json!({ "file_size_bytes": 7 })).await;
    service.wait_ms(1);
    for n in 0..310 {
        sender.begun(n, json!({})).await;
    }
    let (mut looked_at, mut query) = (Vec::new(), "max_size=7&min_size=7".to_owned());
    let found = loop {
        let page = page(&service, &query).await;
        looked_at.push(page["looked_at"].as_u64().unwrap());
        let Some(next) = page["next"].as_str() else {
            break ids(&page);
        };
        assert_eq!(ids(&page), [""; 0]);
        query = format!("max_size=7&min_size=7&before={next}");
    };
    assert_eq!((found, looked_at), (vec![wanted], vec![300, 11]));
}
