//! Transfers over HTTP: what is stored, newest first; one of them; and what ends it.

mod details;
mod ends;
mod extensions;
mod filters;

use std::fmt::Display;

use axum::http::Method;
use insta::assert_snapshot;
use send_core::{
    clock::Millis,
    id::Nonce,
    key::{AnyId, IndexEntry},
};
use serde_json::{Value, json};
use storage::{Path, PutMode};

use crate::{
    harness::{Ask, START, Service},
    sender::{Keys, Sender},
};

/// An admin service, and the user service beside it.
fn both() -> (Service, Sender) {
    let service = Service::new();
    let sender = Sender::beside(&service);
    (service, sender)
}

async fn page(service: &Service, query: &str) -> Value {
    let ask = service.admin_get(format!("/transfers?{query}"));
    ask.ok().await.json()
}

/// The ids on a page.
fn ids(page: &Value) -> Vec<String> {
    let transfers = page["transfers"].as_array().unwrap().iter();
    transfers
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn listed(service: &Service, query: &str) -> Vec<String> {
    let page = page(service, query).await;
    assert_eq!(page["next"], Value::Null, "{query}");
    ids(&page)
}

fn detail(service: &Service, id: impl Display) -> Ask {
    service.admin_get(format!("/transfers/{id}"))
}

/// What is done to a transfer: a method, what follows its id, and a body.
fn act(service: &Service, method: Method, id: impl Display, below: &str, body: &Value) -> Ask {
    service
        .admin(method, format!("/transfers/{id}{below}"))
        .json(body)
}

fn take_down(service: &Service, id: impl Display, reason: &str) -> Ask {
    act(
        service,
        Method::POST,
        id,
        "/takedown",
        &json!({ "reason": reason }),
    )
}

fn extend(service: &Service, id: impl Display, expires_in: u64) -> Ask {
    act(
        service,
        Method::PATCH,
        id,
        "",
        &json!({ "expires_in": expires_in }),
    )
}

fn delete(service: &Service, id: impl Display) -> Ask {
    act(service, Method::DELETE, id, "", &json!({}))
}

/// What is stored of a transfer, with the names that are random cut off.
async fn kept(service: &Service, id: impl Display) -> Vec<String> {
    let folder = format!("/{id}/");
    let stored = service.stored("transfers").await.into_iter();
    let below = stored.filter_map(|(path, _)| Some(path.split_once(&folder)?.1.to_owned()));
    let short = |path: String| {
        let names = path.split('/').filter(|name| name.len() < 16);
        names.collect::<Vec<_>>().join("/")
    };
    below.map(short).collect()
}

#[tokio::test]
async fn transfers_are_listed_newest_first() {
    let (service, sender) = both();
    let mut made = Vec::new();
    for (n, wait_ms) in [
        (1, 0),
        (2, 1),
        (3, 3_599_998),
        (4, 1),
        (5, 7_200_000),
        (6, 86_400_000),
    ] {
        service.wait_ms(wait_ms);
        made.insert(0, sender.begun(n, json!({})).await);
    }
    assert_eq!(listed(&service, "").await, made);
    let mut page = page(&service, "limit=2").await;
    let next = page["next"].as_str().unwrap().rsplitn(3, '-').last();
    page["next"] = format!("{}-..", next.unwrap()).into();
    assert_snapshot!(page, @r#"{"looked_at":2,"next":"8232763599999-000000000005-..","scans":[],"transfers":[{"created_at":1767322800000,"downloads":0,"expires_at":1769914800000,"id":"000000000006","kind":"transfer","size":0,"state":"pending","token":null},{"created_at":1767236400000,"downloads":0,"expires_at":1769828400000,"id":"000000000005","kind":"transfer","size":0,"state":"pending","token":null}]}"#);
    assert_eq!(listed(&Service::new(), "").await, [""; 0]);
}

#[tokio::test]
async fn pages_have_no_gap_and_nothing_twice_while_new_ones_arrive() {
    let (service, sender) = both();
    let mut made = Vec::new();
    for n in 1..=10 {
        made.push(sender.begun(n, json!({})).await);
        // Three in each millisecond, and an hour in between.
        service.wait_ms(u64::from(n % 3 == 0) * (1 + 3_600_000 * u64::from(n == 6)));
    }
    let (mut seen, mut query) = (Vec::new(), "limit=3".to_owned());
    for new in 11.. {
        let page = page(&service, &query).await;
        let ids = ids(&page);
        assert!(ids.len() == 3 || page["next"].is_null());
        seen.extend(ids);
        let Some(next) = page["next"].as_str() else {
            break;
        };
        query = format!("limit=3&before={next}");
        sender.begun(new, json!({})).await;
    }
    seen.sort_unstable();
    assert_eq!(seen, made, "those that there were at first, each once");
    assert_eq!(listed(&service, "").await.len(), 13);
}

#[tokio::test]
async fn a_page_has_fifty_unless_told_otherwise() {
    let (service, sender) = both();
    for n in 0..101 {
        sender.begun(n, json!({})).await;
    }
    for (query, here) in [("", 50), ("limit=100", 100), ("limit=1", 1)] {
        let page = page(&service, query).await;
        assert_eq!(ids(&page).len(), here, "{query}");
        assert_eq!(page["looked_at"], here, "{query}");
        assert!(page["next"].is_string(), "{query}");
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused() {
    let (service, sender) = both();
    sender.begun(1, json!({})).await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=x",
        "before=",
        "before=x",
        "before=8232774399999",
        "before=000000000001",
        "state=gone",
        "state=",
        "min_size=-1",
        "max_size=x",
        "token=a%20b",
        "token=",
        "reported=yes",
        "reported=true&before=x",
        "reported=true&before=000000000001",
        "min_size=18446744073709551616",
    ] {
        let refused = service.admin_get(format!("/transfers?{query}")).refused();
        assert_eq!(refused.await.0, 400, "{query}");
    }
    assert_snapshot!(service.admin_get("/transfers?before=x").await_reply().await, @r#"400 {"detail":"before: must be what the page before gave as next","request_id":".."}"#);
    assert_snapshot!(service.admin_get("/transfers?state=gone").await_reply().await, @r#"400 {"detail":"query: Failed to deserialize query string: state: unknown variant `gone`, expected one of `pending`, `completed`, `exhausted`, `deleted`, `taken_down`, `expired`","request_id":".."}"#);
}

#[tokio::test]
async fn what_the_index_tells_of_no_record_is_passed_over() {
    let (service, sender) = both();
    let gone = sender.begun(1, json!({})).await;
    let path = Path::parse(format!("transfers/00/{gone}/meta.json")).unwrap();
    service.blobs.delete(&path).await.unwrap();
    let there = sender.begun(2, json!({})).await;
    for second in 1..=3 {
        let other = IndexEntry {
            created_at: Millis(START + second),
            id: AnyId::parse(&there).unwrap(),
            generation: Nonce::new([second as u8; 8]),
            token: None,
        };
        let path = other.path();
        let put = service.blobs.put(&path, "".into(), PutMode::Create);
        put.await.unwrap();
    }
    let found = page(&service, "").await;
    assert_eq!(
        (ids(&found), &found["looked_at"]),
        (vec![there.clone()], &json!(5))
    );
    // Where a page has room for one, those in between do not end it.
    let found = page(&service, "limit=1").await;
    assert_eq!(ids(&found), [there]);
}

/// Five listings of one entry each find nothing: the page is empty, and says where to go on.
#[tokio::test]
async fn a_page_of_nothing_goes_on() {
    let (service, sender) = both();
    let there = sender.begun(9, json!({})).await;
    for n in 1..=6 {
        service.wait_ms(1);
        let gone = sender.begun(n, json!({})).await;
        let path = Path::parse(format!("transfers/00/{gone}/meta.json")).unwrap();
        service.blobs.delete(&path).await.unwrap();
    }
    let first = page(&service, "limit=1").await;
    assert_eq!((ids(&first), &first["looked_at"]), (vec![], &json!(5)));
    let next = first["next"].as_str().unwrap();
    let rest = page(&service, &format!("limit=1&before={next}")).await;
    assert_eq!(ids(&rest), [there]);
}

#[tokio::test]
async fn what_is_no_id_and_what_is_unknown_is_not_there() {
    let (service, sender) = both();
    sender.sent(1, json!({})).await;
    let before = service.all_stored().await;
    let upper = Keys::new(0xab).id.to_string().to_uppercase();
    let unknown = Keys::new(2).id.to_string();
    for id in [
        &upper,
        &unknown,
        "00ff10abcdef",
        "x",
        "%ff",
        "..%2f..%2fx",
        &unknown[1..],
    ] {
        for (method, below, body) in [
            (Method::GET, "", json!({})),
            (Method::POST, "/takedown", json!({ "reason": "other" })),
            (Method::PATCH, "", json!({ "expires_in": 1 })),
            (Method::DELETE, "", json!({})),
        ] {
            let refused = act(&service, method.clone(), id, below, &body)
                .refused()
                .await;
            assert_eq!(refused.0, 404, "{method} {id}");
        }
    }
    assert!(service.all_stored().await == before);
}
