//! What is wanted of a bucket, in S3's shapes.

use std::collections::BTreeMap;

use aws_sdk_s3::types::{
    self, AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, BucketLocationConstraint,
    CorsConfiguration, CreateBucketConfiguration, LifecycleExpiration, LifecycleRuleFilter,
    PublicAccessBlockConfiguration, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule, Tag, Tagging,
};

use super::{Called, status};
use crate::cloud::{Answer, CorsRule, LifecycleRule, PublicAccessBlock, Tags};

/// The region of buckets that name none: there S3 refuses its name.
const UNNAMED: &str = "us-east-1";

pub(super) fn creation(region: &str, tags: &Tags) -> Answer<CreateBucketConfiguration> {
    let place = (region != UNNAMED).then(|| BucketLocationConstraint::from(region));
    let tags = list("s3:CreateBucket", tags)?;
    let configuration = CreateBucketConfiguration::builder().set_tags(Some(tags));
    Ok(configuration.set_location_constraint(place).build())
}

pub(super) fn block(wanted: PublicAccessBlock) -> PublicAccessBlockConfiguration {
    PublicAccessBlockConfiguration::builder()
        .block_public_acls(wanted.block_public_acls)
        .ignore_public_acls(wanted.ignore_public_acls)
        .block_public_policy(wanted.block_public_policy)
        .restrict_public_buckets(wanted.restrict_public_buckets)
        .build()
}

pub(super) fn encryption(algorithm: &str) -> Answer<ServerSideEncryptionConfiguration> {
    let call = "s3:PutBucketEncryption";
    let by_default = ServerSideEncryptionByDefault::builder().sse_algorithm(algorithm.into());
    let rule = ServerSideEncryptionRule::builder()
        .apply_server_side_encryption_by_default(by_default.build().called(call)?);
    let configuration = ServerSideEncryptionConfiguration::builder().rules(rule.build());
    configuration.build().called(call)
}

pub(super) fn tagging(tags: &Tags) -> Answer<Tagging> {
    let call = "s3:PutBucketTagging";
    let tagging = Tagging::builder().set_tag_set(Some(list(call, tags)?));
    tagging.build().called(call)
}

fn list(call: &'static str, tags: &Tags) -> Answer<Vec<Tag>> {
    let tags = tags
        .iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build());
    tags.collect::<Result<_, _>>().called(call)
}

pub(super) fn lifecycle(
    rules: &BTreeMap<String, LifecycleRule>,
) -> Answer<BucketLifecycleConfiguration> {
    let call = "s3:PutBucketLifecycleConfiguration";
    let rules = rules.iter().map(|(id, rule)| lifecycle_rule(id, rule));
    let rules = rules.collect::<Answer<_>>()?;
    let configuration = BucketLifecycleConfiguration::builder().set_rules(Some(rules));
    configuration.build().called(call)
}

fn lifecycle_rule(id: &str, wanted: &LifecycleRule) -> Answer<types::LifecycleRule> {
    let filter = LifecycleRuleFilter::builder()
        .prefix(&wanted.prefix)
        .build();
    let expiration = wanted.expire_days;
    let expiration = expiration.map(|days| LifecycleExpiration::builder().days(days).build());
    let abort = wanted.abort_upload_days.map(|days| {
        let abort = AbortIncompleteMultipartUpload::builder();
        abort.days_after_initiation(days).build()
    });
    let rule = types::LifecycleRule::builder()
        .id(id)
        .status(status(wanted.enabled))
        .filter(filter)
        .set_expiration(expiration)
        .set_abort_incomplete_multipart_upload(abort);
    rule.build().called("s3:PutBucketLifecycleConfiguration")
}

pub(super) fn cors(rules: &[CorsRule]) -> Answer<CorsConfiguration> {
    let rules = rules.iter().map(cors_rule).collect::<Answer<_>>()?;
    let configuration = CorsConfiguration::builder().set_cors_rules(Some(rules));
    configuration.build().called("s3:PutBucketCors")
}

fn cors_rule(wanted: &CorsRule) -> Answer<types::CorsRule> {
    let several = |list: &Vec<String>| (!list.is_empty()).then(|| list.clone());
    let rule = types::CorsRule::builder()
        .set_allowed_origins(Some(wanted.origins.clone()))
        .set_allowed_methods(Some(wanted.methods.clone()))
        .set_allowed_headers(several(&wanted.headers))
        .set_expose_headers(several(&wanted.exposed))
        .set_max_age_seconds(wanted.max_age);
    rule.build().called("s3:PutBucketCors")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_region_without_a_name_is_not_named() {
        let tags = Tags::from([("Project".into(), "p".into())]);
        let made = creation("us-east-1", &tags).unwrap();
        assert_eq!(made.location_constraint(), None);
        assert_eq!(made.tags().len(), 1);
        let made = creation("eu-west-1", &tags).unwrap();
        assert_eq!(
            made.location_constraint(),
            Some(&BucketLocationConstraint::EuWest1)
        );
    }
}
