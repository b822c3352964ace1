//! Every admin variable unset, empty and malformed, wherever the service runs: it stops, or refuses who has no key.

use axum::http::Method;
use send_core::config::Config;
use serde_json::json;
use storage::{memory::Memory, url::Store};

use crate::harness::{KEY, START, Service, sha256};

/// Where the service may run.
const PLACES: [(&str, &[(&str, &str)]); 5] = [
    ("memory", &[]),
    ("folder", &[("SEND_STORAGE", "file:/some/folder")]),
    ("S3", &[("SEND_STORAGE", "s3://bucket/prefix")]),
    ("Lambda", &[("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")]),
    (
        "Lambda with S3",
        &[
            ("SEND_STORAGE", "s3://bucket/prefix"),
            ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"),
        ],
    ),
];

/// The service that starts with these variables, and the key that it made, or the sentence with which it stops.
fn start(variables: &[(&str, &str)]) -> Result<(Service, Option<String>), String> {
    let get = |name: &str| {
        let set = variables.iter().find(|(n, _)| *n == name);
        set.map(|(_, value)| (*value).to_owned())
    };
    let config = Config::read(([127, 0, 0, 1], 0).into(), get);
    let mut config = config.map_err(|error| error.to_string())?;
    let made = send_admin::settle(&mut config).map_err(|error| error.to_string())?;
    let store = Store::closed(std::sync::Arc::new(Memory::default()));
    Ok((Service::of(config, store, START), made))
}

/// Asks every closed route as somebody who has no key.
async fn refuses_everybody(service: &Service, place: &str) {
    let description = service.get("/api/openapi.json").ok().await.json();
    let mut asked = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if operation["security"] == json!([]) {
                continue;
            }
            asked += 1;
            let method: Method = method.to_uppercase().parse().unwrap();
            for header in ["x-api-key", "cookie", "x-nothing"] {
                let value = match header {
                    "cookie" => "x-api-key=; __Host-sgraph-admin=",
                    _ => "",
                };
                let ask = service.ask(method.clone(), path.replace(['{', '}'], ""));
                let refused = ask.header(header, value).json(&json!({})).refused();
                let (status, _) = tokio::time::timeout(std::time::Duration::from_secs(9), refused)
                    .await
                    .unwrap();
                assert_eq!(status, 401, "{place}: {method} {path}");
            }
        }
    }
    assert!(asked >= 6);
    for key in ["", " ", "undefined"] {
        let ask = service.post("/auth/set-auth-cookie");
        let ask = ask.json(&json!({ "cookie_value": key }));
        assert_eq!(ask.refused().await.0, 401, "{place}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_key_one_is_made_on_a_laptop_and_elsewhere_the_service_stops() {
    for (place, variables) in PLACES {
        for unset in [None, Some(""), Some("  ")] {
            let mut variables = variables.to_vec();
            variables.extend(unset.map(|value| ("SEND_ADMIN_KEY_SHA256", value)));
            match start(&variables) {
                Ok((service, made)) => {
                    assert!(["memory", "folder"].contains(&place), "{place}");
                    refuses_everybody(&service, place).await;
                    let ask = service.get("/auth/session");
                    ask.header("x-api-key", made.unwrap()).ok().await;
                }
                Err(sentence) => {
                    assert!(!["memory", "folder"].contains(&place), "{place}");
                    let begin = "SEND_ADMIN_KEY_SHA256 is not set, and on ";
                    assert!(sentence.starts_with(begin), "{sentence}");
                    assert!(sentence.contains("openssl rand -hex 32"), "{sentence}");
                }
            }
        }
    }
}

#[test]
fn a_malformed_variable_stops_the_service_everywhere() {
    let hash = sha256(KEY);
    let malformed = [
        ("SEND_ADMIN_KEY_SHA256", KEY.to_owned()),
        ("SEND_ADMIN_KEY_SHA256", hash.to_uppercase()),
        ("SEND_ADMIN_KEY_SHA256", format!("{hash},{hash}")),
        ("SEND_ADMIN_KEY_SHA256", format!("{hash},")),
        ("SEND_ADMIN_KEY_SHA256", ",".to_owned()),
        ("SEND_ADMIN_KEY_SHA256", sha256("")),
        ("SEND_ADMIN_KEY_NAME", "two words".to_owned()),
        ("SEND_ADMIN_KEY_NAME", "cookie".to_owned()),
        ("SEND_ADMIN_KEY_NAME", "x-send-token".to_owned()),
    ];
    for (place, variables) in PLACES {
        for (name, value) in &malformed {
            let mut variables = variables.to_vec();
            if *name == "SEND_ADMIN_KEY_NAME" {
                variables.push(("SEND_ADMIN_KEY_SHA256", &hash));
            }
            variables.push((name, value));
            let sentence = start(&variables).err().unwrap();
            assert!(
                sentence.starts_with(&format!("{name}=")),
                "{place}: {sentence}"
            );
            assert!(!sentence.contains(KEY), "{place}: {sentence}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn with_a_key_the_service_starts_everywhere_and_refuses_who_has_none() {
    let hash = sha256(KEY);
    for (place, variables) in PLACES {
        for name in [None, Some(""), Some("x-api-key")] {
            let mut variables = variables.to_vec();
            variables.push(("SEND_ADMIN_KEY_SHA256", &hash));
            variables.extend(name.map(|name| ("SEND_ADMIN_KEY_NAME", name)));
            let (service, made) = start(&variables).ok().unwrap();
            assert_eq!(made, None, "{place}");
            refuses_everybody(&service, place).await;
            service.admin_get("/auth/session").ok().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_was_never_given_a_key_lets_nobody_in() {
    let config = Config::read(([127, 0, 0, 1], 0).into(), |_| None).unwrap();
    let store = Store::closed(std::sync::Arc::new(Memory::default()));
    refuses_everybody(&Service::of(config, store, START), "no key").await;
}
