//! Tokens in pages.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::create;
use crate::harness::Service;

async fn with_tokens(n: u64) -> Service {
    let service = Service::new();
    for n in 0..n {
        let token = json!({ "token_name": format!("t{n}"), "usage_limit": n });
        create(&service, &token).ok().await;
    }
    service
}

async fn page(service: &Service, query: &str) -> Value {
    service
        .admin_get(format!("/tokens/{query}"))
        .ok()
        .await
        .json()
}

/// All pages of so many, by their `next`.
async fn pages(service: &Service, list: &str, limit: usize) -> Vec<Vec<Value>> {
    let field = if list == "list" {
        "token_names"
    } else {
        "tokens"
    };
    let (mut pages, mut query) = (Vec::new(), format!("{list}?limit={limit}"));
    loop {
        let page = page(service, &query).await;
        pages.push(page[field].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else {
            return pages;
        };
        query = format!("{list}?limit={limit}&after={next}");
    }
}

#[tokio::test]
async fn tokens_are_listed_in_pages_each_once() {
    let service = with_tokens(7).await;
    let names = pages(&service, "list", 3).await;
    let sizes: Vec<_> = names.iter().map(Vec::len).collect();
    assert_eq!(sizes, [3, 3, 1]);
    let names = names.concat();
    let mut sorted: Vec<_> = names.iter().map(|name| name.as_str().unwrap()).collect();
    sorted.sort_unstable();
    assert_eq!(sorted, ["t0", "t1", "t2", "t3", "t4", "t5", "t6"]);
    let details = pages(&service, "list-details", 2).await.concat();
    let named: Vec<_> = details
        .iter()
        .map(|token| token["token_name"].clone())
        .collect();
    assert_eq!(named, names, "in the same order");
    for token in &details {
        let name = token["token_name"].as_str().unwrap();
        let found = service
            .admin_get(format!("/tokens/lookup/{name}"))
            .ok()
            .await;
        assert_eq!(found.json(), *token);
    }
    let all = page(&service, "list").await;
    assert_eq!(
        (&all["token_names"], &all["next"]),
        (&Value::from(names), &Value::Null)
    );
    assert_eq!(
        pages(&service, "list", 7).await.len(),
        1,
        "no empty page at the end"
    );
}

#[tokio::test]
async fn a_page_has_a_hundred_unless_told_otherwise() {
    let service = with_tokens(101).await;
    for list in ["list?", "list-details?", "list?limit=100&"] {
        let first = page(&service, list).await;
        let field = if list.contains("details") {
            "tokens"
        } else {
            "token_names"
        };
        assert_eq!(first[field].as_array().unwrap().len(), 100, "{list}");
        let next = first["next"].as_str().unwrap();
        let rest = page(&service, &format!("{list}after={next}")).await;
        assert_eq!(rest[field].as_array().unwrap().len(), 1, "{list}");
        assert_eq!(rest["next"], Value::Null);
    }
}

#[tokio::test]
async fn where_there_are_none_a_page_is_empty() {
    let service = Service::new();
    assert_snapshot!(service.admin_get("/tokens/list").ok().await, @r#"200 {"next":null,"token_names":[]}"#);
    assert_snapshot!(service.admin_get("/tokens/list-details").ok().await, @r#"200 {"next":null,"tokens":[]}"#);
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused() {
    let service = with_tokens(1).await;
    for list in ["list", "list-details"] {
        for query in [
            "limit=0",
            "limit=101",
            "limit=-1",
            "limit=x",
            "limit=",
            "after=",
            "after=t0",
            "after=../../x",
            "limit=18446744073709551616",
            "after=%ff",
        ] {
            let refused = service
                .admin_get(format!("/tokens/{list}?{query}"))
                .refused();
            assert_eq!(refused.await.0, 400, "{list}?{query}");
        }
    }
    let page = service
        .admin_get("/tokens/list?limit=0")
        .await_reply()
        .await;
    assert_snapshot!(page, @r#"400 {"detail":"limit: must be 1 to 100","request_id":".."}"#);
    let page = service
        .admin_get("/tokens/list?after=t0")
        .await_reply()
        .await;
    assert_snapshot!(page, @r#"400 {"detail":"after: must be what the page before gave as next","request_id":".."}"#);
}
