//! Parts that go straight between client and storage, as far as the service has a say.

use insta::assert_json_snapshot;
use send_core::id::Digest;
use serde_json::{Value, json};

use crate::harness::{Keys, Service, TWO_PARTS};

const BOTH: &[(&str, &str)] = &[("SEND_DIRECT", "both")];

fn to_send(parts: impl IntoIterator<Item = u32>) -> Value {
    let sha256 = Digest::of("a part");
    let parts: Vec<_> = parts
        .into_iter()
        .map(|part| json!({ "part": part, "sha256": sha256 }))
        .collect();
    json!({ "parts": parts })
}

async fn urls(service: &Service, keys: &Keys, token: &str, ask: &Value) -> Value {
    let ask = service.post(keys.path("/part-urls")).token(token).json(ask);
    ask.ok().await.json()
}

async fn refusal(service: &Service, keys: &Keys, token: &str, ask: &Value) -> (u16, String) {
    let ask = service.post(keys.path("/part-urls")).token(token).json(ask);
    ask.refused().await
}

/// The query of a signed URL, by name.
fn signed(url: &Value, name: &str) -> String {
    let (_, query) = url.as_str().unwrap().split_once('?').unwrap();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(n, _)| *n == name).unwrap();
    value.to_owned()
}

#[tokio::test]
async fn the_transport_is_told_where_bytes_begin_to_travel() {
    for (ways, up, down) in [
        ("off", "service", "service"),
        ("uploads", "direct", "service"),
        ("both", "direct", "direct"),
    ] {
        let service = Service::signing(&[("SEND_DIRECT", ways)]);
        let ask = service
            .post("/api/v1/sends")
            .json(&Keys::new(1).create(json!({})));
        assert_eq!(ask.await_reply().await.json()["transport"], up);
        let keys = service.sent(json!({})).await;
        assert_eq!(service.claim(&keys, 1).ok().await.json()["transport"], down);
    }
}

#[tokio::test]
async fn pages_may_connect_to_the_bucket_where_bytes_go_straight_and_to_nothing_else() {
    let policy = async |service: Service| {
        let page = service.get("/").ok().await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        let connect = policy
            .split("; ")
            .find(|rule| rule.starts_with("connect-src"));
        connect.unwrap().to_owned()
    };
    assert_eq!(
        policy(Service::signing(&[])).await,
        "connect-src 'self' https://a-bucket.s3.eu-west-1.amazonaws.com/"
    );
    let off = Service::signing(&[("SEND_DIRECT", "off")]);
    assert_eq!(policy(off).await, "connect-src 'self'");
    assert_eq!(policy(Service::new()).await, "connect-src 'self'");
}

#[tokio::test]
async fn an_owner_gets_urls_for_these_bytes_once() {
    let service = Service::signing(&[]);
    let keys = service.pending(json!({ "size": TWO_PARTS })).await;
    let answer = urls(&service, &keys, &keys.owner(), &to_send([1, 0])).await;
    assert_eq!(answer["expires_in"], 300);
    assert_eq!(answer["urls"][1]["part"], 0);
    let first = &answer["urls"][0];
    assert_eq!(first["part"], 1);
    assert_json_snapshot!(first["headers"], @r#"
    {
      "if-none-match": "*",
      "x-amz-checksum-sha256": "NROuGjkIbConONqmMLni8wT0G1lFIo4HQaEXpQj8Ubk="
    }
    "#);
    let url = first["url"].as_str().unwrap();
    let bucket = "https://a-bucket.s3.eu-west-1.amazonaws.com/prefix/transfers/";
    assert!(url.starts_with(bucket), "{url}");
    assert!(
        url.split('?').next().unwrap().ends_with("/parts/00001"),
        "{url}"
    );
    assert_eq!(signed(&first["url"], "X-Amz-Expires"), "300");
    assert_eq!(
        signed(&first["url"], "X-Amz-SignedHeaders"),
        "host%3Bif-none-match%3Bx-amz-checksum-sha256"
    );
}

#[tokio::test]
async fn a_claim_gets_urls_to_read_where_that_is_allowed() {
    let service = Service::signing(BOTH);
    let (keys, claim) = service.claimed(json!({})).await;
    let answer = urls(&service, &keys, &claim, &json!({ "parts": [0] })).await;
    assert_eq!(answer["urls"][0]["headers"], json!({}));
    assert_eq!(
        signed(&answer["urls"][0]["url"], "X-Amz-SignedHeaders"),
        "host"
    );

    let service = Service::signing(&[("SEND_DIRECT", "uploads")]);
    let (keys, claim) = service.claimed(json!({})).await;
    let (status, detail) = refusal(&service, &keys, &claim, &json!({ "parts": [0] })).await;
    assert_eq!(status, 400);
    assert!(detail.contains("through the service"), "{detail}");
}

#[tokio::test]
async fn no_url_outlives_its_send() {
    let service = Service::signing(BOTH);
    let (keys, claim) = service.claimed(json!({ "expires_in": 1_000 })).await;
    service.wait_seconds(960);
    let answer = urls(&service, &keys, &claim, &json!({ "parts": [0] })).await;
    assert_eq!(answer["expires_in"], 40);
    service.wait_seconds(40);
    let (status, detail) = refusal(&service, &keys, &claim, &json!({ "parts": [0] })).await;
    assert_eq!((status, detail.as_str()), (410, "expired"));
}

#[tokio::test]
async fn urls_are_given_for_what_may_be_sent_or_read_now() {
    let service = Service::signing(BOTH);
    let keys = service.pending(json!({ "size": TWO_PARTS })).await;
    let owner = keys.owner();
    for (ask, word) in [
        (to_send([2]), "part"),
        (to_send([]), "parts"),
        (to_send((0..101).map(|_| 0)), "parts"),
        (json!({ "parts": [0] }), "sha256"),
        (
            json!({ "parts": [{ "part": 0, "sha256": "abc" }] }),
            "parts",
        ),
        (json!({ "parts": [-1] }), "parts"),
        (json!({}), "parts"),
    ] {
        let (status, detail) = refusal(&service, &keys, &owner, &ask).await;
        assert_eq!(status, 400, "{ask}: {detail}");
        assert!(detail.contains(word), "{ask}: {detail}");
    }

    let service = Service::signing(BOTH);
    let (keys, claim) = service.claimed(json!({})).await;
    let (status, _) = refusal(&service, &keys, &keys.owner(), &to_send([0])).await;
    assert_eq!(status, 409, "complete");
    let (status, _) = refusal(&service, &keys, &claim, &to_send([0])).await;
    assert_eq!(status, 400, "a claim only reads");
    service.delete(keys.path("")).token(keys.owner()).ok().await;
    let (status, detail) = refusal(&service, &keys, &claim, &json!({ "parts": [0] })).await;
    assert_eq!((status, detail.as_str()), (410, "deleted"));
}
