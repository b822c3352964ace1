//! What Lambda cannot carry in one message is refused in words that tell the way to go, and counts nothing.

use anyhow::{Context, Result, ensure};
use send_e2e::{Answer, Claim, Client, Folder, Lambda, Request, Sealed, Shared, lambda::MESSAGE};
use serde_json::{Value, json};

use crate::story::{create, original};

/// More than fits: base64 makes four bytes of three.
const SIZE: usize = 5_000_000;
/// The most bytes of a binary body that fit, were there nothing around it.
const MOST: usize = MESSAGE / 4 * 3;

/// A server and a function on one storage: what is too large for the one to take, the other takes.
struct Both {
    server: Client,
    function: Client,
    lambda: Lambda,
    _kept: (send_e2e::Server, Folder),
}

impl Both {
    fn start() -> Result<Self> {
        let folder = Folder::new()?;
        let server = folder.server()?;
        let lambda = folder.function()?;
        Ok(Self {
            server: server.client()?,
            function: lambda.client()?,
            lambda,
            _kept: (server, folder),
        })
    }

    /// A transfer of the original's with a payload that fits no message.
    async fn sent(&self, fields: &Value) -> Result<()> {
        self.server.demand(create(fields), 200).await?;
        let upload = original("POST", "upload").with_body(vec![7; SIZE]);
        self.server.demand(upload, 200).await?;
        self.server
            .demand(original("POST", "complete"), 200)
            .await?;
        Ok(())
    }

    /// What the function tells of it.
    async fn info(&self) -> Result<Value> {
        self.function
            .demand(original("GET", "info"), 200)
            .await?
            .json()
    }

    fn end(&self, refused: u64) -> Result<()> {
        let found = self.lambda.refused();
        ensure!(found == refused, "Lambda refused {found} messages");
        Ok(())
    }
}

#[tokio::test]
async fn a_download_that_does_not_fit_names_the_signed_url_and_counts_nothing() -> Result<()> {
    let both = Both::start()?;
    both.sent(&json!({ "max_downloads": 1, "auto_delete": true }))
        .await?;
    let before = both.info().await?;
    for route in ["download", "download-base64"] {
        for _ in 0..2 {
            let refused = both.function.demand(original("GET", route), 413).await?;
            let named = refused.detail();
            ensure!(named.contains("/api/presigned/download-url/"), "{named}");
        }
    }
    let ranged = original("GET", "download").with_range(&(0..MOST as u64));
    both.function.demand(ranged, 413).await?;
    ensure!(both.info().await? == before, "something was counted");
    let fits = original("GET", "download").with_range(&(1..1_000_001));
    let answer = both.function.demand(fits, 206).await?;
    ensure!(
        answer.body.len() == 1_000_000,
        "{} bytes",
        answer.body.len()
    );
    let after = both.info().await?;
    ensure!(after["download_count"] == 1, "{after}");
    both.end(0)
}

#[tokio::test]
async fn a_whole_content_that_does_not_fit_names_its_parts_and_counts_nothing() -> Result<()> {
    let both = Both::start()?;
    let (sealed, claim) = (Sealed::new(9_000_000)?, Claim::random()?);
    both.function.upload(&sealed, 2).await?;
    both.function.demand(sealed.claim(&claim), 200).await?;
    for request in [
        sealed.content(&claim),
        sealed.content(&claim).with_range(&(1..MOST as u64)),
    ] {
        let refused = both.function.demand(request, 413).await?;
        let named = refused.detail();
        ensure!(named.contains("/parts/"), "{named}");
    }
    let left = both.function.downloads_left(&sealed).await?;
    ensure!(left == Some(1), "{left:?} left");
    let fits = both
        .function
        .demand(sealed.content(&claim).with_range(&(0..4_500_000)), 206)
        .await?;
    let whole = both.server.demand(sealed.content(&claim), 200).await?;
    ensure!(whole.body.starts_with(&fits.body), "other bytes came back");
    both.function.download(&sealed, &claim).await?;
    both.end(0)
}

/// Around the border, byte by byte, something is either carried or refused by the service itself.
#[tokio::test]
async fn nothing_is_answered_that_lambda_would_refuse() -> Result<()> {
    let both = Both::start()?;
    both.sent(&json!({})).await?;
    let (mut carried, mut refused) = (0, 0);
    for length in (4_690_000..=MOST).step_by(997).chain([MOST - 1, MOST]) {
        let ranged = original("GET", "download").with_range(&(0..length as u64));
        let answer: Answer = both.function.send(ranged).await?;
        match answer.status {
            206 if answer.body.len() == length => carried += 1,
            413 => refused += 1,
            other => anyhow::bail!("{length} bytes: {other}"),
        }
    }
    ensure!(
        carried > 0 && refused > 0,
        "{carried} carried, {refused} refused"
    );
    both.end(0)
}

/// Lambda itself refuses a request that is too large for it: the service never sees it, and goes on.
#[tokio::test]
async fn a_request_that_does_not_fit_is_refused_by_lambda_itself() -> Result<()> {
    let both = Both::start()?;
    both.function.demand(create(&json!({})), 200).await?;
    // As was measured against AWS.
    for (length, status) in [(4_717_000, 200), (4_719_000, 413), (3 * MESSAGE, 413)] {
        let upload = original("POST", "upload").with_body(vec![7; length]);
        let answer = both.function.send(upload).await?;
        ensure!(answer.status == status, "{length} bytes: {}", answer.status);
    }
    let health = Request::new("GET", "/info/health");
    let told = both.function.demand(health, 200).await?.json()?;
    ensure!(
        told["status"].as_str().context("no status")? == "ok",
        "{told}"
    );
    both.end(2)
}
