//! Parts that go straight between client and storage, by URLs that are asked for just in time.
//!
//! The service decides when a URL is given: claim, expiry, state. What is given works for minutes, whatever happens meanwhile.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use storage::{Presign, presign::Signed};

use super::{Sends, parts::part_range};
use crate::{
    api::sends::{self as wire, AskedPart},
    direct,
    error::ApiError,
    id::{Digest, SendId},
    key::GenerationKey,
    record::{Life, SendRecord},
    secret::Presented,
};

/// URLs that are given at once.
const MOST: usize = 100;
/// URLs that are signed side by side: signing waits for nothing but, now and then, fresh credentials.
const AT_ONCE: usize = 8;

impl Sends {
    /// URLs to send parts, for the owner of a send that is not complete; URLs to read parts, for a claim.
    ///
    /// # Errors
    /// 400 where the storage signs none, or for parts that the send does not have; 404; 409 once complete; 410.
    pub async fn part_urls(
        &self,
        id: &SendId,
        shown: Option<Presented>,
        ask: &wire::AskUrls,
    ) -> Result<wire::PartUrls, ApiError> {
        if ask.parts.is_empty() || ask.parts.len() > MOST {
            return Err(ApiError::field(
                "parts",
                format!("must be 1 to {MOST} parts"),
            ));
        }
        match self.uploading(id, shown).await {
            Ok(record) => self.urls_to_send(id, &record, &ask.parts).await,
            Err(ApiError::NotFound) => {
                let record = self.admit_claim(id, shown).await?;
                self.urls_to_read(id, &record, &ask.parts).await
            }
            Err(other) => Err(other),
        }
    }

    async fn urls_to_send(
        &self,
        id: &SendId,
        record: &SendRecord,
        parts: &[AskedPart],
    ) -> Result<wire::PartUrls, ApiError> {
        let presign = self.direct.uploads().ok_or(SIGNS_NONE)?;
        let key = GenerationKey::of(id, &record.life);
        let life = self.url_life(&record.life);
        let parts = checked(record, parts, AskedPart::to_send)?;
        let sign = |(n, sha256): (u32, Digest)| {
            let path = key.part(n);
            async move {
                let signed = presign.sign_create(&path, sha256.as_bytes(), life).await?;
                Ok(answer(n, signed))
            }
        };
        urls(stream::iter(parts).map(sign), life).await
    }

    async fn urls_to_read(
        &self,
        id: &SendId,
        record: &SendRecord,
        parts: &[AskedPart],
    ) -> Result<wire::PartUrls, ApiError> {
        let presign: &dyn Presign = self.direct.downloads().ok_or(SIGNS_NONE)?;
        let key = GenerationKey::of(id, &record.life);
        let life = self.url_life(&record.life);
        let parts = checked(record, parts, AskedPart::to_read)?;
        let sign = |n: u32| {
            let path = key.part(n);
            async move { Ok(answer(n, presign.sign_get(&path, life).await?)) }
        };
        urls(stream::iter(parts).map(sign), life).await
    }

    /// Minutes, and not past the end of the send.
    fn url_life(&self, life: &Life) -> Duration {
        let left = life.expires_at.since(self.clock.now());
        direct::LIFE.min(left).max(Duration::from_secs(1))
    }
}

const SIGNS_NONE: ApiError = ApiError::Request(
    "This storage signs no URLs for that. Send and read the parts through the service.",
);

/// The parts as the asker must ask for them, all of which the send has.
fn checked<T>(
    record: &SendRecord,
    parts: &[AskedPart],
    form: impl Fn(AskedPart) -> Result<T, ApiError>,
) -> Result<Vec<T>, ApiError> {
    let check = |asked: &AskedPart| {
        part_range(record, asked.number())?;
        form(*asked)
    };
    parts.iter().map(check).collect()
}

async fn urls(
    signing: impl StreamExt<Item = impl Future<Output = Result<wire::PartUrl, ApiError>>>,
    life: Duration,
) -> Result<wire::PartUrls, ApiError> {
    Ok(wire::PartUrls {
        urls: signing.buffered(AT_ONCE).try_collect().await?,
        expires_in: life.as_secs(),
    })
}

fn answer(part: u32, signed: Signed) -> wire::PartUrl {
    let headers = signed.headers.into_iter();
    wire::PartUrl {
        part,
        url: signed.url,
        headers: headers
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    }
}
