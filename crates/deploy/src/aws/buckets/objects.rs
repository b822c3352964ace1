//! What lies in a bucket.

use aws_sdk_s3::{
    Client,
    config::Config,
    types::{Delete, ObjectIdentifier},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use super::Called;
use crate::{
    aws::{
        connection::patiently,
        error::{told, unavailable},
    },
    cloud::{Answer, Object, ObjectVersion, Upload},
};

/// Objects below a prefix, a thousand at most.
pub(super) async fn list(
    s3: &Client,
    name: &str,
    owner: &str,
    prefix: &str,
) -> Answer<Vec<Object>> {
    let list = s3.list_objects_v2().bucket(name).prefix(prefix);
    let asked = list.expected_bucket_owner(owner).send().await;
    let told = asked.called("s3:ListObjectsV2")?.contents;
    let object = |told: aws_sdk_s3::types::Object| Object {
        size: told.size.unwrap_or_default().try_into().unwrap_or_default(),
        modified: told.last_modified.map_or(0, |time| time.secs()),
        key: told.key.unwrap_or_default(),
    };
    Ok(told.unwrap_or_default().into_iter().map(object).collect())
}

/// Versions, and marks of deletion, a thousand at most.
pub(super) async fn versions(s3: &Client, name: &str, owner: &str) -> Answer<Vec<ObjectVersion>> {
    let list = s3.list_object_versions().bucket(name);
    let asked = list.expected_bucket_owner(owner).send().await;
    let told = asked.called("s3:ListObjectVersions")?;
    let versions = told.versions.unwrap_or_default().into_iter();
    let versions = versions.map(|one| (one.key, one.version_id));
    let marks = told.delete_markers.unwrap_or_default().into_iter();
    let all = versions.chain(marks.map(|one| (one.key, one.version_id)));
    let all = all.map(|(key, id)| ObjectVersion {
        key: key.unwrap_or_default(),
        id: id.unwrap_or_else(|| "null".into()),
    });
    Ok(all.collect())
}

/// Uploads that were not finished, a thousand at most.
pub(super) async fn uploads(s3: &Client, name: &str, owner: &str) -> Answer<Vec<Upload>> {
    let list = s3.list_multipart_uploads().bucket(name);
    let asked = list.expected_bucket_owner(owner).send().await;
    let told = asked.called("s3:ListMultipartUploads")?.uploads;
    let upload = |told: aws_sdk_s3::types::MultipartUpload| Upload {
        key: told.key.unwrap_or_default(),
        id: told.upload_id.unwrap_or_default(),
    };
    Ok(told.unwrap_or_default().into_iter().map(upload).collect())
}

/// Removes versions. S3 answers 200 and tells in the body which it did not remove.
pub(super) async fn delete_versions(
    s3: &Client,
    name: &str,
    owner: &str,
    versions: &[ObjectVersion],
) -> Answer {
    let call = "s3:DeleteObjects";
    if versions.is_empty() {
        return Ok(());
    }
    let which = |one: &ObjectVersion| {
        ObjectIdentifier::builder()
            .key(&one.key)
            .version_id(&one.id)
            .build()
    };
    let which = versions
        .iter()
        .map(which)
        .collect::<Result<_, _>>()
        .called(call)?;
    let delete = Delete::builder()
        .set_objects(Some(which))
        .quiet(true)
        .build();
    let ask = s3
        .delete_objects()
        .bucket(name)
        .delete(delete.called(call)?);
    let asked = ask.expected_bucket_owner(owner).send().await;
    let kept = asked
        .called(call)?
        .errors
        .unwrap_or_default()
        .into_iter()
        .next();
    kept.map_or(Ok(()), |error| {
        let (key, message) = (
            error.key.unwrap_or_default(),
            error.message.unwrap_or_default(),
        );
        let code = error.code.unwrap_or_default();
        Err(told(call, &code, format!("{key} stays: {message}")))
    })
}

/// Stores an object, with the SHA-256 that S3 must find.
pub(super) async fn put(s3: &Client, name: &str, owner: &str, key: &str, bytes: Vec<u8>) -> Answer {
    let sha256 = BASE64_STANDARD.encode(Sha256::digest(&bytes));
    let put = s3
        .put_object()
        .bucket(name)
        .key(key)
        .expected_bucket_owner(owner);
    let put = put.checksum_sha256(sha256).body(bytes.into());
    let patient = Config::builder().timeout_config(patiently());
    let asked = put.customize().config_override(patient).send().await;
    asked.called("s3:PutObject").map(drop)
}

/// Reads an object.
pub(super) async fn get(s3: &Client, name: &str, owner: &str, key: &str) -> Answer<Vec<u8>> {
    let get = s3.get_object().bucket(name).key(key);
    let asked = get.expected_bucket_owner(owner).send().await;
    let body = asked.called("s3:GetObject")?.body.collect().await;
    let body =
        body.map_err(|why| unavailable("s3:GetObject", format!("the object broke off: {why}")))?;
    Ok(body.to_vec())
}
