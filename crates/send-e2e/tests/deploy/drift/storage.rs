//! The bucket, and the zips in it.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Change;
use crate::hands::{BUCKET, Hands, statement};

/// All four blocks but one.
fn unblock(hands: &Hands, one: &str) -> Result<()> {
    let mut blocks = json!({ "BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true });
    blocks[one] = json!(false);
    hands.bucket(
        "PutPublicAccessBlock",
        json!({ "PublicAccessBlockConfiguration": blocks }),
    )
}

/// Changes the rules by which the bucket removes things itself.
fn lifecycle(hands: &Hands, change: impl FnOnce(&mut Vec<Value>)) -> Result<()> {
    let mut rules = hands.ask(
        "s3",
        "GetBucketLifecycleConfiguration",
        json!({ "Bucket": BUCKET }),
    )?["Rules"]
        .take();
    change(rules.as_array_mut().context("no rules")?);
    hands.bucket(
        "PutBucketLifecycleConfiguration",
        json!({ "LifecycleConfiguration": { "Rules": rules } }),
    )
}

/// Changes the rules for pages.
fn cors(hands: &Hands, change: impl FnOnce(&mut Value)) -> Result<()> {
    let mut rules =
        hands.ask("s3", "GetBucketCors", json!({ "Bucket": BUCKET }))?["CORSRules"].take();
    change(&mut rules[0]);
    hands.bucket(
        "PutBucketCors",
        json!({ "CORSConfiguration": { "CORSRules": rules } }),
    )
}

/// Changes the tags.
fn tag(hands: &Hands, key: &str, value: &str) -> Result<()> {
    let mut tags =
        hands.ask("s3", "GetBucketTagging", json!({ "Bucket": BUCKET }))?["TagSet"].take();
    let tags = tags.as_array_mut().context("no tags")?;
    tags.retain(|tag| tag["Key"] != key);
    tags.push(json!({ "Key": key, "Value": value }));
    hands.bucket("PutBucketTagging", json!({ "Tagging": { "TagSet": tags } }))
}

fn zip(hands: &Hands) -> Result<Value> {
    let zips = hands.ask(
        "s3",
        "ListObjectsV2",
        json!({ "Bucket": BUCKET, "Prefix": "deploy/user/" }),
    )?;
    Ok(zips["Contents"][0]["Key"].clone())
}

/// What is set up about the bucket, and the zips.
pub(super) const SET_UP: &[Change] = &[
    (
        |hands| unblock(hands, "BlockPublicAcls"),
        &["bucket/BUCKET public_access_block.block_public_acls: false => true"],
        &["s3:PutPublicAccessBlock"],
    ),
    (
        |hands| unblock(hands, "IgnorePublicAcls"),
        &["bucket/BUCKET public_access_block.ignore_public_acls: false => true"],
        &["s3:PutPublicAccessBlock"],
    ),
    (
        |hands| unblock(hands, "BlockPublicPolicy"),
        &["bucket/BUCKET public_access_block.block_public_policy: false => true"],
        &["s3:PutPublicAccessBlock"],
    ),
    (
        |hands| unblock(hands, "RestrictPublicBuckets"),
        &["bucket/BUCKET public_access_block.restrict_public_buckets: false => true"],
        &["s3:PutPublicAccessBlock"],
    ),
    (
        |hands| {
            hands.bucket("PutBucketOwnershipControls", json!({ "OwnershipControls": { "Rules": [{ "ObjectOwnership": "ObjectWriter" }] } }))
        },
        &["bucket/BUCKET ownership: ObjectWriter => BucketOwnerEnforced"],
        &["s3:PutBucketOwnershipControls"],
    ),
    (
        |hands| {
            let rule =
                json!({ "ApplyServerSideEncryptionByDefault": { "SSEAlgorithm": "aws:kms" } });
            hands.bucket(
                "PutBucketEncryption",
                json!({ "ServerSideEncryptionConfiguration": { "Rules": [rule] } }),
            )
        },
        &["bucket/BUCKET encryption: aws:kms => AES256"],
        &["s3:PutBucketEncryption"],
    ),
    (
        |hands| {
            hands.bucket(
                "PutBucketVersioning",
                json!({ "VersioningConfiguration": { "Status": "Enabled" } }),
            )
        },
        &["bucket/BUCKET versioning: true => false"],
        &["s3:PutBucketVersioning"],
    ),
    (
        |hands| tag(hands, "App", "mine"),
        &["bucket/BUCKET tags.App: mine => shared"],
        &["s3:PutBucketTagging"],
    ),
    (
        |hands| tag(hands, "Mine", "1"),
        &["bucket/BUCKET tags.Mine: 1 => (none)"],
        &["s3:PutBucketTagging"],
    ),
    (
        |hands| {
            let key = zip(hands)?;
            hands.bucket("DeleteObject", json!({ "Key": key }))
        },
        &["artifact/deploy/user/ it is not there"],
        &["s3:PutObject"],
    ),
    (
        |hands| {
            let key = zip(hands)?;
            hands.bucket("PutObject", json!({ "Key": key, "Body": "short" }))
        },
        &["artifact/deploy/user/ zips.deploy/user/...zip: 5 => .."],
        &["s3:PutObject"],
    ),
];

/// What the bucket removes by itself, and for whose pages it is open.
pub(super) const RULES: &[Change] = &[
    (
        |hands| lifecycle(hands, |rules| rules[0]["Expiration"]["Days"] = json!(1)),
        &["bucket/BUCKET lifecycle.transfers.expire_days: 1 => 8"],
        &["s3:PutBucketLifecycleConfiguration"],
    ),
    (
        |hands| {
            lifecycle(hands, |rules| {
                rules[0]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] = json!(7)
            })
        },
        &["bucket/BUCKET lifecycle.transfers.abort_upload_days: 7 => 1"],
        &["s3:PutBucketLifecycleConfiguration"],
    ),
    (
        |hands| lifecycle(hands, |rules| rules[0]["Filter"] = json!({ "Prefix": "" })),
        &["bucket/BUCKET lifecycle.transfers.prefix:  => transfers/"],
        &["s3:PutBucketLifecycleConfiguration"],
    ),
    (
        |hands| lifecycle(hands, |rules| rules[0]["Status"] = json!("Disabled")),
        &["bucket/BUCKET lifecycle.transfers.enabled: false => true"],
        &["s3:PutBucketLifecycleConfiguration"],
    ),
    (
        |hands| {
            let audit = json!({ "ID": "mine", "Status": "Enabled", "Filter": { "Prefix": "audit/" }, "Expiration": { "Days": 1 } });
            lifecycle(hands, |rules| rules.push(audit))
        },
        &["bucket/BUCKET lifecycle.mine: {..} => (none)"],
        &["s3:PutBucketLifecycleConfiguration"],
    ),
    (
        |hands| hands.bucket("DeleteBucketLifecycle", json!({})),
        &["bucket/BUCKET lifecycle.transfers: (none) => {..}"],
        &["s3:PutBucketLifecycleConfiguration"],
    ),
    (
        |hands| {
            cors(hands, |rule| {
                rule["AllowedMethods"] = json!(["GET", "PUT", "DELETE"])
            })
        },
        &["bucket/BUCKET cors: [..] => [..]"],
        &["s3:PutBucketCors"],
    ),
    (
        |hands| hands.bucket("DeleteBucketCors", json!({})),
        &["bucket/BUCKET cors: [] => [..]"],
        &["s3:PutBucketCors"],
    ),
];

/// Who may not use the bucket.
pub(super) const POLICY: &[Change] = &[
    (
        |hands| hands.bucket_policy(|all| all.retain(|one| one["Sid"] != "DenyPlainHttp")),
        &["bucket/BUCKET policy.DenyPlainHttp: (none) => {..}"],
        &["s3:PutBucketPolicy"],
    ),
    (
        |hands| {
            hands.bucket_policy(|all| {
                statement(all, "DenyOldTls")["Condition"]["NumericLessThan"]["s3:TlsVersion"] =
                    json!("1.0")
            })
        },
        &["bucket/BUCKET policy.DenyOldTls.Condition.NumericLessThan.s3:TlsVersion: 1.0 => 1.2"],
        &["s3:PutBucketPolicy"],
    ),
    (
        |hands| {
            hands.bucket_policy(|all| statement(all, "DenyOtherEncryption")["Condition"]["StringNotEquals"]["s3:x-amz-server-side-encryption"] = json!("aws:kms"))
        },
        &[
            "bucket/BUCKET policy.DenyOtherEncryption.Condition.StringNotEquals.s3:x-amz-server-side-encryption: aws:kms => AES256",
        ],
        &["s3:PutBucketPolicy"],
    ),
    (
        |hands| {
            hands.bucket_policy(|all| {
                statement(all, "DenyStrangers")["Condition"]["ArnNotLike"]["aws:PrincipalArn"] =
                    json!("*")
            })
        },
        &["bucket/BUCKET policy.DenyStrangers.Condition.ArnNotLike.aws:PrincipalArn: * => [..]"],
        &["s3:PutBucketPolicy"],
    ),
    (
        |hands| {
            let whole = format!("arn:aws:s3:::{BUCKET}/*");
            let friend = json!({ "Sid": "Mine", "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::444455556666:root" }, "Action": "s3:GetObject", "Resource": whole });
            hands.bucket_policy(|all| all.push(friend))
        },
        &["bucket/BUCKET policy.Mine: {..} => (none)"],
        &["s3:PutBucketPolicy"],
    ),
    (
        |hands| hands.bucket("DeleteBucketPolicy", json!({})),
        &["bucket/BUCKET policy: (none) => {.."],
        &["s3:PutBucketPolicy"],
    ),
];
