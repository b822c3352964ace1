//! URLs that clients use themselves, and uploads in parts that they send.

use std::time::Duration;

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use object_store::{
    multipart::{MultipartStore, PartId},
    signer::{HeaderName, HeaderValue, Method, SignedUrlOptions, Signer},
};

use super::{S3, fault};
use crate::{
    Error, Path, Presign, Result,
    presign::{Signed, UploadId, UploadedPart},
};

/// Only if nothing is there.
const CREATE: (&str, &str) = ("if-none-match", "*");
/// S3 compares it with the bytes that arrive: "Checking object integrity" of the Amazon S3 user guide.
const SHA256: &str = "x-amz-checksum-sha256";

impl S3 {
    async fn sign(
        &self,
        method: Method,
        path: &Path,
        life: Duration,
        query: &[(&str, String)],
        headers: Vec<(&'static str, String)>,
    ) -> Result<Signed> {
        let query = query.iter().map(|(name, value)| (*name, value.clone()));
        let mut options = SignedUrlOptions::default().with_query(query);
        for (name, value) in &headers {
            let value = HeaderValue::from_str(value).map_err(Error::unavailable)?;
            options = options.with_signed_header(HeaderName::from_static(name), value);
        }
        let key = self.key(path);
        let signed = self.client()?.signed_url_opts(method, &key, life, &options);
        let url = signed.await.map_err(|e| fault::of(path, e))?.into();
        Ok(Signed { url, headers })
    }
}

#[async_trait]
impl Presign for S3 {
    fn base(&self) -> &str {
        self.settings.base()
    }

    async fn sign_get(&self, path: &Path, life: Duration) -> Result<Signed> {
        self.sign(Method::GET, path, life, &[], Vec::new()).await
    }

    async fn sign_create(&self, path: &Path, sha256: &[u8; 32], life: Duration) -> Result<Signed> {
        let headers = vec![
            (CREATE.0, CREATE.1.to_owned()),
            (SHA256, BASE64_STANDARD.encode(sha256)),
        ];
        self.sign(Method::PUT, path, life, &[], headers).await
    }

    async fn sign_put(&self, path: &Path, life: Duration) -> Result<Signed> {
        self.sign(Method::PUT, path, life, &[], Vec::new()).await
    }

    async fn begin_upload(&self, path: &Path) -> Result<UploadId> {
        let begun = self.client()?.create_multipart(&self.key(path)).await;
        begun.map(UploadId).map_err(|e| fault::of(path, e))
    }

    async fn sign_part(
        &self,
        path: &Path,
        upload: &UploadId,
        number: u32,
        life: Duration,
    ) -> Result<Signed> {
        let query = [
            ("partNumber", number.to_string()),
            ("uploadId", upload.0.clone()),
        ];
        self.sign(Method::PUT, path, life, &query, Vec::new()).await
    }

    async fn finish_upload(
        &self,
        path: &Path,
        upload: &UploadId,
        parts: Vec<UploadedPart>,
    ) -> Result<String> {
        if !parts
            .iter()
            .zip(1..)
            .all(|(part, number)| part.number == number)
        {
            return Err(Error::Upload {
                path: path.clone(),
                code: "InvalidPartOrder".to_owned(),
            });
        }
        let parts = parts.into_iter().map(|part| PartId {
            content_id: format!("\"{}\"", part.etag.trim_matches('"')),
        });
        let finished = self
            .client()?
            .complete_multipart(&self.key(path), &upload.0, parts.collect())
            .await
            .map_err(|e| fault::of_parts(path, e))?;
        Ok(finished.e_tag.unwrap_or_default())
    }

    async fn abort_upload(&self, path: &Path, upload: &UploadId) -> Result<()> {
        let aborted = self
            .client()?
            .abort_multipart(&self.key(path), &upload.0)
            .await;
        match aborted.map_err(|e| fault::of(path, e)) {
            Err(Error::NotFound(_)) => Ok(()),
            other => other,
        }
    }
}
