//! S3: the bucket of a stage, and what lies in it. Every call but the first, which makes it, says whose it must be.

mod objects;
mod read;
mod write;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use aws_sdk_s3::{
    Client,
    config::Builder,
    types::{
        BucketVersioningStatus, ExpirationStatus, OwnershipControls, OwnershipControlsRule,
        VersioningConfiguration,
    },
};

use super::{connection::Connection, error::Called, identity::Sts};
use crate::cloud::{
    Answer, Bucket, Buckets, CallError, CorsRule, Document, Identity, Kind, LifecycleRule, Object,
    ObjectVersion, PublicAccessBlock, Tags, Upload,
};

/// What to do about a name that is not ours.
const ANOTHER: &str = "choose another name, with `bucket = \"..\"` in the configuration";

/// S3 in a region.
pub(super) struct S3 {
    s3: Client,
    region: String,
    identity: Arc<Sts>,
}

impl S3 {
    pub(super) fn new(connection: &Connection, identity: Arc<Sts>) -> Self {
        let config = Builder::from(&connection.sdk)
            .interceptor(connection.counter.clone())
            .force_path_style(connection.elsewhere());
        Self {
            s3: Client::from_conf(config.build()),
            region: connection.region().to_owned(),
            identity,
        }
    }

    /// Whose every bucket must be.
    async fn owner(&self) -> Answer<String> {
        Ok(self.identity.caller().await?.account)
    }
}

#[async_trait]
impl Buckets for S3 {
    async fn bucket(&self, name: &str) -> Answer<Option<Bucket>> {
        let owner = self.owner().await?;
        let reader = read::Reader {
            s3: &self.s3,
            name,
            owner: &owner,
        };
        reader.bucket().await
    }

    async fn create_bucket(&self, name: &str, tags: &Tags) -> Answer {
        let create = self.s3.create_bucket().bucket(name);
        let configuration = write::creation(&self.region, tags)?;
        let asked = create
            .create_bucket_configuration(configuration)
            .send()
            .await;
        let made = asked.called("s3:CreateBucket").map(drop);
        made.map_err(|error| taken(name, error))
    }

    async fn put_public_access_block(&self, name: &str, block: PublicAccessBlock) -> Answer {
        let put = self.s3.put_public_access_block().bucket(name);
        let put = put.public_access_block_configuration(write::block(block));
        let asked = put.expected_bucket_owner(self.owner().await?).send().await;
        asked.called("s3:PutPublicAccessBlock").map(drop)
    }

    async fn put_ownership(&self, name: &str, ownership: &str) -> Answer {
        let call = "s3:PutBucketOwnershipControls";
        let rule = OwnershipControlsRule::builder().object_ownership(ownership.into());
        let controls = OwnershipControls::builder().rules(rule.build().called(call)?);
        let put = self.s3.put_bucket_ownership_controls().bucket(name);
        let put = put.ownership_controls(controls.build().called(call)?);
        let asked = put.expected_bucket_owner(self.owner().await?).send().await;
        asked.called(call).map(drop)
    }

    async fn put_encryption(&self, name: &str, algorithm: &str) -> Answer {
        let put = self.s3.put_bucket_encryption().bucket(name);
        let put = put.server_side_encryption_configuration(write::encryption(algorithm)?);
        let asked = put.expected_bucket_owner(self.owner().await?).send().await;
        asked.called("s3:PutBucketEncryption").map(drop)
    }

    async fn put_versioning(&self, name: &str, on: bool) -> Answer {
        let status = match on {
            true => BucketVersioningStatus::Enabled,
            false => BucketVersioningStatus::Suspended,
        };
        let configuration = VersioningConfiguration::builder().status(status);
        let put = self.s3.put_bucket_versioning().bucket(name);
        let put = put.versioning_configuration(configuration.build());
        let asked = put.expected_bucket_owner(self.owner().await?).send().await;
        asked.called("s3:PutBucketVersioning").map(drop)
    }

    async fn put_tags(&self, name: &str, tags: &Tags) -> Answer {
        let put = self.s3.put_bucket_tagging().bucket(name);
        let put = put.tagging(write::tagging(tags)?);
        let asked = put.expected_bucket_owner(self.owner().await?).send().await;
        asked.called("s3:PutBucketTagging").map(drop)
    }

    async fn put_lifecycle(&self, name: &str, rules: &BTreeMap<String, LifecycleRule>) -> Answer {
        let owner = self.owner().await?;
        if rules.is_empty() {
            let delete = self.s3.delete_bucket_lifecycle().bucket(name);
            let asked = delete.expected_bucket_owner(owner).send().await;
            return asked.called("s3:DeleteBucketLifecycle").map(drop);
        }
        let put = self.s3.put_bucket_lifecycle_configuration().bucket(name);
        let put = put.lifecycle_configuration(write::lifecycle(rules)?);
        let asked = put.expected_bucket_owner(owner).send().await;
        asked.called("s3:PutBucketLifecycleConfiguration").map(drop)
    }

    async fn put_cors(&self, name: &str, rules: &[CorsRule]) -> Answer {
        let owner = self.owner().await?;
        if rules.is_empty() {
            let delete = self.s3.delete_bucket_cors().bucket(name);
            let asked = delete.expected_bucket_owner(owner).send().await;
            return asked.called("s3:DeleteBucketCors").map(drop);
        }
        let put = self.s3.put_bucket_cors().bucket(name);
        let put = put.cors_configuration(write::cors(rules)?);
        let asked = put.expected_bucket_owner(owner).send().await;
        asked.called("s3:PutBucketCors").map(drop)
    }

    async fn put_bucket_policy(&self, name: &str, policy: &Document) -> Answer {
        let put = self.s3.put_bucket_policy().bucket(name);
        let put = put.policy(policy.to_json().to_string());
        let asked = put.expected_bucket_owner(self.owner().await?).send().await;
        asked.called("s3:PutBucketPolicy").map(drop)
    }

    async fn delete_bucket(&self, name: &str) -> Answer {
        let delete = self.s3.delete_bucket().bucket(name);
        let asked = delete
            .expected_bucket_owner(self.owner().await?)
            .send()
            .await;
        asked.called("s3:DeleteBucket").map(drop)
    }

    async fn objects(&self, name: &str, prefix: &str) -> Answer<Vec<Object>> {
        objects::list(&self.s3, name, &self.owner().await?, prefix).await
    }

    async fn object_versions(&self, name: &str) -> Answer<Vec<ObjectVersion>> {
        objects::versions(&self.s3, name, &self.owner().await?).await
    }

    async fn uploads(&self, name: &str) -> Answer<Vec<Upload>> {
        objects::uploads(&self.s3, name, &self.owner().await?).await
    }

    async fn abort_upload(&self, name: &str, upload: &Upload) -> Answer {
        let abort = self.s3.abort_multipart_upload().bucket(name);
        let abort = abort.key(&upload.key).upload_id(&upload.id);
        let asked = abort
            .expected_bucket_owner(self.owner().await?)
            .send()
            .await;
        asked.called("s3:AbortMultipartUpload").map(drop)
    }

    async fn delete_versions(&self, name: &str, versions: &[ObjectVersion]) -> Answer {
        objects::delete_versions(&self.s3, name, &self.owner().await?, versions).await
    }

    async fn delete_object(&self, name: &str, key: &str) -> Answer {
        let delete = self.s3.delete_object().bucket(name).key(key);
        let asked = delete
            .expected_bucket_owner(self.owner().await?)
            .send()
            .await;
        asked.called("s3:DeleteObject").map(drop)
    }

    async fn put_object(&self, name: &str, key: &str, bytes: Vec<u8>) -> Answer {
        objects::put(&self.s3, name, &self.owner().await?, key, bytes).await
    }

    async fn get_object(&self, name: &str, key: &str) -> Answer<Vec<u8>> {
        objects::get(&self.s3, name, &self.owner().await?, key).await
    }
}

/// Names are the world's: somebody else may have it.
fn taken(name: &str, error: CallError) -> CallError {
    if error.code == "BucketAlreadyExists" {
        let message = format!("the bucket {name} belongs to another account: {ANOTHER}");
        return CallError { message, ..error };
    }
    error
}

/// A bucket that cannot be looked at is somebody else's, or in another region; unless AWS says that it is us who may not.
fn foreign(name: &str, error: CallError) -> CallError {
    let refused = |why: &str| CallError {
        kind: Kind::Refused,
        message: format!("the bucket {name} {why}: {ANOTHER}"),
        ..error.clone()
    };
    match error.code.as_str() {
        "PermanentRedirect" | "TemporaryRedirect" | "AuthorizationHeaderMalformed" => {
            refused("lies in another region")
        }
        _ if error.kind == Kind::Denied && !error.message.contains("not authorized to perform") => {
            refused("belongs to another account")
        }
        _ => error,
    }
}

/// Whether a rule is followed.
const fn status(enabled: bool) -> ExpirationStatus {
    if enabled {
        ExpirationStatus::Enabled
    } else {
        ExpirationStatus::Disabled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: Kind, code: &str, message: &str) -> CallError {
        CallError {
            call: "s3:GetBucketTagging",
            kind,
            code: code.into(),
            message: message.into(),
        }
    }

    #[test]
    fn a_bucket_of_others_asks_for_another_name() {
        let seen = foreign("b", error(Kind::Denied, "AccessDenied", "Access Denied"));
        assert_eq!(seen.kind, Kind::Refused);
        assert_eq!(
            seen.message,
            "the bucket b belongs to another account: choose another name, with `bucket = \"..\"` in the configuration"
        );
        let seen = foreign("b", error(Kind::Refused, "PermanentRedirect", "elsewhere"));
        assert!(
            seen.message
                .starts_with("the bucket b lies in another region: choose"),
            "{seen}"
        );
        let seen = taken(
            "b",
            error(Kind::Refused, "BucketAlreadyExists", "not available"),
        );
        assert!(
            seen.message
                .starts_with("the bucket b belongs to another account: choose"),
            "{seen}"
        );
    }

    #[test]
    fn who_may_not_look_is_told_so() {
        let ours = "User: arn:aws:iam::1:user/u is not authorized to perform: s3:GetBucketTagging on resource: \"arn:aws:s3:::b\"";
        let denied = error(Kind::Denied, "AccessDenied", ours);
        assert_eq!(foreign("b", denied.clone()), denied);
        let busy = error(
            Kind::Throttled,
            "SlowDown",
            "Please reduce your request rate.",
        );
        assert_eq!(foreign("b", busy.clone()), busy);
    }
}
