//! S3.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Result;
use aws_sdk_s3::{Client, config::Builder};
use deploy::cloud::{
    Answer, Bucket, Buckets, CallError, CorsRule, Document, Kind, LifecycleRule, ObjectVersion,
    PublicAccessBlock, Upload,
};
use serde_json::json;

use crate::{
    place::{Place, on_each_place},
    wire::{Account, failed, spec, tags},
};

on_each_place![
    a_bucket_is_made_read_and_removed,
    a_bucket_is_not_there_before_and_not_made_twice,
    all_of_a_bucket_is_changed_and_changed_back,
    what_was_taken_away_reads_as_nothing,
    a_bucket_is_made_where_no_region_is_named,
    a_bucket_of_others_is_not_made_again,
    a_bucket_of_others_is_not_read,
    objects_versions_and_uploads_are_stored_told_and_removed,
    an_unfinished_upload_is_told_and_given_up,
];

fn lifecycle() -> BTreeMap<String, LifecycleRule> {
    let rule = |prefix: &str, expire_days, abort_upload_days| LifecycleRule {
        enabled: true,
        prefix: prefix.into(),
        expire_days,
        abort_upload_days,
    };
    let off = LifecycleRule {
        enabled: false,
        ..rule("other/", Some(3), None)
    };
    [
        ("transfers".into(), rule("transfers/", Some(31), Some(1))),
        ("uploads".into(), rule("", None, Some(1))),
        ("zoff".into(), off),
    ]
    .into()
}

fn cors() -> Vec<CorsRule> {
    vec![CorsRule {
        origins: vec!["https://send.example".into()],
        methods: vec!["GET".into(), "PUT".into()],
        headers: vec!["content-type".into()],
        exposed: vec!["ETag".into()],
        max_age: Some(600),
    }]
}

fn policy(bucket: &str) -> Document {
    let what = json!([
        format!("arn:aws:s3:::{bucket}"),
        format!("arn:aws:s3:::{bucket}/*")
    ]);
    let tls = json!({ "Bool": { "aws:SecureTransport": "false" } });
    Document::new([(
        "Tls",
        json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": what, "Condition": tls }),
    )])
}

/// As S3 makes one.
fn fresh() -> Bucket {
    Bucket {
        public_access_block: PublicAccessBlock::all(true),
        ownership: "BucketOwnerEnforced".into(),
        encryption: "AES256".into(),
        versioning: false,
        lifecycle: [].into(),
        cors: vec![],
        policy: None,
        tags: tags(),
    }
}

/// Everything otherwise than S3 makes it.
fn other(name: &str) -> Bucket {
    Bucket {
        public_access_block: PublicAccessBlock {
            block_public_policy: false,
            ..PublicAccessBlock::all(true)
        },
        ownership: "BucketOwnerPreferred".into(),
        encryption: "aws:kms".into(),
        versioning: true,
        lifecycle: lifecycle(),
        cors: cors(),
        policy: Some(policy(name)),
        tags: [("Project".into(), "other".into())].into(),
    }
}

async fn put(buckets: &dyn Buckets, name: &str, wanted: &Bucket) -> Answer {
    let block = wanted.public_access_block;
    buckets.put_public_access_block(name, block).await?;
    buckets.put_ownership(name, &wanted.ownership).await?;
    buckets.put_encryption(name, &wanted.encryption).await?;
    buckets.put_versioning(name, wanted.versioning).await?;
    buckets.put_lifecycle(name, &wanted.lifecycle).await?;
    buckets.put_cors(name, &wanted.cors).await?;
    if let Some(policy) = &wanted.policy {
        buckets.put_bucket_policy(name, policy).await?;
    }
    buckets.put_tags(name, &wanted.tags).await
}

/// The client of somebody else.
async fn someone(account: &Account) -> Client {
    let settings = Builder::from(&account.sdk().await).force_path_style(true);
    Client::from_conf(settings.build())
}

async fn a_bucket_is_made_read_and_removed(place: Place) {
    let account = place.account().await.unwrap();
    let (buckets, name) = (
        account.cloud().await.buckets,
        format!("all-{}", account.number),
    );
    buckets.create_bucket(&name, &tags()).await.unwrap();
    let found = buckets.bucket(&name).await.unwrap();
    assert_eq!(spec(&found), spec(&fresh()));
    buckets.delete_bucket(&name).await.unwrap();
    assert_eq!(buckets.bucket(&name).await.unwrap(), None);
}

async fn a_bucket_is_not_there_before_and_not_made_twice(place: Place) {
    let account = place.account().await.unwrap();
    let (buckets, name) = (
        account.cloud().await.buckets,
        format!("once-{}", account.number),
    );
    assert_eq!(buckets.bucket(&name).await.unwrap(), None);
    failed(buckets.delete_bucket(&name).await, Kind::NotFound);
    let put = buckets.put_encryption(&name, "AES256").await;
    failed(put, Kind::NotFound);
    buckets.create_bucket(&name, &tags()).await.unwrap();
    let again = buckets.create_bucket(&name, &tags()).await;
    failed(again, Kind::AlreadyExists);
}

async fn all_of_a_bucket_is_changed_and_changed_back(place: Place) {
    let account = place.account().await.unwrap();
    let (buckets, name) = (
        account.cloud().await.buckets,
        format!("set-{}", account.number),
    );
    buckets.create_bucket(&name, &tags()).await.unwrap();
    // A policy is never removed, but replaced.
    let back = Bucket {
        policy: Some(policy(&name)),
        ..fresh()
    };
    for wanted in [other(&name), back] {
        put(&*buckets, &name, &wanted).await.unwrap();
        let found = buckets.bucket(&name).await.unwrap();
        assert_eq!(spec(&found), spec(&wanted));
    }
}

async fn what_was_taken_away_reads_as_nothing(place: Place) {
    let account = place.account().await.unwrap();
    let (buckets, name) = (
        account.cloud().await.buckets,
        format!("bare-{}", account.number),
    );
    buckets.create_bucket(&name, &[].into()).await.unwrap();
    let other = someone(&account).await;
    other
        .delete_public_access_block()
        .bucket(&name)
        .send()
        .await
        .unwrap();
    other
        .delete_bucket_ownership_controls()
        .bucket(&name)
        .send()
        .await
        .unwrap();
    let wanted = Bucket {
        public_access_block: PublicAccessBlock::all(false),
        ownership: String::new(),
        tags: [].into(),
        ..fresh()
    };
    assert_eq!(spec(&buckets.bucket(&name).await.unwrap()), spec(&wanted));
}

async fn a_bucket_is_made_where_no_region_is_named(place: Place) {
    let account = place.account().await.unwrap();
    let (buckets, name) = (
        account.cloud_in("us-east-1").await.buckets,
        format!("east-{}", account.number),
    );
    buckets.create_bucket(&name, &tags()).await.unwrap();
    assert_eq!(spec(&buckets.bucket(&name).await.unwrap()), spec(&fresh()));
}

/// A bucket of somebody else, and what we have to do with it.
async fn theirs(place: Place) -> Result<(Arc<dyn Buckets>, String)> {
    let (ours, theirs) = (place.account().await?, place.account().await?);
    let name = format!("theirs-{}", theirs.number);
    let made = theirs.cloud().await.buckets;
    made.create_bucket(&name, &tags()).await?;
    Ok((ours.cloud().await.buckets, name))
}

/// Requires that a bucket of others was refused with a sentence.
fn refused(error: &CallError, name: &str) {
    let wanted = format!(
        "the bucket {name} belongs to another account: choose another name, with `bucket = \"..\"` in the configuration"
    );
    assert_eq!(
        (error.kind, error.message.as_str()),
        (Kind::Refused, wanted.as_str())
    );
}

async fn a_bucket_of_others_is_not_made_again(place: Place) {
    let (buckets, name) = theirs(place).await.unwrap();
    let error = buckets.create_bucket(&name, &tags()).await.unwrap_err();
    refused(&error, &name);
}

async fn a_bucket_of_others_is_not_read(place: Place) {
    let (buckets, name) = theirs(place).await.unwrap();
    let error = buckets.bucket(&name).await.unwrap_err();
    refused(&error, &name);
}

async fn objects_versions_and_uploads_are_stored_told_and_removed(place: Place) {
    let account = place.account().await.unwrap();
    let (buckets, name) = (
        account.cloud().await.buckets,
        format!("full-{}", account.number),
    );
    buckets.create_bucket(&name, &tags()).await.unwrap();
    failed(buckets.get_object(&name, "deploy/a").await, Kind::NotFound);
    buckets
        .put_object(&name, "deploy/a", b"first".to_vec())
        .await
        .unwrap();
    buckets
        .put_object(&name, "deploy/b c", vec![7; 300_000])
        .await
        .unwrap();
    buckets.put_object(&name, "other", vec![]).await.unwrap();
    assert_eq!(
        buckets.get_object(&name, "deploy/a").await.unwrap(),
        b"first"
    );
    assert_eq!(
        buckets.get_object(&name, "deploy/b c").await.unwrap(),
        vec![7; 300_000]
    );
    let told = buckets.objects(&name, "deploy/").await.unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|one| (one.key.as_str(), one.size, one.modified > 1_700_000_000))
        .collect();
    assert_eq!(told, [("deploy/a", 5, true), ("deploy/b c", 300_000, true)]);
    failed(buckets.delete_bucket(&name).await, Kind::Conflict);

    buckets.put_versioning(&name, true).await.unwrap();
    buckets
        .put_object(&name, "deploy/a", b"second".to_vec())
        .await
        .unwrap();
    buckets.delete_object(&name, "deploy/a").await.unwrap();
    failed(buckets.get_object(&name, "deploy/a").await, Kind::NotFound);
    let versions = buckets.object_versions(&name).await.unwrap();
    let of_a = versions.iter().filter(|one| one.key == "deploy/a").count();
    assert_eq!((versions.len(), of_a), (5, 3), "{versions:?}");
    buckets.delete_versions(&name, &versions).await.unwrap();
    buckets.delete_versions(&name, &[]).await.unwrap();
    assert_eq!(
        buckets.object_versions(&name).await.unwrap(),
        [] as [ObjectVersion; 0]
    );
    buckets.delete_bucket(&name).await.unwrap();
}

async fn an_unfinished_upload_is_told_and_given_up(place: Place) {
    let account = place.account().await.unwrap();
    let (buckets, name) = (
        account.cloud().await.buckets,
        format!("parts-{}", account.number),
    );
    buckets.create_bucket(&name, &tags()).await.unwrap();
    assert_eq!(buckets.uploads(&name).await.unwrap(), []);
    let other = someone(&account).await;
    let begun = other
        .create_multipart_upload()
        .bucket(&name)
        .key("transfers/x")
        .send()
        .await
        .unwrap();
    let upload = Upload {
        key: "transfers/x".into(),
        id: begun.upload_id.unwrap(),
    };
    assert_eq!(
        buckets.uploads(&name).await.unwrap(),
        std::slice::from_ref(&upload)
    );
    buckets.abort_upload(&name, &upload).await.unwrap();
    assert_eq!(buckets.uploads(&name).await.unwrap(), []);
    failed(buckets.abort_upload(&name, &upload).await, Kind::NotFound);
}
