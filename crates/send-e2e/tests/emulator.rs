//! AWS's own Runtime Interface Emulator accepts the service as a bootstrap, from the first event to the end.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use send_e2e::{Claim, Client, Request, Sealed, lambda::Emulator};
use serde_json::{Value, json};

/// A file whose first part is full: 4 MiB of plaintext, of which no part has more.
const TWO_PARTS: u64 = 5_000_000;
/// Bytes of a full part as it is sent.
const FULL: usize = 4_198_456;
/// How long an emulator may take to end.
const AT_ONCE: Duration = Duration::from_secs(5);

fn emulator() -> Result<Emulator> {
    Emulator::start("send-user", &[("SEND_UPLOADS", "open")])
}

async fn healthy(client: &Client) -> Result<()> {
    let health = client.demand(Request::new("GET", "/info/health"), 200);
    ensure!(health.await?.json()? == json!({ "status": "ok" }));
    Ok(())
}

/// The error that the function answered in place of an answer.
fn error(answer: &Value) -> Result<&str> {
    let message = answer["errorMessage"].as_str();
    message.with_context(|| answer.to_string())
}

#[tokio::test]
async fn a_part_of_full_size_goes_up_and_comes_back() -> Result<()> {
    let emulator = emulator()?;
    let client = emulator.client()?;
    healthy(&client).await?;
    let (sealed, claim) = (Sealed::new(TWO_PARTS)?, Claim::random()?);
    client.upload(&sealed, 1).await?;
    client.demand(sealed.claim(&claim), 200).await?;
    for n in 0..2 {
        let part = client.demand(sealed.part(&claim, n), 200).await?.body;
        ensure!(part == sealed.part_bytes(n), "part {n} is another");
        sealed.check_part(n, &part)?;
    }
    ensure!(sealed.part_bytes(0).len() == FULL);
    Ok(())
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_us_with_the_way_to_go() -> Result<()> {
    let emulator = emulator()?;
    let client = emulator.client()?;
    let (sealed, claim) = (Sealed::new(TWO_PARTS)?, Claim::random()?);
    client.upload(&sealed, 1).await?;
    client.demand(sealed.claim(&claim), 200).await?;
    let refused = client.demand(sealed.content(&claim), 413).await?;
    let detail = refused.detail();
    ensure!(detail.contains("a part, or a range"), "{detail}");
    client.demand(sealed.part(&claim, 0), 200).await?;
    Ok(())
}

#[tokio::test]
async fn an_event_that_is_none_is_an_error_and_the_next_is_answered() -> Result<()> {
    let emulator = emulator()?;
    let client = emulator.client()?;
    for (event, word) in [
        (r#"{"Records":[]}"#, "scheduled"),
        (r#"{"requestContext":{"http":5}}"#, "data error"),
        ("no JSON", "line 1 column 2"),
    ] {
        let answer = emulator.invoke(event).await?;
        let message = error(&answer)?;
        ensure!(message.contains(word), "{event}: {message}");
        healthy(&client).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_event_over_the_limit_arrives_cut_and_the_next_is_answered() -> Result<()> {
    let emulator = emulator()?;
    let client = emulator.client()?;
    // Lambda itself would not take it; its emulator passes on a little more than 6 MiB, and drops the rest.
    let event = json!({ "body": "a".repeat(7 << 20) }).to_string();
    let answer = emulator.invoke(event).await?;
    let message = error(&answer)?;
    ensure!(message.contains("EOF while parsing a string"), "{message}");
    healthy(&client).await
}

#[tokio::test]
async fn a_panic_is_an_error_and_the_next_event_is_answered_by_the_same_process() -> Result<()> {
    let emulator = Emulator::start("panicking", &[])?;
    let client = emulator.client()?;
    healthy(&client).await?;
    let bootstrap = emulator.bootstrap()?.context("no bootstrap")?;
    let panics = || Request::new("GET", "/panics");
    let refused = client.demand(panics(), 500).await?.json()?;
    ensure!(refused["request_id"].is_string(), "{refused}");
    healthy(&client).await?;
    // Nothing of ours is around this one: the runtime's client makes it an error, which a Function URL answers with 502.
    let outside = Request::new("GET", "/panics-outside");
    client.demand(outside, 502).await?;
    healthy(&client).await?;
    ensure!(emulator.bootstrap()? == Some(bootstrap), "it was restarted");
    Ok(())
}

#[tokio::test]
async fn it_ends_when_it_is_asked_to_and_its_bootstrap_with_it() -> Result<()> {
    let emulator = emulator()?;
    healthy(&emulator.client()?).await?;
    let bootstrap = emulator.bootstrap()?.context("no bootstrap")?;
    emulator.terminate()?;
    emulator.wait(AT_ONCE)?;
    let left = Path::new("/proc").join(bootstrap.to_string());
    ensure!(!left.exists(), "process {bootstrap} goes on");
    Ok(())
}
