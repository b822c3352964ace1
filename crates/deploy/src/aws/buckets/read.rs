//! What is set up about a bucket.

use aws_sdk_s3::{
    Client,
    types::{self, BucketVersioningStatus, ExpirationStatus},
};
use futures::try_join;

use super::{Called, foreign};
use crate::{
    aws::error::{found, refused},
    cloud::{
        Answer, Bucket, CallError, CorsRule, Document, Kind, LifecycleRule, PublicAccessBlock, Tags,
    },
};

/// Looks at one bucket.
pub(super) struct Reader<'a> {
    pub(super) s3: &'a Client,
    pub(super) name: &'a str,
    pub(super) owner: &'a str,
}

/// Asks S3 for one part of a bucket, whose absence is no failure.
macro_rules! part {
    ($reader:ident, $operation:ident, $call:literal) => {{
        let ask = $reader.s3.$operation().bucket($reader.name);
        let asked = ask.expected_bucket_owner($reader.owner).send().await;
        found(asked.called($call))
    }};
}

impl Reader<'_> {
    /// The bucket, if it is there: its tags say whether it is.
    pub(super) async fn bucket(&self) -> Answer<Option<Bucket>> {
        let Some(tags) = self.tags().await? else {
            return Ok(None);
        };
        let (public_access_block, ownership, encryption, versioning, lifecycle, cors, policy) = try_join!(
            self.public_access_block(),
            self.ownership(),
            self.encryption(),
            self.versioning(),
            self.lifecycle(),
            self.cors(),
            self.policy(),
        )?;
        Ok(Some(Bucket {
            public_access_block,
            ownership,
            encryption,
            versioning,
            lifecycle: lifecycle.into_iter().map(lifecycle_rule).collect(),
            cors: cors.into_iter().map(cors_rule).collect(),
            policy,
            tags,
        }))
    }

    async fn tags(&self) -> Answer<Option<Tags>> {
        let ask = self.s3.get_bucket_tagging().bucket(self.name);
        let asked = ask.expected_bucket_owner(self.owner).send().await;
        match asked.called("s3:GetBucketTagging") {
            Ok(told) => Ok(Some(tags(told.tag_set))),
            Err(CallError { code, .. }) if code == "NoSuchTagSet" => Ok(Some(Tags::new())),
            Err(CallError {
                kind: Kind::NotFound,
                ..
            }) => Ok(None),
            Err(error) => Err(foreign(self.name, error)),
        }
    }

    async fn public_access_block(&self) -> Answer<PublicAccessBlock> {
        let told = part!(self, get_public_access_block, "s3:GetPublicAccessBlock")?;
        let told = told.and_then(|told| told.public_access_block_configuration);
        Ok(told.map_or(PublicAccessBlock::all(false), |told| block(&told)))
    }

    async fn ownership(&self) -> Answer<String> {
        let told = part!(
            self,
            get_bucket_ownership_controls,
            "s3:GetBucketOwnershipControls"
        )?;
        let rules = told
            .and_then(|told| told.ownership_controls)
            .map(|told| told.rules);
        let rule = rules.unwrap_or_default().into_iter().next();
        Ok(rule.map_or(String::new(), |rule| rule.object_ownership.as_str().into()))
    }

    async fn encryption(&self) -> Answer<String> {
        let told = part!(self, get_bucket_encryption, "s3:GetBucketEncryption")?;
        let told = told.and_then(|told| told.server_side_encryption_configuration);
        let rule = told
            .map(|told| told.rules)
            .unwrap_or_default()
            .into_iter()
            .next();
        let by_default = rule.and_then(|rule| rule.apply_server_side_encryption_by_default);
        Ok(by_default.map_or(String::new(), |told| told.sse_algorithm.as_str().into()))
    }

    async fn versioning(&self) -> Answer<bool> {
        let told = part!(self, get_bucket_versioning, "s3:GetBucketVersioning")?;
        let status = told.and_then(|told| told.status);
        Ok(status == Some(BucketVersioningStatus::Enabled))
    }

    async fn lifecycle(&self) -> Answer<Vec<types::LifecycleRule>> {
        let told = part!(
            self,
            get_bucket_lifecycle_configuration,
            "s3:GetBucketLifecycleConfiguration"
        )?;
        Ok(told.and_then(|told| told.rules).unwrap_or_default())
    }

    async fn cors(&self) -> Answer<Vec<types::CorsRule>> {
        let told = part!(self, get_bucket_cors, "s3:GetBucketCors")?;
        Ok(told.and_then(|told| told.cors_rules).unwrap_or_default())
    }

    async fn policy(&self) -> Answer<Option<Document>> {
        let told = part!(self, get_bucket_policy, "s3:GetBucketPolicy")?;
        let text = told.and_then(|told| told.policy);
        let policy = text.map(|text| Document::parse(&text)).transpose();
        policy.map_err(|why| {
            refused(
                "s3:GetBucketPolicy",
                format!("a policy that cannot be read: {why}"),
            )
        })
    }
}

fn tags(list: Vec<types::Tag>) -> Tags {
    list.into_iter().map(|tag| (tag.key, tag.value)).collect()
}

fn block(told: &types::PublicAccessBlockConfiguration) -> PublicAccessBlock {
    PublicAccessBlock {
        block_public_acls: told.block_public_acls.unwrap_or_default(),
        ignore_public_acls: told.ignore_public_acls.unwrap_or_default(),
        block_public_policy: told.block_public_policy.unwrap_or_default(),
        restrict_public_buckets: told.restrict_public_buckets.unwrap_or_default(),
    }
}

fn lifecycle_rule(told: types::LifecycleRule) -> (String, LifecycleRule) {
    let prefix = prefix(&told);
    let abort = told.abort_incomplete_multipart_upload;
    let rule = LifecycleRule {
        enabled: told.status == ExpirationStatus::Enabled,
        prefix,
        expire_days: told.expiration.and_then(|expiration| expiration.days),
        abort_upload_days: abort.and_then(|abort| abort.days_after_initiation),
    };
    (told.id.unwrap_or_default(), rule)
}

/// A rule says it in one of three places, the last of which is of old.
#[expect(deprecated, reason = "what others wrote may be old")]
fn prefix(told: &types::LifecycleRule) -> String {
    let filter = told.filter();
    let together = filter.and_then(|filter| filter.and());
    let prefix = filter.and_then(|filter| filter.prefix());
    let prefix = prefix.or_else(|| together.and_then(|and| and.prefix()));
    prefix.or_else(|| told.prefix()).unwrap_or_default().into()
}

fn cors_rule(told: types::CorsRule) -> CorsRule {
    CorsRule {
        origins: told.allowed_origins,
        methods: told.allowed_methods,
        headers: told.allowed_headers.unwrap_or_default(),
        exposed: told.expose_headers.unwrap_or_default(),
        max_age: told.max_age_seconds,
    }
}
