//! What recipients reported, over HTTP.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    harness::{Ask, Service},
    sender::{Keys, Sender},
};

/// An admin service, and the user service beside it.
fn both() -> (Service, Sender) {
    let service = Service::new();
    let sender = Sender::beside(&service);
    (service, sender)
}

async fn page(service: &Service, query: &str) -> Value {
    service
        .admin_get(format!("/reports?{query}"))
        .ok()
        .await
        .json()
}

/// The ids on a page.
fn ids(page: &Value) -> Vec<String> {
    let reports = page["reports"].as_array().unwrap().iter();
    reports
        .map(|one| one["transfer"]["id"].as_str().unwrap().to_owned())
        .collect()
}

fn dismiss(service: &Service, id: impl std::fmt::Display) -> Ask {
    service.admin_post(format!("/reports/{id}/dismiss"))
}

/// A send that was reported so often.
async fn reported(sender: &Sender, n: u8, times: usize) -> Keys {
    let keys = sender.sent(n, json!({})).await;
    for k in 0..times {
        sender.report(keys, &format!("Reason {k}.")).ok().await;
    }
    keys
}

#[tokio::test]
async fn what_was_reported_appears_with_its_reasons() {
    let (service, sender) = both();
    assert_snapshot!(service.admin_get("/reports").ok().await, @r#"200 {"next":null,"reports":[]}"#);
    let keys = sender.sent(1, json!({ "downloads": 2 })).await;
    sender.report(keys, " It is <b>mine</b>.\n").ok().await;
    service.wait_seconds(5);
    sender.report(keys, "It is ours.").ok().await;
    sender.sent(2, json!({})).await;
    let refused = sender.report(keys, " ").refused().await;
    assert_eq!(refused.0, 400, "nothing of what was refused appears");
    assert_snapshot!(service.admin_get("/reports").ok().await, @r#"200 {"next":null,"reports":[{"reports":[{"at":1767225600000,"reason":"It is <b>mine</b>."},{"at":1767225605000,"reason":"It is ours."}],"transfer":{"created_at":1767225600000,"downloads":2,"expires_at":1767229200000,"id":"01010101010101010101010101010101","kind":"send","size":4168,"state":"completed","token":null}}]}"#);
    assert_eq!(
        service.log().await.len(),
        0,
        "a report is no change by an admin"
    );
}

#[tokio::test]
async fn a_report_needs_no_name_and_leaves_none() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({})).await;
    let report = sender
        .report(keys, "It is mine.")
        .header("x-forwarded-for", "192.0.2.77");
    report.ok().await;
    let stored = service.stored("reports").await;
    let (path, content) = &stored[0];
    assert_eq!(path, &format!("reports/{}/000", keys.id));
    assert_snapshot!(content, @r#"{"at":1767225600000,"reason":"It is mine."}"#);
}

#[tokio::test]
async fn reports_come_in_pages_each_transfer_once_and_whole() {
    let (service, sender) = both();
    let mut made = Vec::new();
    for n in 1..=25 {
        let times = if n % 5 == 0 { 10 } else { 1 };
        made.push(reported(&sender, n, times).await.id.to_string());
    }
    let first = page(&service, "").await;
    assert_eq!(ids(&first), made[..20], "twenty unless told otherwise");
    let next = first["next"].as_str().unwrap();
    let rest = page(&service, &format!("after={next}")).await;
    assert_eq!(
        (ids(&rest), &rest["next"]),
        (made[20..].to_vec(), &Value::Null)
    );
    let (mut seen, mut query) = (Vec::new(), "limit=4".to_owned());
    loop {
        let page = page(&service, &query).await;
        seen.extend(page["reports"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        query = format!("limit=4&after={next}");
    }
    let seen_ids: Vec<_> = seen
        .iter()
        .map(|one| one["transfer"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(seen_ids, made);
    for (n, one) in (1..).zip(&seen) {
        let said = one["reports"].as_array().unwrap();
        let reasons: Vec<_> = said
            .iter()
            .map(|report| report["reason"].as_str().unwrap())
            .collect();
        let times = if n % 5 == 0 { 10 } else { 1 };
        let wanted: Vec<_> = (0..times).map(|k| format!("Reason {k}.")).collect();
        assert_eq!(reasons, wanted, "the oldest first");
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused() {
    let (service, sender) = both();
    reported(&sender, 1, 1).await;
    for query in [
        "limit=0",
        "limit=21",
        "limit=x",
        "after=",
        "after=x",
        "after=00ff10abcdef",
        "limit=-1",
    ] {
        let refused = service.admin_get(format!("/reports?{query}")).refused();
        assert_eq!(refused.await.0, 400, "{query}");
    }
    assert_snapshot!(service.admin_get("/reports?limit=21").await_reply().await, @r#"400 {"detail":"limit: must be 1 to 20","request_id":".."}"#);
}

#[tokio::test]
async fn what_was_dismissed_is_gone_and_may_be_reported_again() {
    let (service, sender) = both();
    let (keys, other) = (reported(&sender, 1, 3).await, reported(&sender, 2, 1).await);
    assert_snapshot!(dismiss(&service, keys.id).ok().await, @r#"200 {"dismissed":3}"#);
    assert_eq!(ids(&page(&service, "").await), [other.id.to_string()]);
    assert_eq!(service.stored("reports").await.len(), 1);
    sender.state(keys).ok().await;
    sender.claim(keys, 1).ok().await;
    let before = service.all_stored().await;
    assert_snapshot!(dismiss(&service, keys.id).await_reply().await, @r#"404 {"detail":"There is nothing here, or not for this token.","request_id":".."}"#);
    assert!(service.all_stored().await == before, "nor is it in the log");
    sender.report(keys, "Once more.").ok().await;
    let again = page(&service, "limit=1").await;
    assert_eq!(again["reports"][0]["reports"][0]["reason"], "Once more.");
    assert_snapshot!(service.log().await.join("\n"), @"key cde44974: reports_dismissed transfer 01010101010101010101010101010101 {}");
}

#[tokio::test]
async fn there_is_nothing_to_dismiss_of_what_was_not_reported() {
    let (service, sender) = both();
    let keys = sender.sent(1, json!({})).await;
    let transfer = sender.transfer(2, 10, json!({})).await;
    let unknown = Keys::new(3).id;
    let before = service.all_stored().await;
    for id in [
        keys.id.to_string(),
        transfer,
        unknown.to_string(),
        "x".to_owned(),
        "%ff".to_owned(),
    ] {
        assert_eq!(dismiss(&service, &id).refused().await.0, 404, "{id}");
    }
    let anonymous = service.post(format!("/reports/{}/dismiss", keys.id));
    assert_eq!(anonymous.refused().await.0, 401);
    assert_eq!(service.get("/reports").refused().await.0, 401);
    assert!(service.all_stored().await == before);
}

/// So that somebody who sends reports without end fills neither the storage nor the page.
#[tokio::test]
async fn ten_reports_are_enough_until_they_are_dismissed() {
    let (service, sender) = both();
    let keys = reported(&sender, 1, 10).await;
    assert_eq!(sender.report(keys, "One more.").refused().await.0, 429);
    assert_eq!(
        dismiss(&service, keys.id).ok().await.json()["dismissed"],
        10
    );
    sender.report(keys, "One more.").ok().await;
}

/// The sender's own delete ends the transfer; what was said of it is still to be seen, and to be dismissed.
#[tokio::test]
async fn what_was_said_of_a_transfer_that_is_over_is_seen_until_it_is_dismissed() {
    let (service, sender) = both();
    let keys = reported(&sender, 1, 1).await;
    service.wait_seconds(3_600);
    let seen = page(&service, "").await;
    assert_eq!(seen["reports"][0]["transfer"]["state"], "expired");
    dismiss(&service, keys.id).ok().await;
    assert_eq!(ids(&page(&service, "").await), [""; 0]);
}
