//! Where sending needs an access token.

use anyhow::Result;
use send_e2e::{Request, Sealed};
use serde_json::json;

use crate::story::{Story, create, on_every_host, original, post};

const ACCESS_TOKEN: &str = "x-sgraph-access-token";

async fn make(story: &mut Story, name: &str, limit: u64) -> Result<()> {
    let token = json!({ "token_name": name, "usage_limit": limit, "bytes_limit": 10_000 });
    story.admin(post("/tokens/create", &token), 200).await?;
    Ok(())
}

#[tokio::test]
async fn without_a_right_token_nobody_sends() -> Result<()> {
    let (sealed, large) = (Sealed::new(1)?, Sealed::new(1_000_000)?);
    let variables = [("SEND_UPLOADS", "token"), ("SEND_ACCESS_TOKEN", "fixed")];
    on_every_host(&variables, async |story| {
        let with = |request: Request, token: &str| request.with_header(ACCESS_TOKEN, token);
        for request in [
            sealed.create(1),
            create(&json!({})),
            original("POST", "upload"),
            original("POST", "complete"),
        ] {
            story.user(request.clone(), 401).await?;
            for wrong in ["unknown", "", "ü", "sgs_x"] {
                story.user(with(request.clone(), wrong), 401).await?;
            }
        }
        make(story, "press", 1).await?;
        story.user(with(large.create(1), "press"), 413).await?;
        story.user(with(create(&json!({})), "press"), 400).await?;
        story.user(with(sealed.create(1), "press"), 201).await?;
        story.user(with(sealed.create(1), "press"), 201).await?;
        story
            .user(with(create(&json!({ "file_size_bytes": 1 })), "press"), 401)
            .await?;
        story
            .admin(post("/tokens/revoke/press", &json!({})), 200)
            .await?;
        story.user(sealed.put_manifest(), 200).await?;
        story.user(sealed.put_part(0), 200).await?;
        story.user(sealed.complete(), 401).await?;
        story.user(with(large.create(1), "fixed"), 201).await?;
        Ok(())
    })
    .await
}
