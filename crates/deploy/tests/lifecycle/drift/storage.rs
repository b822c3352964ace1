//! The bucket and the zips in it.

use std::sync::Arc;

use deploy::cloud::{Bucket, LifecycleRule};

use super::{State, each_is_named_and_mended};
use crate::cloud::Stored;

const NAME: &str = "sgraph-send-dev-storage-111122223333-eu-west-1";

fn stored(state: &mut State) -> &mut Stored {
    state.buckets.get_mut(NAME).unwrap()
}

fn bucket(state: &mut State) -> &mut Bucket {
    &mut stored(state).bucket
}

#[tokio::test(start_paused = true)]
async fn of_the_bucket() {
    each_is_named_and_mended(&[
        (
            |state| bucket(state).public_access_block.block_public_acls = false,
            &["bucket public_access_block.block_public_acls"],
        ),
        (
            |state| bucket(state).public_access_block.ignore_public_acls = false,
            &["bucket public_access_block.ignore_public_acls"],
        ),
        (
            |state| bucket(state).public_access_block.block_public_policy = false,
            &["bucket public_access_block.block_public_policy"],
        ),
        (
            |state| bucket(state).public_access_block.restrict_public_buckets = false,
            &["bucket public_access_block.restrict_public_buckets"],
        ),
        (
            |state| bucket(state).ownership = "ObjectWriter".into(),
            &["bucket ownership"],
        ),
        (
            |state| bucket(state).encryption = "aws:kms".into(),
            &["bucket encryption"],
        ),
        (
            |state| bucket(state).versioning = true,
            &["bucket versioning"],
        ),
        (
            |state| bucket(state).cors[0].origins = vec!["https://elsewhere.example".into()],
            &["bucket cors"],
        ),
        (|state| bucket(state).cors.clear(), &["bucket cors"]),
        (
            |state| drop(bucket(state).tags.remove("App")),
            &["bucket tags.App"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_what_the_bucket_removes() {
    fn rule(state: &mut State) -> &mut LifecycleRule {
        bucket(state).lifecycle.get_mut("transfers").unwrap()
    }
    each_is_named_and_mended(&[
        (
            |state| rule(state).enabled = false,
            &["bucket lifecycle.transfers.enabled"],
        ),
        (
            |state| rule(state).expire_days = Some(1),
            &["bucket lifecycle.transfers.expire_days"],
        ),
        (
            |state| rule(state).abort_upload_days = None,
            &["bucket lifecycle.transfers.abort_upload_days"],
        ),
        (
            |state| rule(state).prefix = String::new(),
            &["bucket lifecycle.transfers.prefix"],
        ),
        (
            |state| {
                let all = LifecycleRule {
                    prefix: "audit/".into(),
                    ..rule(state).clone()
                };
                bucket(state).lifecycle.insert("more".into(), all);
            },
            &["bucket lifecycle.more"],
        ),
        (
            |state| bucket(state).lifecycle.clear(),
            &["bucket lifecycle.transfers"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_every_statement_of_the_bucket() {
    fn gone(state: &mut State, statement: &str) {
        let policy = bucket(state).policy.as_mut().unwrap();
        policy.statements.remove(statement).unwrap();
    }
    each_is_named_and_mended(&[
        (
            |state| gone(state, "DenyPlainHttp"),
            &["bucket policy.DenyPlainHttp"],
        ),
        (
            |state| gone(state, "DenyOldTls"),
            &["bucket policy.DenyOldTls"],
        ),
        (
            |state| gone(state, "DenyOtherEncryption"),
            &["bucket policy.DenyOtherEncryption"],
        ),
        (
            |state| gone(state, "DenyStrangers"),
            &["bucket policy.DenyStrangers"],
        ),
        (|state| bucket(state).policy = None, &["bucket policy"]),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_a_zip() {
    fn zip(state: &mut State) -> String {
        let zips = stored(state).objects("deploy/user/");
        zips[0].key.clone()
    }
    each_is_named_and_mended(&[
        (
            |state| {
                let key = zip(state);
                stored(state).put(&key, String::new(), Arc::from(*b"cut"), 0);
            },
            &["artifact zips.deploy/user/59e07f4304c96d4a7eaae0d494cb197e98bcc0b0a3bc569cbd55e244a2e811e8.zip"],
        ),
        (
            |state| {
                let key = zip(state);
                stored(state).delete(&key, String::new());
            },
            &["artifact"],
        ),
    ])
    .await;
}
