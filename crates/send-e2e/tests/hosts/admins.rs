//! An admin at work.

use anyhow::{Context, Result};
use send_e2e::{Admin, Claim, Request, Sealed};
use serde_json::json;

use crate::story::{Story, get, on_every_host, post};

/// Signs in, and tells the cookie.
async fn sign_in(story: &mut Story) -> Result<String> {
    let ask = post(
        "/auth/set-auth-cookie",
        &json!({ "cookie_value": Admin::KEY }),
    );
    let answer = story.stranger(ask, 200).await?;
    let cookie = answer.headers.get("set-cookie").context("no cookie")?;
    let cookie = cookie.to_str()?.split(';').next();
    Ok(cookie.unwrap_or_default().to_owned())
}

#[tokio::test]
async fn who_signs_in_is_in_until_they_sign_out() -> Result<()> {
    on_every_host(&[], async |story| {
        story.stranger(get("/auth/set-cookie-form"), 303).await?;
        let cookie = sign_in(story).await?;
        let with = |request: Request| request.with_header("cookie", &cookie);
        story.stranger(with(get("/auth/session")), 200).await?;
        let many =
            get("/auth/session").with_header("cookie", format!("theme=dark; {cookie}; lang=de"));
        story.stranger(many, 200).await?;
        let own_page = |request: Request| request.with_header("sec-fetch-site", "same-origin");
        let make = post("/tokens/create", &json!({ "token_name": "press" }));
        story.stranger(own_page(with(make)), 200).await?;
        let out = Request::new("DELETE", "/auth/session");
        let elsewhere = with(out.clone()).with_header("sec-fetch-site", "cross-site");
        story.stranger(elsewhere, 403).await?;
        story.stranger(own_page(with(out)), 204).await?;
        story.stranger(with(get("/auth/session")), 401).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn tokens_are_made_used_and_changed_alike() -> Result<()> {
    on_every_host(&[], async |story| {
        let make = json!({ "token_name": "press", "usage_limit": 2, "created_by": "Zoë", "metadata": { "b": 1, "a": [true, null, "\u{1f600}"] } });
        story.admin(post("/tokens/create", &make), 200).await?;
        story.admin(post("/tokens/create", &make), 409).await?;
        story.admin(post("/tokens/create", &json!({ "token_name": "team", "secret": true })), 200).await?;
        let used = json!({ "ip_hash": "x", "action": "page_opened", "transfer_id": "00ff10abcdef" });
        story.admin(post("/tokens/use/press", &used), 200).await?;
        story.admin(Request::new("POST", "/tokens/use/press"), 200).await?;
        story.admin(Request::new("POST", "/tokens/use/press"), 200).await?;
        story.admin(Request::new("POST", "/tokens/use/nobody"), 200).await?;
        story.admin(post("/tokens/update-limit/press", &json!({ "usage_limit": 5 })), 200).await?;
        story.admin(post("/tokens/revoke/press", &json!({})), 200).await?;
        story.admin(post("/tokens/reactivate/press", &json!({})), 200).await?;
        story.admin(get("/tokens/lookup/press"), 200).await?;
        story.admin(get("/tokens/list"), 200).await?;
        story.admin(get("/tokens/list-details?limit=1"), 200).await?;
        story.admin(get("/tokens/list-details?limit=1&after=press"), 400).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_was_sent_is_seen_reported_and_taken_down() -> Result<()> {
    let (sealed, claim) = (Sealed::new(1)?, Claim::random()?);
    on_every_host(&[], async |story| {
        story.user(sealed.create(2), 201).await?;
        story.user(sealed.put_manifest(), 200).await?;
        story.user(sealed.put_part(0), 200).await?;
        story.user(sealed.complete(), 200).await?;
        story.user(sealed.claim(&claim), 200).await?;
        story.user(sealed.report("It is spam."), 202).await?;
        let one = format!("/transfers/{}", sealed.id());
        story.admin(get("/transfers?limit=10"), 200).await?;
        story
            .admin(get("/transfers?state=completed&min_size=1"), 200)
            .await?;
        story.admin(get(&one), 200).await?;
        story.admin(get("/reports"), 200).await?;
        let extend = Request::new("PATCH", &one).with_json(&json!({ "expires_in": 600 }));
        story.admin(extend, 200).await?;
        let dismiss = format!("/reports/{}/dismiss", sealed.id());
        story.admin(post(dismiss.as_str(), &json!({})), 200).await?;
        story.admin(post(dismiss, &json!({})), 404).await?;
        let down = format!("{one}/takedown");
        story
            .admin(post(down.as_str(), &json!({ "reason": "malware" })), 200)
            .await?;
        story
            .admin(post(down, &json!({ "reason": "other" })), 200)
            .await?;
        story.user(sealed.part(&claim, 0), 410).await?;
        story.user(sealed.state(), 410).await?;
        story.admin(Request::new("DELETE", one), 204).await?;
        story.admin(get("/settings"), 200).await?;
        story.admin(get("/audit?limit=100"), 200).await?;
        story.admin(get("/audit?since=0&limit=2"), 200).await?;
        story.admin(get("/audit/export"), 200).await?;
        story.admin(get("/audit/verify"), 200).await?;
        // A server writes figures from time to time and sweeps by itself, a function writes with its answers and sweeps when it is told.
        for figures in ["/usage", "/health/pulse?window_minutes=5"] {
            story.admin(get(figures), 200).await?;
            story.forget();
        }
        story.admin(Request::new("POST", "/sweep"), 200).await?;
        story.forget();
        Ok(())
    })
    .await
}
