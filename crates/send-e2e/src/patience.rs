//! A client that goes on when things break, as the pages and the command line do.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use send_core::api::sends::PartUrl;
use tokio::time::sleep;

use crate::{Answer, Claim, Client, Request, Sealed};

/// How often a request is tried.
const TRIES: u32 = 40;
/// How long it waits before the next try; ten times as long at most.
const PAUSE: Duration = Duration::from_millis(50);

impl Client {
    /// Sends a request until it is answered with something else than "not now": a broken connection, 500, 502, 503 or 504.
    ///
    /// # Errors
    /// When it never was.
    pub async fn insist(&self, request: Request) -> Result<Answer> {
        let what = format!("{} {}", request.method, request.path);
        let mut last = String::new();
        for tries in 1..=TRIES {
            match self.send(request.clone()).await {
                Ok(answer) if !is_not_now(answer.status) => return Ok(answer),
                Ok(answer) => last = format!("{} {}", answer.status, answer.detail()),
                Err(error) => last = format!("{error:#}"),
            }
            sleep(PAUSE * tries.min(10)).await;
        }
        bail!("{what}: {TRIES} tries, last {last}")
    }

    /// Insists on this status.
    ///
    /// # Errors
    /// When something else was answered.
    pub async fn insist_on(&self, request: Request, status: u16) -> Result<Answer> {
        let what = format!("{} {}", request.method, request.path);
        let answer = self.insist(request).await?;
        if answer.status != status {
            bail!(
                "{what}: {status} expected, {} came: {}",
                answer.status,
                answer.detail()
            );
        }
        Ok(answer)
    }

    /// Sends a transfer, whatever breaks on the way; its parts straight to the storage, or through the service.
    ///
    /// # Errors
    /// When anything is refused.
    pub async fn send_patiently(&self, sealed: &Sealed, straight: bool) -> Result<()> {
        self.insist_on(sealed.create(0), 201).await?;
        self.insist_on(sealed.put_manifest(), 200).await?;
        let parts = stream::iter(0..sealed.part_count()).map(|n| async move {
            match straight {
                true => self.send_part_straight(sealed, n).await,
                false => self.insist_on(sealed.put_part(n), 200).await.map(drop),
            }
        });
        parts.buffer_unordered(2).try_collect::<()>().await?;
        self.insist_on(sealed.complete(), 200).await.map(drop)
    }

    /// Claims and reads a transfer, whatever breaks on the way, and compares it with what was sent.
    ///
    /// # Errors
    /// When anything is refused, or is not what was sent.
    pub async fn read_patiently(&self, sealed: &Sealed, straight: bool) -> Result<()> {
        let claim = Claim::random()?;
        let manifest = self.insist_on(sealed.read_manifest(), 200).await?;
        sealed.check_manifest(&manifest.body)?;
        self.insist_on(sealed.claim(&claim), 200).await?;
        for n in 0..sealed.part_count() {
            let bytes = match straight {
                true => self.read_part_straight(sealed, &claim, n).await?,
                false => self.insist_on(sealed.part(&claim, n), 200).await?.body,
            };
            sealed.check_part(n, &bytes)?;
        }
        Ok(())
    }

    async fn send_part_straight(&self, sealed: &Sealed, n: u32) -> Result<()> {
        let bytes = sealed.part_bytes(n);
        let ask = sealed.urls_to_send(&[(n, bytes.clone())]);
        // 412: an earlier try has arrived, its answer was lost.
        let sent = |status| status == 200 || status == 412;
        self.straight(
            ask,
            async |url| self.put_to(&url, bytes.clone()).await,
            sent,
        )
        .await
        .map(drop)
    }

    async fn read_part_straight(&self, sealed: &Sealed, claim: &Claim, n: u32) -> Result<Bytes> {
        let ask = sealed.urls_to_read(claim, &[n]);
        let read = async |url| self.get_from(&url).await;
        let answer = self.straight(ask, read, |status| status == 200).await?;
        Ok(answer.body)
    }

    /// Asks for a URL and uses it, until it did what it was to do.
    async fn straight(
        &self,
        ask: Request,
        using: impl AsyncFn(PartUrl) -> Result<Answer>,
        is_done: impl Fn(u16) -> bool,
    ) -> Result<Answer> {
        for tries in 1..=TRIES {
            let answer = self.insist_on(ask.clone(), 200).await?;
            let url = Self::urls_of(&answer)?.pop().context("no URL")?;
            match using(url).await {
                Ok(answer) if is_done(answer.status) => return Ok(answer),
                _ => sleep(PAUSE * tries.min(10)).await,
            }
        }
        bail!("{TRIES} tries straight to the storage")
    }
}

/// What says that the same request may well do later.
const fn is_not_now(status: u16) -> bool {
    matches!(status, 500 | 502 | 503 | 504)
}
