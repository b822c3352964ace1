//! Transfers in pages, newest first.

use insta::assert_snapshot;
use send_core::{
    clock::Millis,
    id::Nonce,
    key::{AnyId, IndexEntry},
};
use serde_json::json;
use storage::{Path, PutMode};

use super::{both, delete, ids, listed, page, take_down};
use crate::harness::{START, Service};

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
    assert_snapshot!(service.admin_get("/transfers?state=gone").await_reply().await, @r#"400 {"detail":"query: state: unknown variant `gone`, expected one of `pending`, `completed`, `exhausted`, `deleted`, `taken_down`, `expired`","request_id":".."}"#);
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
async fn an_id_that_is_used_again_is_listed_once() {
    let (service, sender) = both();
    let again = json!({ "allow_recreate": true });
    let id = sender.transfer(1, 10, json!({})).await;
    delete(&service, &id).ok().await;
    service.wait_seconds(3_600);
    sender.begun(1, again.clone()).await;
    let found = page(&service, "").await;
    assert_eq!(ids(&found), [id.as_str()]);
    assert_eq!(found["transfers"][0]["state"], "pending");
    assert_eq!(found["transfers"][0]["created_at"], START + 3_600_000);
    take_down(&service, &id, "abuse").ok().await;
    let refused = sender.begin(1, &again).refused().await;
    assert_eq!(refused.0, 409, "what was taken down does not come back");
    assert_eq!(listed(&service, "state=taken_down").await, [id]);
}
