//! Requests to S3 break, before and after they did what they were for: the client asks again, and nothing is lost.

use anyhow::{Result, bail};
use bytes::Bytes;
use futures::future::try_join_all;
use send_e2e::{
    Answer, MIB, Peer, Request, S3Server,
    faults::{Faults, Kind, Plan},
};
use serde_json::{Value, json};

use crate::site::{Site, content, ok, text};

/// One request in so many is spoiled.
const SHARE: f64 = 0.1;
/// How often a client asks before it gives up.
const TRIES: u32 = 10;
const SIZE: u64 = 5 * MIB + 1;

/// Asks until there is an answer that asking again would not change.
async fn patiently(ask: impl AsyncFn() -> Result<Answer>) -> Result<Value> {
    for _ in 0..TRIES {
        let answer = ask().await?;
        match answer.status {
            200 => return answer.json(),
            500.. | 409 => {}
            refused => bail!("{refused}: {}", answer.detail()),
        }
    }
    bail!("no answer after {TRIES} tries")
}

/// Sends bytes to a signed URL until they have arrived; the entity tag.
async fn put(site: &Site, url: &str, bytes: Bytes) -> Result<String> {
    for _ in 0..TRIES {
        if let Ok((200, etag)) = site.put(url, bytes.clone()).await {
            return Ok(etag);
        }
    }
    bail!("nothing arrived after {TRIES} tries")
}

async fn in_parts(site: &Site, id: &str, bytes: &Bytes) -> Result<()> {
    let ask = json!({ "transfer_id": id, "file_size_bytes": SIZE, "num_parts": 2 });
    let begun = patiently(async || site.post("/api/presigned/initiate", &ask).await).await?;
    let middle = usize::try_from(begun["part_size"].as_u64().unwrap())?;
    let mut parts = Vec::new();
    for (n, bytes) in [bytes.slice(..middle), bytes.slice(middle..)]
        .into_iter()
        .enumerate()
    {
        let etag = put(site, &text(&begun["part_urls"][n]["upload_url"]), bytes).await?;
        parts.push(json!({ "part_number": n + 1, "etag": etag }));
    }
    let ask = json!({ "transfer_id": id, "upload_id": begun["upload_id"], "parts": parts });
    patiently(async || site.post("/api/presigned/complete", &ask).await).await?;
    Ok(())
}

async fn in_one(site: &Site, id: &str, bytes: &Bytes) -> Result<()> {
    let path = format!("/api/presigned/upload-url/{id}");
    let answer = patiently(async || site.get(&path).await).await?;
    put(site, &text(&answer["upload_url"]), bytes.clone()).await?;
    Ok(())
}

async fn through(site: &Site, id: &str, bytes: &Bytes) -> Result<()> {
    let upload = Request::new("POST", format!("/api/transfers/upload/{id}"));
    let upload = upload.with_body(bytes.clone());
    patiently(async || site.client.send(upload.clone()).await).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_completed_is_whole_and_counted_whatever_breaks() -> Result<()> {
    let plan = Plan::random(0.0, &Kind::QUICK)?;
    let server = S3Server::start(Peer::Ministack).await?;
    let faults = Faults::start(server.address(), plan).await?;
    let site = Site::with(server.bucket().await?.behind(&faults), &[])?;
    let ids = try_join_all((0..24).map(|_| site.create(json!({ "max_downloads": 3 })))).await?;
    faults.set_share(SHARE);
    let stories = (0..).zip(ids).map(async |(n, id)| {
        let bytes = content(SIZE, n);
        match n % 3 {
            0 => in_parts(&site, &id, &bytes).await?,
            1 => in_one(&site, &id, &bytes).await?,
            _ => through(&site, &id, &bytes).await?,
        }
        patiently(async || site.complete(&id).await).await?;
        Ok::<_, anyhow::Error>((id, bytes))
    });
    let sent = try_join_all(stories).await?;
    for (id, bytes) in &sent {
        let mut urls = Vec::new();
        for _ in 0..12 {
            match site.download_url(id).await? {
                answer if answer.status == 200 => urls.push(text(&ok(answer)?["download_url"])),
                answer => assert!([410, 503].contains(&answer.status), "{}", answer.status),
            }
        }
        assert!((1..=3).contains(&urls.len()), "{} of 3", urls.len());
        faults.set_share(0.0);
        for url in urls {
            let answer = site.http.get(url).send().await?.error_for_status()?;
            assert_eq!(answer.bytes().await?, bytes);
        }
        faults.set_share(SHARE);
    }
    println!(
        "{} of {} requests were spoiled",
        faults.injected(),
        faults.calls()
    );
    Ok(())
}
