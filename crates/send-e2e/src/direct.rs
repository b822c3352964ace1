//! A client whose parts go straight to the storage and come straight from it, by URLs that the service gives.

use anyhow::{Result, ensure};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use send_core::api::sends::{PartUrl, PartUrls};

use crate::{Answer, Claim, Client, Sealed};

/// Parts that are under way at once, as in the pages.
const AT_ONCE: usize = 4;
/// Parts that URLs to read are asked for at once: few, so that none grows old.
const ASKED: usize = 16;

impl Client {
    /// Sends a transfer from the first request to the last, its parts straight to the storage.
    ///
    /// # Errors
    /// When anything is refused.
    pub async fn upload_direct(&self, sealed: &Sealed, downloads: u64) -> Result<()> {
        let created = self.demand(sealed.create(downloads), 201).await?.json()?;
        ensure!(created["transport"] == "direct", "{created}");
        self.demand(sealed.put_manifest(), 200).await?;
        let sends = stream::iter(0..sealed.part_count()).map(|n| self.send_straight(sealed, n));
        sends.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        self.demand(sealed.complete(), 200).await?;
        Ok(())
    }

    async fn send_straight(&self, sealed: &Sealed, n: u32) -> Result<()> {
        let bytes = sealed.part_bytes(n);
        let ask = sealed.urls_to_send(&[(n, bytes.clone())]);
        for url in self.part_urls(ask).await? {
            let answer = self.put_to(&url, bytes.clone()).await?;
            ensure!(answer.status == 200, "part {n}: {}", answer.status);
        }
        Ok(())
    }

    /// Claims a transfer, reads its parts straight from the storage, and decrypts them.
    ///
    /// # Errors
    /// When anything is refused, or is not what was sent.
    pub async fn download_direct(&self, sealed: &Sealed, claim: &Claim) -> Result<()> {
        let claimed = self.demand(sealed.claim(claim), 200).await?.json()?;
        ensure!(claimed["transport"] == "direct", "{claimed}");
        let parts: Vec<_> = (0..sealed.part_count()).collect();
        let batches = stream::iter(parts.chunks(ASKED));
        let asks = batches.map(|parts| self.part_urls(sealed.urls_to_read(claim, parts)));
        let urls = asks.buffered(2).map_ok(|urls| stream::iter(urls).map(Ok));
        let reads = urls.try_flatten().map_ok(|url| async move {
            let answer = self.get_from(&url).await?;
            sealed.check_part(url.part, &answer.body)
        });
        reads
            .try_buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await
    }

    /// The URLs that the service gives.
    ///
    /// # Errors
    /// When it refuses.
    pub async fn part_urls(&self, ask: crate::Request) -> Result<Vec<PartUrl>> {
        Self::urls_of(&self.demand(ask, 200).await?)
    }

    /// The URLs in an answer.
    pub(crate) fn urls_of(answer: &Answer) -> Result<Vec<PartUrl>> {
        Ok(serde_json::from_slice::<PartUrls>(&answer.body)?.urls)
    }

    /// Sends a part to its URL.
    ///
    /// # Errors
    /// When the connection broke before the answer was complete.
    pub async fn put_to(&self, url: &PartUrl, bytes: Bytes) -> Result<Answer> {
        self.use_url(Method::PUT, url, bytes).await
    }

    /// Reads a part from its URL.
    ///
    /// # Errors
    /// As [`Self::put_to`].
    pub async fn get_from(&self, url: &PartUrl) -> Result<Answer> {
        self.use_url(Method::GET, url, Bytes::new()).await
    }

    async fn use_url(&self, method: Method, url: &PartUrl, bytes: Bytes) -> Result<Answer> {
        let mut request = self.http.request(method, &url.url);
        for (name, value) in &url.headers {
            request = request.header(name, value);
        }
        Answer::of(request.body(bytes).send().await?).await
    }
}
