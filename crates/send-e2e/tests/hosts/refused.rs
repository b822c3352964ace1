//! Everything that the contract refuses, in the same words and bytes wherever it runs.
//!
//! - `sends`: under `/api/v1/sends`; `originals`: on the original's routes; `tokens`: where sending needs one; `admins`: the admin service
//!
//! One refusal depends on requests at the same time, of which a function has one: 429 to the ninth wrong admin key at once. And 429 by
//! address is for servers only.

mod admins;
mod originals;
mod sends;
mod tokens;

use anyhow::{Context, Result, ensure};
use send_e2e::Request;

use crate::story::{get, on_every_host};

/// What each path takes, as the description of the API tells; all other methods are refused with a list of these.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

#[tokio::test]
async fn a_wrong_method_is_405_and_told_which_is_right() -> Result<()> {
    on_every_host(&[], async |story| {
        let description = story.user(get("/api/openapi.json"), 200).await?.json()?;
        let paths = description["paths"].as_object().context("no paths")?;
        let mut refused = 0;
        for (path, operations) in paths.iter().filter(|(path, _)| *path != "/metrics") {
            let path = path.replace("{id}", "00ff10abcdef").replace(['{', '}'], "");
            for method in METHODS {
                let takes = |method: &str| operations.get(method.to_lowercase()).is_some();
                // A GET that counts nothing takes HEAD as well.
                let head = method == "HEAD" && takes("GET") && !path.contains("/download");
                if takes(method) || head || method == "OPTIONS" {
                    continue;
                }
                let answer = story.user(Request::new(method, path.as_str()), 405).await?;
                ensure!(answer.headers.contains_key("allow"), "{method} {path}");
                refused += 1;
            }
        }
        ensure!(refused > 50, "{refused}");
        for method in ["TRACE", "CONNECTED", "get", "M-SEARCH"] {
            story
                .user(Request::new(method, "/info/health"), 405)
                .await?;
        }
        Ok(())
    })
    .await
}

/// What no route takes, and what is encoded in a way that none takes.
#[tokio::test]
async fn what_no_route_takes_is_refused_before_any_sees_it() -> Result<()> {
    on_every_host(&[], async |story| {
        for method in METHODS {
            story
                .user(Request::new(method, "/api/nothing"), 404)
                .await?;
        }
        for (coding, status) in [
            ("gzip", 415),
            ("br, gzip", 415),
            ("x", 415),
            ("identity", 404),
        ] {
            let encoded = Request::new("POST", "/api/nothing").with_body("bytes");
            let encoded = encoded.with_header("content-encoding", coding);
            story.user(encoded, status).await?;
        }
        Ok(())
    })
    .await
}

/// Behind a CDN that adds a secret, whoever comes past it.
#[tokio::test]
async fn who_comes_past_the_door_is_403() -> Result<()> {
    // SHA-256 of "open sesame".
    let door = "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb";
    on_every_host(&[("SEND_DOOR_SHA256", door)], async |story| {
        story.user(get("/info/health"), 403).await?;
        let wrong = get("/info/health").with_header("x-send-door", "open");
        story.user(wrong, 403).await?;
        let right = get("/info/health").with_header("x-send-door", "open sesame");
        story.user(right, 200).await?;
        Ok(())
    })
    .await
}
