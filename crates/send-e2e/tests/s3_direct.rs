//! Parts that go straight between a client and real S3 servers, by signed URLs.

use anyhow::{Result, ensure};
use bytes::Bytes;
use send_core::api::sends::PartUrl;
use send_e2e::{Bucket, Claim, Client, Peer, S3Server, Sealed, Server, Shared};

/// Two parts, and a bit of a third.
const SIZE: u64 = 9_000_000;

/// A service that lets bytes go straight both ways.
struct Both {
    bucket: Bucket,
    _server: Server,
    client: Client,
}

impl Both {
    async fn on(peer: Peer) -> Result<Self> {
        let bucket = S3Server::start(peer).await?.bucket().await?;
        let server = bucket.server_with(&[("SEND_DIRECT", "both")])?;
        Ok(Self {
            client: server.client()?,
            bucket,
            _server: server,
        })
    }

    async fn url_to_send(&self, sealed: &Sealed, part: u32, bytes: &Bytes) -> Result<PartUrl> {
        let ask = sealed.urls_to_send(&[(part, bytes.clone())]);
        Ok(self.client.part_urls(ask).await?.remove(0))
    }

    async fn parts(&self) -> Result<Vec<String>> {
        let keys = self.bucket.keys().await?;
        Ok(keys
            .into_iter()
            .filter(|key| key.contains("/parts/"))
            .collect())
    }
}

#[tokio::test]
async fn parts_arrive_straight_and_identical() -> Result<()> {
    for peer in Peer::ALL {
        let both = Both::on(peer).await?;
        let sealed = Sealed::new(SIZE)?;
        both.client.upload_direct(&sealed, 1).await?;
        ensure!(both.parts().await?.len() == 3);
        let claim = Claim::random()?;
        both.client.download_direct(&sealed, &claim).await?;
        both.client.download_direct(&sealed, &claim).await?;
        ensure!(
            both.client.downloads_left(&sealed).await? == Some(0),
            "the same claim is one download"
        );
        let another = both.client.send(sealed.claim(&Claim::random()?)).await?;
        ensure!((another.status, another.detail().as_str()) == (410, "exhausted"));
        // What came straight can be read through the service too.
        let part = both.client.demand(sealed.part(&claim, 1), 200).await?;
        sealed.check_part(1, &part.body)?;
    }
    Ok(())
}

#[tokio::test]
async fn a_url_sends_these_bytes_once_and_no_others() -> Result<()> {
    for peer in Peer::ALL {
        let both = Both::on(peer).await?;
        let sealed = Sealed::new(SIZE)?;
        both.client.begin(&sealed, 0, 0).await?;
        let (bytes, others) = (sealed.part_bytes(0), sealed.part_bytes(1));
        let url = both.url_to_send(&sealed, 0, &bytes).await?;

        let wrong = both.client.put_to(&url, others.clone()).await?;
        ensure!(
            wrong.status == 400,
            "{peer:?}: other bytes: {}",
            wrong.status
        );
        ensure!(
            both.parts().await?.is_empty(),
            "{peer:?}: other bytes were stored"
        );

        let mut bare = url.clone();
        bare.headers.clear();
        let without = both.client.put_to(&bare, bytes.clone()).await?;
        ensure!(
            without.status == 403,
            "{peer:?}: without its headers: {}",
            without.status
        );

        ensure!(both.client.put_to(&url, bytes.clone()).await?.status == 200);
        ensure!(
            both.client.put_to(&url, bytes.clone()).await?.status == 412,
            "again"
        );
        let late = both.url_to_send(&sealed, 0, &others).await?;
        let late = both.client.put_to(&late, others).await?;
        ensure!(
            late.status == 412,
            "{peer:?}: over what is there: {}",
            late.status
        );
        // The service looks at what is there.
        both.client.demand(sealed.put_part(0), 200).await?;
        both.client.resume(&sealed).await?;
        both.client.download(&sealed, &Claim::random()?).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_part_of_another_size_completes_nothing() -> Result<()> {
    let both = Both::on(Peer::Seaweed).await?;
    let sealed = Sealed::new(SIZE)?;
    both.client.begin(&sealed, 0, 2).await?;
    both.client.demand(sealed.put_manifest(), 200).await?;
    let short = Bytes::from_static(b"much too short");
    let url = both.url_to_send(&sealed, 2, &short).await?;
    ensure!(both.client.put_to(&url, short).await?.status == 200);
    both.client.demand(sealed.put_part(2), 409).await?;
    let refused = both.client.demand(sealed.complete(), 409).await?.json()?;
    ensure!(
        refused["missing"]["parts"] == serde_json::json!([2]),
        "{refused}"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_deleted_is_gone_on_the_straight_way_too() -> Result<()> {
    let both = Both::on(Peer::Seaweed).await?;
    let (sealed, claim) = (Sealed::new(SIZE)?, Claim::random()?);
    both.client.upload_direct(&sealed, 0).await?;
    both.client.demand(sealed.claim(&claim), 200).await?;
    let read = both
        .client
        .part_urls(sealed.urls_to_read(&claim, &[0]))
        .await?
        .remove(0);
    ensure!(both.client.get_from(&read).await?.status == 200);
    both.client.demand(sealed.delete(), 204).await?;
    ensure!(
        both.client.get_from(&read).await?.status == 404,
        "its bytes are removed"
    );
    let ask = both.client.send(sealed.urls_to_read(&claim, &[0])).await?;
    ensure!((ask.status, ask.detail().as_str()) == (410, "deleted"));
    Ok(())
}

#[tokio::test]
async fn an_object_that_we_did_not_write_is_never_overwritten() -> Result<()> {
    let both = Both::on(Peer::Seaweed).await?;
    let sealed = Sealed::new(1_000)?;
    both.client.begin(&sealed, 0, 0).await?;
    let keys = both.bucket.keys().await?;
    let record = keys.iter().find(|key| key.ends_with("/meta.json")).unwrap();
    let folder = record.trim_end_matches("meta.json");
    let stored: serde_json::Value = both.read(record).await?;
    let part = format!(
        "{folder}{}/parts/00000",
        stored["generation"].as_str().unwrap()
    );
    both.write(&part, "somebody else's").await?;
    both.client.demand(sealed.put_part(0), 409).await?;
    ensure!(both.bytes(&part).await? == "somebody else's");

    let other = Sealed::new(1_000)?;
    let id = other.id();
    let record = format!("transfers/{}/{id}/meta.json", &id[..2]);
    both.write(&record, "not ours").await?;
    let refused = both.client.send(other.create(0)).await?;
    ensure!(refused.status == 500, "{}", refused.status);
    ensure!(both.bytes(&record).await? == "not ours");
    Ok(())
}

impl Both {
    async fn read(&self, key: &str) -> Result<serde_json::Value> {
        Ok(serde_json::from_slice(&self.bytes(key).await?)?)
    }

    async fn bytes(&self, key: &str) -> Result<Bytes> {
        let url = self.bucket.url(reqwest::Method::GET, key).await?;
        Ok(send_e2e::http()
            .build()?
            .get(url)
            .send()
            .await?
            .bytes()
            .await?)
    }

    async fn write(&self, key: &str, bytes: &'static str) -> Result<()> {
        let url = self.bucket.url(reqwest::Method::PUT, key).await?;
        let put = send_e2e::http()
            .build()?
            .put(url)
            .body(bytes)
            .send()
            .await?;
        ensure!(put.status().is_success());
        Ok(())
    }
}
