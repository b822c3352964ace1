//! JSON documents that change by compare-and-swap, and objects that are created once.
//!
//! A storage may lose its answer: a conditional write that ends in [`Error::Unavailable`] may or may not have happened.
//! Every function here reads back before it decides, and never lets a change happen twice.

use std::time::Duration;

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::{Instant, sleep};

use crate::{Blobs, Error, Path, PutMode, Result, Version};

/// How often a write is tried before [`Error::Unavailable`].
pub const TRIES: u32 = 100;

/// How long a write is tried before [`Error::Unavailable`]: less than a person or a proxy waits for an answer.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What a change makes of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<R> {
    /// Write the document as it is now, then answer this.
    Write(R),
    /// Nothing to write: answer this.
    Keep(R),
}

/// How a conditional create ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// It was created now.
    New,
    /// The very same bytes are there: created before, or now by a write whose answer was lost.
    Same,
    /// Others were faster, with other bytes.
    Taken,
}

/// Reads a document; none when nothing is there.
///
/// # Errors
/// `Damaged` when it is not JSON of this shape; `Unavailable`.
pub async fn read<T: DeserializeOwned>(
    blobs: &dyn Blobs,
    path: &Path,
) -> Result<Option<(T, Version)>> {
    let Some((bytes, version)) = read_bytes(blobs, path).await? else {
        return Ok(None);
    };
    let doc = serde_json::from_slice(&bytes).map_err(|e| damaged(path, &e))?;
    Ok(Some((doc, version)))
}

/// Creates a document, only if nothing is there.
///
/// # Errors
/// `Full`; `Unavailable`; `Damaged` when `doc` is nothing that JSON can hold.
pub async fn create<T: Serialize>(blobs: &dyn Blobs, path: &Path, doc: &T) -> Result<Created> {
    create_or_read(blobs, path, encode(path, doc)?).await
}

/// Creates an object, only if nothing is there, and says what is there.
///
/// Exact counting stands on this: of many who create one path with bytes of their own, exactly one is ever told
/// [`Created::New`] or, when its answer was lost, [`Created::Same`]; it is told [`Created::Same`] for ever after, and
/// all others [`Created::Taken`]. So let the bytes name their writer: two who write the same are the same.
///
/// A create that ends in "exists" or without an answer is read back; when nothing is there (a storage may refuse one of
/// two that race, and then lose the other too), it is tried again, at most [`TRIES`] times and for [`PATIENCE`].
///
/// # Errors
/// `Full`; `Unavailable`, after which asking again finds out.
pub async fn create_or_read(blobs: &dyn Blobs, path: &Path, bytes: Bytes) -> Result<Created> {
    let mut retry = Retry::new();
    loop {
        let refusal = match blobs.put(path, bytes.clone(), PutMode::Create).await {
            Ok(_) => return Ok(Created::New),
            Err(refusal @ (Error::AlreadyExists(_) | Error::Unavailable(_))) => refusal,
            Err(other) => return Err(other),
        };
        match is_there(blobs, path, &bytes).await? {
            Some(true) => return Ok(Created::Same),
            Some(false) => return Ok(Created::Taken),
            None => retry.after(refusal).await?,
        }
    }
}

/// Changes a document: reads it, lets `change` alter or refuse it, and writes it only if it is still what was read;
/// else again from the start, after a pause of random length ("full jitter"), at most [`TRIES`] times and for
/// [`PATIENCE`]. So `change` may run several times, each time on a fresh document, and only its last answer counts.
///
/// When the answer of the write is lost, the document is read back. Still the old one: again. Byte for byte the new one:
/// done. Anything else has been changed since, by somebody who may have seen our change or not: `Unavailable`, since
/// doing it again might do it twice. A document in which two writers might write the very same bytes over the same state
/// (a bare counter) should hold something of each writer's own, such as a nonce, for then "byte for byte the new one"
/// proves who wrote it.
///
/// # Errors
/// What `change` refuses with; and, as an `E`, `NotFound` when nothing is there, `Full`, `Damaged`, `Unavailable`.
pub async fn update<T, R, E>(
    blobs: &dyn Blobs,
    path: &Path,
    mut change: impl FnMut(&mut T) -> std::result::Result<Change<R>, E>,
) -> std::result::Result<R, E>
where
    T: DeserializeOwned + Serialize,
    E: From<Error>,
{
    let mut retry = Retry::new();
    loop {
        let (mut doc, version) = read(blobs, path)
            .await?
            .ok_or_else(|| Error::NotFound(path.clone()))?;
        let answer = match change(&mut doc)? {
            Change::Keep(answer) => return Ok(answer),
            Change::Write(answer) => answer,
        };
        match swap(blobs, path, encode(path, &doc)?, version).await? {
            Ok(()) => return Ok(answer),
            Err(refusal) => retry.after(refusal).await?,
        }
    }
}

/// Writes over a known state: done, or not done for a reason after which it may be tried again.
async fn swap(
    blobs: &dyn Blobs,
    path: &Path,
    bytes: Bytes,
    old: Version,
) -> Result<std::result::Result<(), Error>> {
    match blobs
        .put(path, bytes.clone(), PutMode::Update(old.clone()))
        .await
    {
        Ok(_) => Ok(Ok(())),
        Err(changed @ Error::Precondition(_)) => Ok(Err(changed)),
        Err(Error::Unavailable(lost)) => match read_bytes(blobs, path).await? {
            Some((_, there)) if there == old => Ok(Err(Error::Unavailable(lost))),
            Some((there, _)) if there == bytes => Ok(Ok(())),
            Some(_) | None => Err(Error::Unavailable(lost)),
        },
        Err(other) => Err(other),
    }
}

/// Whether these bytes are what is there; `None` when nothing is. What has another size is not read, however large it is.
async fn is_there(blobs: &dyn Blobs, path: &Path, bytes: &Bytes) -> Result<Option<bool>> {
    match blobs.get(path, None).await {
        Ok(there) if there.meta.size != bytes.len() as u64 => Ok(Some(false)),
        Ok(there) => Ok(Some(there.bytes().await? == *bytes)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

async fn read_bytes(blobs: &dyn Blobs, path: &Path) -> Result<Option<(Bytes, Version)>> {
    match blobs.get(path, None).await {
        Ok(blob) => {
            let version = blob.meta.version.clone();
            Ok(Some((blob.bytes().await?, version)))
        }
        Err(Error::NotFound(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

fn encode<T: Serialize>(path: &Path, doc: &T) -> Result<Bytes> {
    serde_json::to_vec(doc)
        .map(Bytes::from)
        .map_err(|e| damaged(path, &e))
}

/// Says where a document is broken and how, never what it holds: errors are logged.
fn damaged(path: &Path, error: &serde_json::Error) -> Error {
    let reason = format!(
        "{:?} error at line {} column {}",
        error.classify(),
        error.line(),
        error.column()
    );
    Error::Damaged {
        path: path.clone(),
        reason,
    }
}

/// A random part of a pause, so that those who were turned away together do not come back together.
#[must_use]
pub fn full_jitter(most: Duration) -> Duration {
    let part = getrandom::u32().map_or(1.0, |random| f64::from(random) / f64::from(u32::MAX));
    most.mul_f64(part)
}

/// Pauses between tries, until it has been enough.
struct Retry {
    tries: u32,
    since: Instant,
}

impl Retry {
    fn new() -> Self {
        Self {
            tries: 0,
            since: Instant::now(),
        }
    }

    /// Waits a random part of a time that doubles with each try, from 2 ms (a write to a folder) to 256 ms (a few
    /// requests to S3): see "Exponential Backoff and Jitter" of the AWS Architecture Blog.
    async fn after(&mut self, refusal: Error) -> Result<()> {
        self.tries += 1;
        if self.tries >= TRIES || self.since.elapsed() >= PATIENCE {
            return Err(match refusal {
                Error::Unavailable(reason) => Error::Unavailable(reason),
                // Told to whoever looks at the service: without the path.
                _ => Error::unavailable("too many change the same document at once"),
            });
        }
        sleep(full_jitter(Duration::from_millis(1 << self.tries.min(8)))).await;
        Ok(())
    }
}
