//! Who may do what, and what the others learn: nothing.

use insta::assert_snapshot;
use serde_json::json;

use crate::harness::{Keys, Service, claim};

/// Unknown, wrong token, no token, gone without token: who has no right learns nothing.
#[tokio::test]
async fn without_a_right_token_everything_answers_alike() {
    let service = Service::new();
    let (known, stranger) = (service.sent(json!({})).await, Keys::new(9));
    let mut answers = Vec::new();
    for gone in [false, true] {
        if gone {
            service
                .delete(known.path(""))
                .token(known.owner())
                .ok()
                .await;
        }
        for keys in [&known, &stranger] {
            let garbage = "garbage".to_owned();
            for token in [
                stranger.link(),
                stranger.reader(),
                stranger.owner(),
                claim(7),
                garbage,
            ] {
                answers.extend(everything(&service, keys, &token).await);
            }
            answers.push(service.get(keys.path("")).await_reply().await.to_string());
        }
    }
    answers.sort();
    answers.dedup();
    assert_snapshot!(answers.join("\n"), @r#"404 {"detail":"There is nothing here, or not for this token.","request_id":".."}"#);
}

/// What every route below a send answers to a token.
async fn everything(service: &Service, keys: &Keys, token: &str) -> Vec<String> {
    let mut asks: Vec<_> = ["", "/manifest", "/parts", "/parts/0", "/content"]
        .map(|path| service.get(keys.path(path)))
        .into();
    asks.extend(["/manifest", "/parts/0"].map(|path| service.put(keys.path(path))));
    asks.push(service.post(keys.path("/complete")));
    let urls = service.post(keys.path("/part-urls"));
    asks.push(urls.json(&json!({ "parts": [0] })));
    asks.extend(["", "/claim"].map(|path| service.delete(keys.path(path))));
    asks.push(
        service
            .patch(keys.path(""))
            .json(&json!({ "downloads": 1 })),
    );
    asks.push(
        service
            .post(keys.path("/claims"))
            .json(&json!({ "claim": claim(1) })),
    );
    asks.push(
        service
            .post(keys.path("/report"))
            .json(&json!({ "reason": "spam" })),
    );
    let answers = asks.into_iter().map(|ask| ask.token(token).await_reply());
    let answers = futures::future::join_all(answers).await;
    answers.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn the_link_alone_opens_nothing_but_the_state() {
    let service = Service::new();
    let keys = service.sent(json!({})).await;
    for path in ["/manifest", "/parts", "/parts/0", "/content"] {
        assert_eq!(
            service
                .get(keys.path(path))
                .token(keys.link())
                .refused()
                .await
                .0,
            404,
            "{path}"
        );
    }
    assert_eq!(
        service
            .delete(keys.path(""))
            .token(keys.link())
            .refused()
            .await
            .0,
        404
    );
    assert_eq!(
        service
            .delete(keys.path(""))
            .token(keys.reader())
            .refused()
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn a_malformed_id_or_part_is_named() {
    let service = Service::new();
    assert_snapshot!(service.get("/api/v1/sends/ABC").await_reply().await, @r#"400 {"detail":"id: must be 32 lower-case hexadecimal digits","request_id":".."}"#);
    assert_snapshot!(
        service
            .get(Keys::new(1).path("/parts/-1"))
            .await_reply()
            .await, @r#"400 {"detail":"part: must be a number from 0","request_id":".."}"#);
    assert_snapshot!(
        service
            .get(Keys::new(1).path("/parts/+1"))
            .await_reply()
            .await, @r#"400 {"detail":"part: must be a number from 0","request_id":".."}"#);
}

#[tokio::test]
async fn a_wrong_read_half_is_403_and_a_hundred_a_day_are_enough() {
    let service = Service::new();
    let keys = service.sent(json!({})).await;
    let wrong = || {
        service
            .get(keys.path("/manifest"))
            .token(keys.wrong_reader())
    };
    for n in 0..100 {
        assert_eq!(
            wrong().refused().await,
            (403, "wrong_passphrase".into()),
            "{n}"
        );
    }
    assert_snapshot!(wrong().await_reply().await, @r#"429 {"detail":"Too many wrong passphrases today. Try again tomorrow.","request_id":".."}"#);
    assert_eq!(
        service
            .get(keys.path("/manifest"))
            .token(keys.reader())
            .refused()
            .await
            .0,
        429,
        "right halves too"
    );
    assert_eq!(service.claim(&keys, 1).refused().await.0, 429);
    assert_eq!(
        service
            .get(keys.path(""))
            .token(keys.link())
            .ok()
            .await
            .status,
        200,
        "the link still tells the state"
    );
    service.wait_seconds(86_400);
    let other_day = service
        .get(keys.path("/manifest"))
        .token(keys.reader())
        .refused()
        .await;
    assert_eq!(other_day, (410, "expired".into()));
}

#[tokio::test]
async fn the_next_day_guesses_are_forgiven() {
    let service = Service::new();
    let keys = service.sent(json!({ "expires_in": 200_000 })).await;
    for _ in 0..101 {
        service
            .get(keys.path(""))
            .token(keys.wrong_reader())
            .refused()
            .await;
    }
    assert_eq!(
        service
            .get(keys.path("/manifest"))
            .token(keys.reader())
            .refused()
            .await
            .0,
        429
    );
    service.wait_seconds(86_400);
    service
        .get(keys.path("/manifest"))
        .token(keys.reader())
        .ok()
        .await;
}
