//! Signing in, and what is closed to who is not.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::Method;
use futures::future::join_all;
use insta::assert_snapshot;
use serde_json::json;
use tokio::time::Instant;

use crate::harness::{KEY, Reply, SECOND_KEY, START, Service};

/// The value of the cookie that an answer sets.
fn session_of(reply: &Reply) -> String {
    let cookie = reply.headers["set-cookie"].to_str().unwrap();
    let (name, rest) = cookie.split_once('=').unwrap();
    assert_eq!(name, "__Host-sgraph-admin");
    rest.split(';').next().unwrap().to_owned()
}

async fn signed_in(service: &Service) -> String {
    let ask = service.post("/auth/set-auth-cookie");
    let reply = ask.json(&json!({ "cookie_value": KEY })).ok().await;
    session_of(&reply)
}

fn cookie(session: &str) -> String {
    format!("__Host-sgraph-admin={session}")
}

#[tokio::test]
async fn every_route_but_the_named_ones_is_closed() {
    let service = Service::new();
    let description = service.get("/api/openapi.json").ok().await.json();
    let open = [
        "/info/health",
        "/info/status",
        "/info/version",
        "/info/versions",
        "/api/info",
        "/auth/set-cookie-form",
        "/auth/set-auth-cookie",
    ];
    let mut closed = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if open.contains(&path.as_str()) {
                assert_eq!(operation["security"], json!([]), "{method} {path}");
                continue;
            }
            closed += 1;
            let method: Method = method.to_uppercase().parse().unwrap();
            let ask = service.ask(method.clone(), path.replace(['{', '}'], ""));
            let refused = ask.json(&json!({})).refused().await;
            let needed = (401, "The admin key is needed.".to_owned());
            assert_eq!(refused, needed, "{method} {path}");
            assert!(operation["responses"]["401"].is_object(), "{method} {path}");
            assert!(operation.get("security").is_none(), "{method} {path}");
        }
    }
    assert!(closed >= 6, "{closed}");
    assert_eq!(description["security"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_key_is_taken_in_the_header_and_in_a_cookie_of_the_configured_name() {
    let service = Service::with(&[("SEND_ADMIN_KEY_NAME", "X-Admin")]);
    let session = || service.get("/auth/session");
    let answer = session().header("x-admin", KEY).ok().await;
    assert_snapshot!(answer, @r#"200 {"expires_at":null,"key":"cde44974"}"#);
    session()
        .header("cookie", format!("a=b; X-Admin={SECOND_KEY}"))
        .ok()
        .await;
    assert_eq!(session().header("x-api-key", KEY).refused().await.0, 401);
    let settings = service.get("/settings").header("x-admin", KEY).ok().await;
    assert_eq!(settings.json()["admin_key_name"], "x-admin");
}

#[tokio::test]
async fn the_key_is_exchanged_for_a_session_of_a_quarter_of_an_hour() {
    let service = Service::new();
    let form = service.get("/auth/set-cookie-form").await_reply().await;
    assert_eq!(
        (form.status.as_u16(), &form.headers["location"]),
        (303, &"/".parse().unwrap())
    );
    let ask = service.post("/auth/set-auth-cookie");
    let reply = ask.json(&json!({ "cookie_value": KEY })).ok().await;
    assert_snapshot!(reply, @r#"200 {"expires_at":1767226500000,"key":"cde44974","message":"Signed in."}"#);
    let shown = session_of(&reply);
    let set = reply.headers["set-cookie"].to_str().unwrap();
    assert_eq!(
        set.split_once(';').unwrap().1,
        " HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=900"
    );
    let ask = || {
        service
            .get("/auth/session")
            .header("cookie", cookie(&shown))
    };
    assert_snapshot!(ask().ok().await, @r#"200 {"expires_at":1767226500000,"key":"cde44974"}"#);
    assert_eq!(ask().ok().await.json()["expires_at"], START + 900_000);
    service.wait_seconds(899);
    ask().ok().await;
    service.wait_seconds(1);
    assert_eq!(ask().refused().await.0, 401);
}

#[tokio::test]
async fn what_is_stored_of_a_session_opens_nothing() {
    let service = Service::new();
    let shown = signed_in(&service).await;
    let stored = service.stored("sessions").await;
    let [(path, _)] = &stored[..] else {
        panic!("{stored:?}")
    };
    assert!(!path.contains(&shown));
    let hash = path.strip_prefix("sessions/").unwrap();
    let hash = hash.strip_suffix(".json").unwrap();
    for wrong in [hash, "", "x", &shown[1..], &format!("{shown}A")] {
        let ask = service.get("/auth/session").header("cookie", cookie(wrong));
        assert_eq!(ask.refused().await.0, 401, "{wrong:?}");
    }
}

#[tokio::test]
async fn who_signs_out_is_out_everywhere_and_both_are_in_the_log() {
    let service = Service::new();
    let (one, other) = (signed_in(&service).await, signed_in(&service).await);
    let out = service
        .delete("/auth/session")
        .header("cookie", cookie(&one));
    let reply = out.ok().await;
    assert_eq!(reply.status, 204);
    assert_eq!(session_of(&reply), "");
    let ask = |session| {
        service
            .get("/auth/session")
            .header("cookie", cookie(session))
    };
    assert_eq!(ask(&one).refused().await.0, 401);
    ask(&other).ok().await;
    assert_eq!(service.stored("sessions").await.len(), 1);
    let log = service.get("/audit").header("cookie", cookie(&other));
    let log = log.ok().await.json();
    let actions: Vec<_> = log["entries"].as_array().unwrap().iter().collect();
    let told = |at: usize| (actions[at]["action"].clone(), actions[at]["by"].clone());
    assert_eq!(told(0), (json!("signed_out"), json!("key cde44974")));
    assert_eq!(told(2), (json!("signed_in"), json!("key cde44974")));
    assert_eq!(actions[0]["subject"], actions[2]["subject"]);
    let text = log.to_string();
    for secret in [KEY, &one, &other] {
        assert!(!text.contains(secret));
    }
}

#[tokio::test]
async fn who_signs_out_with_the_key_alone_ends_nothing() {
    let service = Service::new();
    signed_in(&service).await;
    let out = service.delete("/auth/session").header("x-api-key", KEY);
    assert_eq!(out.ok().await.status, 204);
    assert_eq!(service.stored("sessions").await.len(), 1);
    assert_eq!(service.stored("audit").await.len(), 1);
}

#[tokio::test]
async fn a_session_is_void_when_its_key_is_replaced() {
    let service = Service::new();
    let shown = signed_in(&service).await;
    let hash = crate::harness::sha256(SECOND_KEY);
    let later = service.again(&[("SEND_ADMIN_KEY_SHA256", &hash)]);
    let ask = |service: &Service| {
        service
            .get("/auth/session")
            .header("cookie", cookie(&shown))
    };
    ask(&service).ok().await;
    assert_eq!(ask(&later).refused().await.0, 401);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_key_waits_a_second_and_a_right_one_does_not() {
    let service = Service::new();
    let wrong = || async {
        let begun = Instant::now();
        let ask = service.get("/auth/session").header("x-api-key", "wrong");
        (
            ask.refused().await.0,
            begun.elapsed() >= Duration::from_secs(1),
        )
    };
    assert_eq!(wrong().await, (401, true));
    let crowd = join_all((0..20).map(|_| wrong()));
    let right = async {
        let begun = Instant::now();
        service
            .get("/auth/session")
            .header("x-api-key", KEY)
            .ok()
            .await;
        signed_in(&service).await;
        begun.elapsed()
    };
    let (crowd, right) = tokio::join!(crowd, right);
    assert_eq!(right, Duration::ZERO);
    let slow = crowd
        .iter()
        .filter(|answer| **answer == (401, true))
        .count();
    let refused = crowd
        .iter()
        .filter(|answer| **answer == (429, false))
        .count();
    assert_eq!((slow, refused), (8, 12));
    let none = Instant::now();
    assert_eq!(service.get("/auth/session").refused().await.0, 401);
    assert_eq!(none.elapsed(), Duration::ZERO, "no key is no wrong key");
}

#[tokio::test(start_paused = true)]
async fn who_signs_in_with_a_wrong_key_is_refused_in_its_time_and_nothing_is_stored() {
    let service = Service::new();
    for wrong in ["", "wrong", "the admin key ", &crate::harness::sha256(KEY)] {
        let begun = Instant::now();
        let ask = service.post("/auth/set-auth-cookie");
        let reply = ask
            .json(&json!({ "cookie_value": wrong }))
            .await_reply()
            .await;
        assert_eq!(reply.status, 401, "{wrong:?}");
        assert!(!reply.headers.contains_key("set-cookie"));
        assert_eq!(begun.elapsed().as_secs(), 1);
    }
    for malformed in [json!({}), json!([]), json!({ "cookie_value": 1 })] {
        let ask = service.post("/auth/set-auth-cookie").json(&malformed);
        assert_eq!(ask.refused().await.0, 400, "{malformed}");
    }
    assert!(service.stored("sessions").await.is_empty());
    assert!(service.stored("audit").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_address_that_guesses_is_stopped_and_others_are_not() {
    let service = Service::with(&[("SEND_TRUST_PROXY", "x-forwarded-for:1")]);
    let from = |address, key| {
        let ask = service.get("/auth/session").header("x-api-key", key);
        ask.header("x-forwarded-for", address)
    };
    for n in 0..999 {
        assert_eq!(from("192.0.2.1", "wrong").refused().await.0, 401, "{n}");
    }
    from("192.0.2.1", KEY).ok().await;
    let sign_in = |address| {
        let ask = service.post("/auth/set-auth-cookie");
        ask.header("x-forwarded-for", address)
    };
    let wrong = sign_in("192.0.2.1").json(&json!({ "cookie_value": "wrong" }));
    assert_eq!(wrong.refused().await.0, 401, "the last that is forgiven");
    assert_eq!(from("192.0.2.1", KEY).refused().await.0, 429);
    let right = json!({ "cookie_value": KEY });
    assert_eq!(sign_in("192.0.2.1").json(&right).refused().await.0, 429);
    from("192.0.2.2", KEY).ok().await;
    sign_in("192.0.2.2").json(&right).ok().await;
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_wrong_keys_counts_too() {
    let service = Service::with(&[("SEND_TRUST_PROXY", "x-forwarded-for:1")]);
    let from = |address, key| {
        let ask = service.get("/auth/session").header("x-api-key", key);
        ask.header("x-forwarded-for", address)
    };
    let flood = join_all((0..1_000).map(|_| from("192.0.2.1", "wrong").refused())).await;
    let at_once = flood.iter().filter(|(status, _)| *status == 429).count();
    assert_eq!(at_once, 992);
    assert_eq!(from("192.0.2.1", KEY).refused().await.0, 429);
    from("192.0.2.2", KEY).ok().await;
}

#[tokio::test]
async fn a_session_reads_the_figures_and_is_no_wrong_key() {
    let service = Service::with(&[("SEND_TRUST_PROXY", "x-forwarded-for:1")]);
    let shown = signed_in(&service).await;
    for _ in 0..1_001 {
        let ask = service.get("/metrics").header("cookie", cookie(&shown));
        ask.header("x-forwarded-for", "192.0.2.1").ok().await;
    }
}

#[tokio::test]
async fn an_admin_may_look_for_what_is_not_there_as_often_as_they_like() {
    let service = Service::with(&[("SEND_TRUST_PROXY", "x-forwarded-for:1")]);
    let shown = signed_in(&service).await;
    for n in 0..1_001 {
        let ask = service.get("/nothing").header("cookie", cookie(&shown));
        let refused = ask.header("x-forwarded-for", "192.0.2.1").refused().await;
        assert_eq!(refused.0, 404, "{n}");
    }
}

#[tokio::test]
async fn what_a_cookie_lets_change_must_come_from_our_own_page() {
    let service = Service::new();
    let shown = signed_in(&service).await;
    for site in ["cross-site", "same-site", "none"] {
        for cookie in [cookie(&shown), format!("x-api-key={KEY}")] {
            let change = service.delete("/auth/session").header("cookie", &cookie);
            let refused = change.header("sec-fetch-site", site).refused().await;
            assert_eq!(refused.0, 403, "{site}");
            let look = service.get("/auth/session").header("cookie", cookie);
            look.header("sec-fetch-site", site).ok().await;
        }
        let ask = service.post("/auth/set-auth-cookie");
        let ask = ask.json(&json!({ "cookie_value": KEY }));
        let refused = ask.header("sec-fetch-site", site).refused().await;
        assert_eq!(refused.0, 403, "{site}");
        let program = service.delete("/auth/session").header("x-api-key", KEY);
        program.header("sec-fetch-site", site).ok().await;
    }
    let change = service.delete("/auth/session");
    let change = change.header("cookie", cookie(&shown));
    change.header("sec-fetch-site", "same-origin").ok().await;
}

#[tokio::test(start_paused = true)]
async fn the_log_never_holds_a_key_or_a_session() {
    let log = Log::default();
    let into = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || into.clone())
        .finish();
    // For all tests of this program: what they log may hold no secret either.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let service = Service::new();
    let shown = signed_in(&service).await;
    service.admin_get("/settings").ok().await;
    let wrong = service.get("/settings").header("x-api-key", "a wrong key");
    assert_eq!(wrong.refused().await.0, 401);
    let out = service.delete("/auth/session");
    out.header("cookie", cookie(&shown)).ok().await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("/auth/set-auth-cookie"), "{text}");
    for secret in [KEY, &shown, "a wrong key"] {
        assert!(!text.contains(secret), "{text}");
    }
}

/// What the log was told.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
