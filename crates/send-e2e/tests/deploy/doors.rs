//! Both doors: who comes in by the CDN, and who does not come in beside it.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use reqwest::{Method, RequestBuilder, Url};
use send_e2e::{
    aws::{ADMIN_KEY, Aws, Ran},
    http,
};
use serde_json::{Value, json};

use crate::ground::{configured, deployed};

#[tokio::test]
async fn a_browser_sends_and_receives_through_the_cdn() -> Result<()> {
    let (aws, deployer) = deployed().await?;
    let summary = deployer.must("dev").await?.summary(None)?;
    let url = |app: &str| {
        summary["urls"][app]
            .as_str()
            .context("no such URL")
            .map(str::to_owned)
    };
    let story = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/stories/deployed.js");
    let played = Command::new("node")
        .arg(story)
        .args(["--user", &url("user")?, "--admin", &url("admin")?])
        .args(["--key", ADMIN_KEY, "--s3", aws.secure_endpoint()])
        .output()?;
    ensure!(
        played.status.success(),
        "{}",
        String::from_utf8_lossy(&played.stderr)
    );
    ensure!(!played.stdout.is_empty(), "the story checked nothing");
    Ok(())
}

#[tokio::test]
async fn the_originals_clients_pass_a_guarded_door() -> Result<()> {
    let (aws, deployer) = deployed().await?;
    let ran = deployer.must("dev").await?;
    let [user, admin] = [host(&ran, "user")?, host(&ran, "admin")?];
    let token = json!({ "token_name": "original", "usage_limit": 1 });
    let token = ask(&aws, &admin, Method::POST, "/tokens/create")?
        .header("x-api-key", ADMIN_KEY)
        .json(&token);
    ensure!(token.send().await?.status() == 200);

    let ask = |method, path: &str| ask(&aws, &user, method, path);
    let create =
        ask(Method::POST, "/api/transfers/create")?.header("x-sgraph-access-token", "original");
    let made: Value = create
        .json(&json!({ "max_downloads": 1 }))
        .send()
        .await?
        .json()
        .await?;
    let id = made["transfer_id"]
        .as_str()
        .with_context(|| made.to_string())?;
    let payload = vec![7; 300_000];
    let upload = ask(Method::POST, &format!("/api/transfers/upload/{id}"))?
        .header("x-sgraph-access-token", "original");
    let uploaded = upload
        .header("content-type", "application/octet-stream")
        .body(payload.clone())
        .send()
        .await?;
    ensure!(uploaded.status() == 200, "{}", uploaded.text().await?);
    let completed = ask(Method::POST, &format!("/api/transfers/complete/{id}"))?
        .header("x-sgraph-access-token", "original")
        .send()
        .await?;
    ensure!(completed.status() == 200, "{}", completed.text().await?);
    let download = format!("/api/transfers/download/{id}");
    ensure!(ask(Method::GET, &download)?.send().await?.bytes().await? == payload);
    ensure!(ask(Method::GET, &download)?.send().await?.status() == 410);
    Ok(())
}

/// The emulator's CDN does not sign, so its trial cannot succeed here; what can be seen is that everything before it is as it should be, and that
/// nobody comes in.
#[tokio::test]
async fn an_oac_door_is_closed_to_whoever_does_not_sign() -> Result<()> {
    let aws = Aws::start().await?;
    let config = configured("door = \"oac\"")?;
    let with = format!("--config {}", config.path().display());
    let deployer = aws.deployer()?;
    let up = deployer.run(&format!("dev up {with} --json")).await?;
    ensure!(up.code == Some(1) && up.says("403 Forbidden"), "{up}");
    let plan = deployer.must(&format!("dev plan {with}")).await?;
    ensure!(plan.summary(None)?["drift"] == 0, "{plan}");
    for app in ["user", "admin"] {
        let expected = if app == "user" { 403 } else { 200 };
        let answer = ask(&aws, &host(&plan, app)?, Method::GET, "/info/health")?
            .send()
            .await?;
        ensure!(answer.status() == expected, "{app}: {}", answer.status());
    }
    Ok(())
}

/// By which name AWS knows a service's public door.
fn host(ran: &Ran, app: &str) -> Result<String> {
    let summary = ran.summary(None)?;
    let url: Url = summary["urls"][app]
        .as_str()
        .context("no such URL")?
        .parse()?;
    let host = url.host_str().context("no host")?;
    Ok(host
        .replace(".cloudfront.localhost", ".cloudfront.net")
        .replace(".localhost", ".on.aws"))
}

/// A request to a name that only the emulator knows, as if it came by TLS.
fn ask(aws: &Aws, host: &str, method: Method, path: &str) -> Result<RequestBuilder> {
    let request = http()
        .build()?
        .request(method, format!("{}{path}", aws.endpoint()));
    Ok(request
        .header("host", host)
        .header("x-forwarded-proto", "https"))
}
