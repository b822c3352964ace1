//! A send of ours, from the first request to the last.

use anyhow::{Context, Result};
use send_e2e::{Answer, Claim, Request, Sealed};
use serde_json::json;

use crate::story::{Story, on_every_host, with_fields};

/// Two whole parts, and some of a third.
const SIZE: u64 = 9_000_000;

/// Sends the manifest and these parts, with all that may be asked meanwhile, and completes.
async fn send(story: &mut Story, sealed: &Sealed) -> Result<()> {
    story.user(sealed.create(3), 201).await?;
    story.user(sealed.create(3), 201).await?;
    story.user(sealed.state(), 200).await?;
    story.user(sealed.put_part(0), 200).await?;
    story.user(sealed.put_part(0), 200).await?;
    // As after a break: what has arrived is asked for, and the rest is sent.
    story.user(sealed.received(), 200).await?;
    story.user(sealed.complete(), 409).await?;
    story
        .user(sealed.put_manifest_bytes("another".into()), 200)
        .await?;
    story.user(sealed.put_manifest(), 200).await?;
    for n in 1..sealed.part_count() {
        story.user(sealed.put_part(n), 200).await?;
    }
    let mut rest = sealed.received();
    rest.path += "?after=1";
    story.user(rest, 200).await?;
    story.user(sealed.complete(), 200).await?;
    story.user(sealed.complete(), 200).await?;
    Ok(())
}

/// Reads all of it, whole and in ranges.
async fn receive(story: &mut Story, sealed: &Sealed, claim: &Claim) -> Result<()> {
    let manifest = story.user(sealed.read_manifest(), 200).await?;
    sealed.check_manifest(&manifest.body)?;
    story.user(sealed.claim(claim), 200).await?;
    story.user(sealed.claim(claim), 200).await?;
    for n in 0..sealed.part_count() {
        let part = story.user(sealed.part(claim, n), 200).await?;
        sealed.check_part(n, &part.body)?;
    }
    let head = story
        .user(sealed.part(claim, 2).with_range(&(0..100)), 206)
        .await?;
    let rest = sealed.part(claim, 2).with_header("range", "bytes=100-");
    let rest = story.user(rest, 206).await?;
    sealed.check_part(2, &[head.body, rest.body].concat())?;
    let last = sealed.part(claim, 1).with_header("range", "bytes=-16");
    story.user(last, 206).await?;
    let two = sealed.part(claim, 1).with_header("range", "bytes=0-1,4-5");
    story.user(two, 200).await?;
    if_unchanged(story, &sealed.part(claim, 0)).await?;
    // Across the border of two parts.
    let across = sealed.part_range(1).start;
    let across = across - 10..across + 10;
    story
        .user(sealed.content(claim).with_range(&across), 206)
        .await?;
    Ok(())
}

async fn if_unchanged(story: &mut Story, part: &Request) -> Result<()> {
    let ranged = part.clone().with_range(&(0..10));
    let first: Answer = story.user(ranged.clone(), 206).await?;
    let etag = first.headers.get("etag").context("no tag")?.to_str()?;
    let same = ranged.clone().with_header("if-range", etag);
    story.user(same, 206).await?;
    let other = ranged.with_header("if-range", "\"another\"");
    story.user(other, 200).await?;
    Ok(())
}

#[tokio::test]
async fn a_send_goes_up_comes_down_and_goes_alike_everywhere() -> Result<()> {
    let (sealed, claim, other) = (Sealed::new(SIZE)?, Claim::random()?, Claim::random()?);
    on_every_host(&[], async |story| {
        send(story, &sealed).await?;
        receive(story, &sealed, &claim).await?;
        story.user(sealed.state(), 200).await?;
        let change = sealed.state();
        let change = Request {
            method: "PATCH",
            ..change
        };
        let change = change.with_json(&json!({ "downloads": 5, "expires_in": 3_600 }));
        story.user(change, 200).await?;
        story.user(sealed.claim(&other), 200).await?;
        story.user(sealed.finish(&other), 204).await?;
        story.user(sealed.finish(&other), 204).await?;
        story.user(sealed.part(&other, 0), 410).await?;
        story
            .user(sealed.report("It is <mine>, \"wirklich\": üöä"), 202)
            .await?;
        story.user(sealed.finish(&claim), 204).await?;
        story.user(sealed.delete(), 204).await?;
        story.user(sealed.delete(), 204).await?;
        story.user(sealed.state(), 410).await?;
        Ok(())
    })
    .await
}

/// Small enough to be carried whole, everywhere.
#[tokio::test]
async fn a_small_one_is_read_whole_and_wiped_with_its_last_reader() -> Result<()> {
    let (sealed, claim) = (
        Sealed::with_passphrase(4_000_000, "a passphrase")?,
        Claim::random()?,
    );
    on_every_host(&[], async |story| {
        let create = with_fields(
            &sealed.create(1),
            &json!({ "wipe": true, "expires_in": 600 }),
        )?;
        story.user(create, 201).await?;
        story.user(sealed.put_manifest(), 200).await?;
        story.user(sealed.put_part(0), 200).await?;
        story.user(sealed.complete(), 200).await?;
        story.user(sealed.claim(&claim), 200).await?;
        let whole = story.user(sealed.content(&claim), 200).await?;
        sealed.check_content(&whole.body)?;
        story.user(sealed.finish(&claim), 204).await?;
        story.user(sealed.state(), 410).await?;
        Ok(())
    })
    .await
}
