//! Uploads in parts that nobody will finish. object_store has no call that lists them, so its signer signs the request.

use std::time::{Duration, SystemTime};

use object_store::{
    path::Path as Key,
    signer::{Method, SignedUrlOptions, Signer},
};
use serde::Deserialize;

use super::{S3, fault};
use crate::{Error, Path, Presign, Result, presign::UploadId};

/// How long the signed request may take to be sent.
const LIFE: Duration = Duration::from_mins(1);

/// `ListMultipartUploads` of the Amazon S3 API reference.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Uploads {
    #[serde(default)]
    upload: Vec<Upload>,
    #[serde(default)]
    is_truncated: bool,
    #[serde(default)]
    next_key_marker: String,
    #[serde(default)]
    next_upload_id_marker: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Upload {
    key: String,
    upload_id: String,
    initiated: String,
}

impl S3 {
    /// Gives up all uploads in parts below a path that began before this time; how many there were.
    pub(super) async fn abort_begun_before(&self, below: &Path, before: SystemTime) -> Result<u64> {
        let (mut aborted, mut markers) = (0, None);
        loop {
            let page = self.uploads(below, markers).await?;
            for upload in page.upload {
                let begun = humantime::parse_rfc3339(&upload.initiated);
                let old = begun.map_err(Error::unavailable)? < before;
                // What bears no name of ours is left alone.
                if let Some(path) = self.place.path(&upload.key).filter(|_| old) {
                    self.abort_upload(&path, &UploadId(upload.upload_id))
                        .await?;
                    aborted += 1;
                }
            }
            // A server that says there is more, and not where, would be asked for the same again.
            if !page.is_truncated || page.next_key_marker.is_empty() {
                return Ok(aborted);
            }
            markers = Some((page.next_key_marker, page.next_upload_id_marker));
        }
    }

    async fn uploads(&self, below: &Path, markers: Option<(String, String)>) -> Result<Uploads> {
        let mut query = vec![
            ("uploads".to_owned(), String::new()),
            ("prefix".to_owned(), self.place.folder(Some(below))),
        ];
        if let Some((key, upload)) = markers {
            query.push(("key-marker".to_owned(), key));
            query.push(("upload-id-marker".to_owned(), upload));
        }
        let options = SignedUrlOptions::default().with_query(query);
        let url = self
            .client()?
            .signed_url_opts(Method::GET, &Key::default(), LIFE, &options)
            .await
            .map_err(fault::of_bucket)?;
        let response = self
            .clients()?
            .plain
            .get(url)
            .send()
            .await
            .map_err(unavailable)?;
        let (status, text) = (
            response.status(),
            response.text().await.map_err(unavailable)?,
        );
        match fault::code_in(&text).and_then(fault::of_code) {
            Some(refused) => Err(refused.into()),
            None if !status.is_success() => Err(Error::unavailable(format!(
                "the unfinished uploads cannot be listed: {status}"
            ))),
            None => quick_xml::de::from_str(&text).map_err(Error::unavailable),
        }
    }
}

/// A signed URL is a secret while it lives, and errors are logged.
fn unavailable(error: reqwest::Error) -> Error {
    Error::unavailable(error.without_url())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_read_as_s3_writes_it() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
            <ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
              <Bucket>bucket</Bucket><KeyMarker></KeyMarker><UploadIdMarker></UploadIdMarker>
              <NextKeyMarker>b</NextKeyMarker><NextUploadIdMarker>two</NextUploadIdMarker>
              <MaxUploads>2</MaxUploads><IsTruncated>true</IsTruncated>
              <Upload><Key>a</Key><UploadId>one</UploadId><StorageClass>STANDARD</StorageClass>
                <Initiated>2026-11-10T20:48:33.000Z</Initiated></Upload>
              <Upload><Key>b</Key><UploadId>two</UploadId><Initiated>2026-11-11T20:48:33Z</Initiated></Upload>
            </ListMultipartUploadsResult>"#;
        let page: Uploads = quick_xml::de::from_str(text).unwrap();
        let ids: Vec<_> = page.upload.iter().map(|u| u.upload_id.as_str()).collect();
        assert_eq!(ids, ["one", "two"]);
        assert!(page.is_truncated);
        assert_eq!(page.next_upload_id_marker, "two");
        let none = "<ListMultipartUploadsResult></ListMultipartUploadsResult>";
        let page: Uploads = quick_xml::de::from_str(none).unwrap();
        assert!(page.upload.is_empty() && !page.is_truncated);
    }
}
