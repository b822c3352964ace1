//! The trait of storages that clients may reach themselves, by signed URLs, and its contract.

use std::time::Duration;

use async_trait::async_trait;

use crate::{Path, Result};

/// A request that a client may send straight to the storage, and nothing else: the signature covers all of this.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// Where it goes. A secret while it lives: whoever has it may use it.
    pub url: String,
    /// Headers that it must carry, with exactly these values.
    pub headers: Vec<(&'static str, String)>,
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signed(..)")
    }
}

/// Names an upload in parts that the storage has begun; opaque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadId(pub String);

/// A part that arrived, as the storage named it to whoever sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedPart {
    /// From 1 to 10,000.
    pub number: u32,
    /// The entity tag that the storage answered, with or without its quotes.
    pub etag: String,
}

/// What a storage that clients may reach themselves can do beside [`crate::Blobs`].
///
/// - Signing sends no request: a URL may be signed for what is not there, and one is signed even while the storage does not
///   answer. It needs credentials, though, which may have to be fetched.
/// - A URL works for its `life`, or less where the credentials that signed it end before; it cannot be called back.
/// - Uploads in parts appear as one object when they are assembled, or not at all.
#[async_trait]
pub trait Presign: Send + Sync + 'static {
    /// Where all signed URLs lead, `https://bucket.example` or `http://127.0.0.1:9000/bucket/`: what a page that uses them
    /// must be allowed to connect to.
    fn base(&self) -> &str;

    /// Reads an object; ranges are allowed.
    ///
    /// # Errors
    /// `Refused`, `Unavailable` where there are no credentials.
    async fn sign_get(&self, path: &Path, life: Duration) -> Result<Signed>;

    /// Creates an object of these bytes, told by their SHA-256, only if nothing is there.
    ///
    /// # Errors
    /// As [`Self::sign_get`].
    async fn sign_create(&self, path: &Path, sha256: &[u8; 32], life: Duration) -> Result<Signed>;

    /// Writes an object of any bytes over whatever is there, as often as it is asked to. For clients that know nothing of
    /// conditions: sign it for a path that nobody else reads.
    ///
    /// # Errors
    /// As [`Self::sign_get`].
    async fn sign_put(&self, path: &Path, life: Duration) -> Result<Signed>;

    /// Begins an upload in parts.
    ///
    /// # Errors
    /// `Refused`; `Unavailable`, after which one may have begun: [`crate::Blobs::discard_unfinished`] finds it.
    async fn begin_upload(&self, path: &Path) -> Result<UploadId>;

    /// Sends part `number` (1 to 10,000) of an upload.
    ///
    /// # Errors
    /// As [`Self::sign_get`].
    async fn sign_part(
        &self,
        path: &Path,
        upload: &UploadId,
        number: u32,
        life: Duration,
    ) -> Result<Signed>;

    /// Assembles an upload from these parts, in ascending order of numbers; answers the entity tag of the object.
    ///
    /// # Errors
    /// `NotFound` when there is no such upload, or no more; `Upload` when a part is missing, too small or another one;
    /// `Unavailable`, after which it may have happened: look for the object.
    async fn finish_upload(
        &self,
        path: &Path,
        upload: &UploadId,
        parts: Vec<UploadedPart>,
    ) -> Result<String>;

    /// Gives an upload up and removes its parts; succeeds when there is none.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn abort_upload(&self, path: &Path, upload: &UploadId) -> Result<()>;
}
