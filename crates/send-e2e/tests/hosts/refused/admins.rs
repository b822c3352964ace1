//! The admin service.

use anyhow::{Context, Result, ensure};
use send_e2e::{Request, Sealed};
use serde_json::json;

use crate::story::{get, on_every_host, post};

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
async fn what_an_admin_cannot_ask_for_is_refused() -> Result<()> {
    let sealed = Sealed::new(1)?;
    on_every_host(&[], async |story| {
        for ask in [
            json!({}),
            json!({ "token_name": "" }),
            json!({ "token_name": "a b" }),
            json!({ "token_name": "a", "usage_limit": -1 }),
            json!({ "token_name": "a", "metadata": [] }),
        ] {
            story.admin(post("/tokens/create", &ask), 400).await?;
        }
        for what in ["revoke", "reactivate", "update-limit"] {
            let change = post(
                format!("/tokens/{what}/nobody"),
                &json!({ "usage_limit": 1 }),
            );
            story.admin(change, 404).await?;
        }
        story.admin(get("/tokens/lookup/nobody"), 404).await?;
        story
            .admin(post("/tokens/update-limit/nobody", &json!({})), 400)
            .await?;
        for query in ["limit=0", "limit=x", "limit=1&limit=2", "after="] {
            story.admin(get(format!("/reports?{query}")), 400).await?;
        }
        for page in [
            "/transfers?limit=0",
            "/transfers?state=x",
            "/audit?limit=0",
            "/audit?x=1",
            "/health/pulse?window_minutes=x",
        ] {
            story.admin(get(page), 400).await?;
        }
        for id in [sealed.id(), "00ff10abcdef".into(), "x".into()] {
            let one = format!("/transfers/{id}");
            story.admin(get(&one), 404).await?;
            story
                .admin(
                    post(format!("{one}/takedown"), &json!({ "reason": "other" })),
                    404,
                )
                .await?;
            story
                .admin(
                    Request::new("PATCH", &one).with_json(&json!({ "expires_in": 1 })),
                    404,
                )
                .await?;
            story.admin(Request::new("DELETE", &one), 404).await?;
            story
                .admin(post(format!("/reports/{id}/dismiss"), &json!({})), 404)
                .await?;
        }
        story.user(sealed.create(1), 201).await?;
        let one = format!("/transfers/{}", sealed.id());
        story
            .admin(
                post(format!("{one}/takedown"), &json!({ "reason": "a mood" })),
                400,
            )
            .await?;
        story
            .admin(post(format!("{one}/takedown"), &json!({})), 400)
            .await?;
        story
            .admin(
                Request::new("PATCH", one).with_json(&json!({ "expires_in": 0 })),
                400,
            )
            .await?;
        story
            .admin(Request::new("PUT", "/tokens/list"), 405)
            .await?;
        story.admin(get("/nothing"), 404).await?;
        story
            .admin(
                post(
                    "/tokens/create",
                    &json!({ "token_name": "x".repeat(70_000) }),
                ),
                413,
            )
            .await?;
        let encoded = post("/tokens/create", &json!({})).with_header("content-encoding", "gzip");
        story.admin(encoded, 415).await?;
        for cookie_value in [json!({}), json!({ "cookie_value": 1 })] {
            story
                .stranger(post("/auth/set-auth-cookie", &cookie_value), 400)
                .await?;
        }
        let elsewhere = post("/auth/set-auth-cookie", &json!({ "cookie_value": "x" }));
        story
            .stranger(elsewhere.with_header("sec-fetch-site", "cross-site"), 403)
            .await?;
        Ok(())
    })
    .await
}
