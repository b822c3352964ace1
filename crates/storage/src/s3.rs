//! Objects in a bucket of S3, or of anything that speaks S3, shared by any number of instances.
//!
//! - `place`: which bucket, and what below it
//! - `settings`, `credentials`, `profile`: region, endpoint and credentials, as every AWS tool reads them
//! - `fault`: what S3 says when it refuses, in the terms of [`crate::Error`]
//! - `upload`: streams of unknown length
//! - `signed`: URLs that clients use themselves, and uploads in parts
//! - `unfinished`: uploads in parts that nobody will finish
//!
//! Requests are tried again with growing pauses while S3 is slow, down or fails, [`TRIES`] times within [`PATIENCE`]; then
//! they are [`Error::Unavailable`]. Conditional writes are sent once: tried again, one could meet what it wrote itself and call that a
//! conflict. [`crate::json`] reads back before it tries again.

use std::{
    ops::Range,
    sync::OnceLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{
    GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, PutOptions, PutResult,
    UpdateVersion,
    aws::AmazonS3,
    list::{PaginatedListOptions, PaginatedListStore},
    path::Path as Key,
};

use crate::{Blob, Blobs, ByteStream, Error, Listed, Meta, Page, Path, PutMode, Result, Version};
use settings::Settings;

pub use place::Place;
pub use settings::InvalidSetting;

mod credentials;
mod fault;
mod place;
mod profile;
mod settings;
mod signed;
mod unfinished;
mod upload;

/// How often a request is tried again before [`Error::Unavailable`]: with the pauses in between that is about ten seconds
/// where S3 answers at once that it cannot.
pub const TRIES: usize = 10;
/// How long after its beginning a request is tried again, at most: once more after one that was never answered.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The most entries that S3 lists in one answer.
const MOST_LISTED: usize = 1_000;

/// A bucket, or what lies below a prefix in it.
///
/// Nothing is sent, and no certificate read, before the first request: a start costs nothing, and a bucket that is not there
/// or not ours is an error of each request, until the operator has mended it.
pub struct S3 {
    place: Place,
    settings: Settings,
    clients: OnceLock<Clients>,
}

/// The clients of one bucket.
struct Clients {
    /// Tries again what may be done twice.
    patient: AmazonS3,
    /// Sends each request once.
    once: AmazonS3,
    /// Sends what is signed already.
    plain: reqwest::Client,
}

impl S3 {
    /// Of a place, with region, endpoint and credentials from the variables that `get` tells and from the profiles of `~/.aws`.
    ///
    /// # Errors
    /// [`InvalidSetting`] for the first value that is not understood.
    pub fn new(
        place: Place,
        get: impl Fn(&str) -> Option<String>,
    ) -> std::result::Result<Self, InvalidSetting> {
        let settings = Settings::read(&place, get)?;
        Ok(Self {
            place,
            settings,
            clients: OnceLock::new(),
        })
    }

    /// The client for all that may be done twice.
    fn client(&self) -> Result<&AmazonS3> {
        Ok(&self.clients()?.patient)
    }

    /// The clients, made at their first use: reading the certificates takes milliseconds that a start should not.
    fn clients(&self) -> Result<&Clients> {
        if let Some(clients) = self.clients.get() {
            return Ok(clients);
        }
        let made = Clients {
            patient: self.settings.client(true).map_err(Error::unavailable)?,
            once: self.settings.client(false).map_err(Error::unavailable)?,
            plain: self.settings.http().map_err(Error::unavailable)?,
        };
        Ok(self.clients.get_or_init(|| made))
    }

    fn key(&self, path: &Path) -> Key {
        self.place.key(path)
    }

    async fn overwrite(&self, path: &Path, bytes: Bytes) -> Result<PutResult> {
        let put = self.client()?.put(&self.key(path), bytes.into()).await;
        put.map_err(|e| fault::of(path, e))
    }

    async fn create(&self, path: &Path, bytes: Bytes) -> Result<PutResult> {
        let options = PutOptions::from(object_store::PutMode::Create);
        let once = &self.clients()?.once;
        let put = once.put_opts(&self.key(path), bytes.into(), options).await;
        put.map_err(|e| fault::of(path, e))
    }

    /// S3 answers 409 to one of two updates that race: not done, as after a change.
    async fn update(&self, path: &Path, bytes: Bytes, there: Version) -> Result<PutResult> {
        let there = UpdateVersion {
            e_tag: Some(there.0),
            version: None,
        };
        let options = PutOptions::from(object_store::PutMode::Update(there));
        let once = &self.clients()?.once;
        let put = once.put_opts(&self.key(path), bytes.into(), options).await;
        put.map_err(|e| match fault::of(path, e) {
            Error::AlreadyExists(path) => Error::Precondition(path),
            other => other,
        })
    }

    /// One request of a listing, at most [`MOST_LISTED`] entries, and where the next one goes on.
    async fn list_once(
        &self,
        prefix: &str,
        after: Option<String>,
        page_token: Option<String>,
        limit: usize,
    ) -> Result<(Vec<Listed>, Option<String>)> {
        let options = PaginatedListOptions {
            offset: after,
            max_keys: Some(limit.min(MOST_LISTED)),
            page_token,
            ..PaginatedListOptions::default()
        };
        let prefix = (!prefix.is_empty()).then_some(prefix);
        let listed = self.client()?.list_paginated(prefix, options).await;
        let listed = listed.map_err(fault::of_bucket)?;
        let entries = listed.result.objects.into_iter();
        let ours = entries.filter_map(|found| self.listed(found)).collect();
        Ok((ours, listed.page_token))
    }

    /// An object of a listing; none where it is not ours: its name is no path.
    fn listed(&self, found: ObjectMeta) -> Option<Listed> {
        Some(Listed {
            path: self.place.path(found.location.as_ref())?,
            size: found.size,
            modified: modified(&found),
        })
    }
}

#[async_trait]
impl Blobs for S3 {
    async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Blob> {
        if range.as_ref().is_some_and(Range::is_empty) {
            let size = self.head(path).await?.size;
            return Err(outside(path, size));
        }
        let options = GetOptions {
            range: range.map(asked),
            ..GetOptions::default()
        };
        let found = match self.client()?.get_opts(&self.key(path), options).await {
            Err(refused) if fault::is_outside(&refused) => {
                let size = self.head(path).await?.size;
                return Err(outside(path, size));
            }
            found => found.map_err(|e| fault::of(path, e))?,
        };
        Ok(Blob {
            meta: meta(&found.meta),
            range: found.range.clone(),
            stream: found.into_stream().map_err(std::io::Error::other).boxed(),
        })
    }

    async fn head(&self, path: &Path) -> Result<Meta> {
        let found = self.client()?.head(&self.key(path)).await;
        found
            .map(|found| meta(&found))
            .map_err(|e| fault::of(path, e))
    }

    async fn put(&self, path: &Path, bytes: Bytes, mode: PutMode) -> Result<Version> {
        let put = match mode {
            PutMode::Overwrite => self.overwrite(path, bytes).await?,
            PutMode::Create => self.create(path, bytes).await?,
            PutMode::Update(there) => self.update(path, bytes, there).await?,
        };
        Ok(Version(put.e_tag.unwrap_or_default()))
    }

    async fn put_stream(&self, path: &Path, stream: ByteStream) -> Result<Meta> {
        self.upload(path, stream).await?;
        // Also where the answer to the end of an upload in parts was lost: what counts is what is there.
        match self.head(path).await {
            Err(Error::NotFound(_)) => Err(Error::unavailable("the upload did not end")),
            found => found,
        }
    }

    async fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        // S3 refuses to copy an object onto itself.
        if from == to {
            return self.head(from).await.map(drop);
        }
        self.client()?
            .copy(&self.key(from), &self.key(to))
            .await
            .map_err(|e| fault::of(from, e))
    }

    async fn delete(&self, path: &Path) -> Result<()> {
        let deleted = self.client()?.delete(&self.key(path)).await;
        match deleted.map_err(|e| fault::of(path, e)) {
            Err(Error::NotFound(_)) => Ok(()),
            other => other,
        }
    }

    /// A thousand in one request.
    async fn delete_all(&self, paths: &[Path]) -> Result<()> {
        let keys: Vec<_> = paths.iter().map(|path| Ok(self.key(path))).collect();
        let removed = self.client()?.delete_stream(stream::iter(keys).boxed());
        removed
            .try_for_each(async |_| Ok(()))
            .await
            .map_err(fault::of_bucket)
    }

    async fn discard_unfinished(&self, prefix: &Path, before: SystemTime) -> Result<u64> {
        self.abort_begun_before(prefix, before).await
    }

    async fn list(
        &self,
        prefix: Option<&Path>,
        after: Option<&Path>,
        limit: usize,
    ) -> Result<Page> {
        let prefix = self.place.folder(prefix);
        let after = after.map(|after| self.key(after).to_string());
        let (mut entries, mut next) = (Vec::new(), None);
        loop {
            // Not none: S3 servers do not agree what to answer then.
            let room = (limit - entries.len()).max(1);
            let (listed, more) = self.list_once(&prefix, after.clone(), next, room).await?;
            entries.extend(listed);
            next = more;
            if next.is_none() || entries.len() >= limit {
                let more = next.is_some() || entries.len() > limit;
                entries.truncate(limit);
                return Ok(Page { entries, more });
            }
        }
    }
}

/// A range that ends beyond what S3 servers can count goes to the end.
fn asked(range: Range<u64>) -> GetRange {
    if i64::try_from(range.end).is_ok() {
        GetRange::Bounded(range)
    } else {
        GetRange::Offset(range.start)
    }
}

/// To the second, as the head of an object has it; listings may say it more exactly.
fn modified(found: &ObjectMeta) -> SystemTime {
    let seconds = u64::try_from(found.last_modified.timestamp()).unwrap_or_default();
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn meta(found: &ObjectMeta) -> Meta {
    Meta {
        size: found.size,
        version: Version(found.e_tag.clone().unwrap_or_default()),
        modified: modified(found),
    }
}

fn outside(path: &Path, size: u64) -> Error {
    Error::Range {
        path: path.clone(),
        size,
    }
}
