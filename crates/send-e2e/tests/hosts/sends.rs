//! A send of ours, from the first request to the last.

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use send_e2e::{Answer, Claim, Folder, Lambda, Peer, Request, S3Server, Sealed, Shared};
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

/// As it is set up on AWS: a function on S3, by whose URLs the parts go straight both ways, or through it.
#[tokio::test]
async fn on_s3_parts_pass_a_function_or_go_straight() -> Result<()> {
    let s3 = S3Server::start(Peer::Seaweed).await?;
    let bucket = s3.bucket().await?;
    let lambda = bucket.function_with(&[("SEND_DIRECT", "both")])?;
    let client = lambda.client()?;
    let (straight, through) = (Sealed::new(SIZE)?, Sealed::new(SIZE)?);
    client.upload_direct(&straight, 2).await?;
    client.download(&straight, &Claim::random()?).await?;
    client.download_direct(&straight, &Claim::random()?).await?;
    client.upload(&through, 2).await?;
    client.download_direct(&through, &Claim::random()?).await?;
    client.download(&through, &Claim::random()?).await?;
    ensure!(lambda.refused() == 0, "Lambda would have refused something");
    Ok(())
}

/// Lambda runs one process for each event at a time: they share nothing but the storage.
#[tokio::test]
async fn three_downloads_are_given_to_three_of_sixty_by_any_environment() -> Result<()> {
    let folder = Folder::new()?;
    let storage = folder.storage();
    let variables = [("SEND_STORAGE", &*storage), ("SEND_UPLOADS", "open")];
    let lambda = Lambda::start_many(4, "send-user", &variables)?;
    let (client, sealed) = (lambda.client()?, Sealed::new(1)?);
    client.upload(&sealed, 3).await?;
    let claims = (0..60).map(|_| Claim::random());
    let claims = claims.collect::<Result<Vec<_>>>()?;
    let asked = claims.iter().map(|claim| client.send(sealed.claim(claim)));
    let answers = try_join_all(asked).await?;
    let given = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().filter(|answer| answer.status == 410).count();
    ensure!(
        (given, refused) == (3, 57),
        "{given} given, {refused} refused"
    );
    Ok(())
}
