//! Transfers over HTTP: what is stored, newest first; one of them; and what ends it.

mod details;
mod ends;
mod extensions;
mod filters;
mod pages;

use std::fmt::Display;

use axum::http::Method;
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
