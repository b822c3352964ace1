//! The admin service.

use anyhow::{Context, Result, ensure};
use send_e2e::{Request, Sealed};
use serde_json::{Value, json};

use crate::story::{get, on_every_host, post, with_fields};

#[tokio::test]
async fn without_the_key_every_route_is_401() -> Result<()> {
    on_every_host(&[], async |story| {
        let description = story
            .stranger(get("/api/openapi.json"), 200)
            .await?
            .json()?;
        let paths = description["paths"].as_object().context("no paths")?;
        let mut closed = 0;
        for (path, operations) in paths.iter().filter(|(path, _)| *path != "/metrics") {
            for (method, operation) in operations.as_object().context("no operations")? {
                if operation.get("security").is_some() {
                    continue;
                }
                let method = ["GET", "POST", "PATCH", "DELETE"]
                    .into_iter()
                    .find(|known| known.eq_ignore_ascii_case(method));
                let request = Request::new(
                    method.context("a new method")?,
                    path.replace(['{', '}'], ""),
                );
                story.stranger(request, 401).await?;
                closed += 1;
            }
        }
        ensure!(closed > 20, "{closed}");
        Ok(())
    })
    .await
}

/// Each of them takes a second, so they are few.
#[tokio::test]
async fn a_wrong_key_is_401() -> Result<()> {
    on_every_host(&[], async |story| {
        let wrong = get("/tokens/list").with_header("x-api-key", "wrong");
        story.stranger(wrong, 401).await?;
        let sign_in = json!({ "cookie_value": "wrong" });
        story
            .stranger(post("/auth/set-auth-cookie", &sign_in), 401)
            .await?;
        let session = get("/tokens/list").with_header("cookie", "__Host-sgraph-admin=made-up");
        story.stranger(session, 401).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn tokens_that_cannot_be_are_refused() -> Result<()> {
    on_every_host(&[], async |story| {
        let create = |ask: &Value| post("/tokens/create", ask);
        for ask in [
            json!({}),
            json!({ "token_name": "" }),
            json!({ "token_name": "a b" }),
            json!({ "token_name": "a", "usage_limit": -1 }),
            json!({ "token_name": "a", "metadata": [] }),
        ] {
            story.admin(create(&ask), 400).await?;
        }
        let long = json!({ "token_name": "x".repeat(70_000) });
        story.admin(create(&long), 413).await?;
        let encoded = create(&json!({})).with_header("content-encoding", "gzip");
        story.admin(encoded, 415).await?;
        let limit = json!({ "usage_limit": 1 });
        for what in ["revoke", "reactivate", "update-limit"] {
            let change = post(format!("/tokens/{what}/nobody"), &limit);
            story.admin(change, 404).await?;
        }
        story.admin(get("/tokens/lookup/nobody"), 404).await?;
        let no_limit = post("/tokens/update-limit/nobody", &json!({}));
        story.admin(no_limit, 400).await?;
        story
            .admin(Request::new("PUT", "/tokens/list"), 405)
            .await?;
        story.admin(get("/nothing"), 404).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pages_that_cannot_be_are_refused() -> Result<()> {
    on_every_host(&[], async |story| {
        for page in [
            "/reports?limit=0",
            "/reports?limit=x",
            "/reports?limit=1&limit=2",
            "/reports?after=",
            "/transfers?limit=0",
            "/transfers?state=x",
            "/audit?limit=0",
            "/audit?x=1",
            "/health/pulse?window_minutes=x",
        ] {
            story.admin(get(page), 400).await?;
        }
        Ok(())
    })
    .await
}

/// All that an admin does to a transfer.
fn deeds(id: &str) -> [Request; 4] {
    let one = format!("/transfers/{id}");
    [
        post(format!("{one}/takedown"), &json!({ "reason": "other" })),
        Request::new("PATCH", &one).with_json(&json!({ "expires_in": 60 })),
        Request::new("DELETE", one),
        post(format!("/reports/{id}/dismiss"), &json!({})),
    ]
}

#[tokio::test]
async fn what_is_not_there_cannot_be_ended() -> Result<()> {
    let sealed = Sealed::new(1)?;
    on_every_host(&[], async |story| {
        for id in [&*sealed.id(), "00ff10abcdef", "x"] {
            story.admin(get(format!("/transfers/{id}")), 404).await?;
            for deed in deeds(id) {
                story.admin(deed, 404).await?;
            }
        }
        story.user(sealed.create(1), 201).await?;
        let [take_down, extend, ..] = deeds(&sealed.id());
        for reason in [json!({ "reason": "a mood" }), json!({ "reason": null })] {
            story.admin(with_fields(&take_down, &reason)?, 400).await?;
        }
        let never = with_fields(&extend, &json!({ "expires_in": 0 }))?;
        story.admin(never, 400).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_cannot_sign_in_is_refused() -> Result<()> {
    on_every_host(&[], async |story| {
        let sign_in = |ask: &Value| post("/auth/set-auth-cookie", ask);
        for ask in [json!({}), json!({ "cookie_value": 1 })] {
            story.stranger(sign_in(&ask), 400).await?;
        }
        let elsewhere = sign_in(&json!({ "cookie_value": "x" }));
        let elsewhere = elsewhere.with_header("sec-fetch-site", "cross-site");
        story.stranger(elsewhere, 403).await?;
        Ok(())
    })
    .await
}
