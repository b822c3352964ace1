//! S3, IAM and logs.

use deploy::cloud::{Document, Kind, LifecycleRule, Tags};
use serde_json::json;

use super::{cloud, kind, pass, role};
use crate::{cloud::World, stage::REGION};

const NAME: &str = "our-bucket";

#[tokio::test(start_paused = true)]
async fn a_bucket_goes_when_it_is_empty_and_its_name_is_free_later() {
    let world = World::new();
    let buckets = cloud(&world).buckets;
    buckets.create_bucket(NAME, &Tags::new()).await.unwrap();
    buckets.put_object(NAME, "key", vec![1]).await.unwrap();
    assert_eq!(kind(buckets.delete_bucket(NAME).await), Kind::Conflict);
    buckets.delete_object(NAME, "key").await.unwrap();
    world.change(|state| {
        state
            .buckets
            .get_mut(NAME)
            .unwrap()
            .begin_upload("key", "1")
    });
    assert_eq!(kind(buckets.delete_bucket(NAME).await), Kind::Conflict);
    let uploads = buckets.uploads(NAME).await.unwrap();
    buckets.abort_upload(NAME, &uploads[0]).await.unwrap();
    buckets.delete_bucket(NAME).await.unwrap();
    assert_eq!(
        kind(buckets.create_bucket(NAME, &Tags::new()).await),
        Kind::Conflict
    );
    pass(5).await;
    buckets.create_bucket(NAME, &Tags::new()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_bucket_of_another_account_is_refused_whatever_is_asked() {
    let world = World::new();
    let theirs = world.cloud("444455556666", REGION).buckets;
    theirs.create_bucket(NAME, &Tags::new()).await.unwrap();
    let ours = cloud(&world).buckets;
    assert_eq!(kind(ours.bucket(NAME).await), Kind::Refused);
    assert_eq!(
        kind(ours.create_bucket(NAME, &Tags::new()).await),
        Kind::Refused
    );
    assert_eq!(kind(ours.put_versioning(NAME, true).await), Kind::Refused);
    assert_eq!(kind(ours.delete_bucket(NAME).await), Kind::Refused);
}

#[tokio::test(start_paused = true)]
async fn one_s_own_bucket_is_there_already_but_in_the_first_region() {
    let world = World::new();
    for (region, again) in [(REGION, Err(Kind::AlreadyExists)), ("us-east-1", Ok(()))] {
        let buckets = world.cloud("444455556666", region).buckets;
        buckets.create_bucket(region, &Tags::new()).await.unwrap();
        let tags: Tags = [("Mine".to_owned(), "1".to_owned())].into();
        let answer = buckets.create_bucket(region, &tags).await;
        assert_eq!(answer.map_err(|error| error.kind), again);
        assert_eq!(
            buckets.bucket(region).await.unwrap().unwrap().tags,
            Tags::new()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn where_versions_are_kept_a_deleted_object_is_only_hidden() {
    let world = World::new();
    let buckets = cloud(&world).buckets;
    buckets.create_bucket(NAME, &Tags::new()).await.unwrap();
    buckets.put_versioning(NAME, true).await.unwrap();
    for bytes in [1, 2] {
        buckets.put_object(NAME, "key", vec![bytes]).await.unwrap();
    }
    buckets.delete_object(NAME, "key").await.unwrap();
    assert_eq!(buckets.objects(NAME, "").await.unwrap(), []);
    assert_eq!(kind(buckets.get_object(NAME, "key").await), Kind::NotFound);
    let versions = buckets.object_versions(NAME).await.unwrap();
    assert_eq!(versions.len(), 3, "two versions and a mark");
    buckets.delete_versions(NAME, &versions).await.unwrap();
    buckets.delete_bucket(NAME).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_thousand_objects_are_told_at_once_and_no_more() {
    let world = World::new();
    let buckets = cloud(&world).buckets;
    buckets.create_bucket(NAME, &Tags::new()).await.unwrap();
    for n in 0..1_001 {
        buckets
            .put_object(NAME, &format!("{n:04}"), vec![1])
            .await
            .unwrap();
    }
    let versions = buckets.object_versions(NAME).await.unwrap();
    assert_eq!(versions.len(), 1_000);
    buckets.delete_versions(NAME, &versions).await.unwrap();
    assert_eq!(buckets.objects(NAME, "").await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn settings_that_s3_refuses_are_refused() {
    let world = World::new();
    let buckets = cloud(&world).buckets;
    buckets.create_bucket(NAME, &Tags::new()).await.unwrap();
    let public = json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::our-bucket/*" });
    let elsewhere = json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::our-bucket-2/*" });
    for (statement, expected) in [(public, Kind::Denied), (elsewhere, Kind::Refused)] {
        let policy = Document::new([("One", statement)]);
        assert_eq!(
            kind(buckets.put_bucket_policy(NAME, &policy).await),
            expected
        );
    }
    let idle = LifecycleRule {
        enabled: true,
        prefix: String::new(),
        expire_days: None,
        abort_upload_days: None,
    };
    let rules = [("idle".to_owned(), idle)].into();
    assert_eq!(
        kind(buckets.put_lifecycle(NAME, &rules).await),
        Kind::Refused
    );
}

#[tokio::test(start_paused = true)]
async fn a_role_goes_after_its_policies() {
    let roles = cloud(&World::new()).roles;
    assert_eq!(kind(roles.delete_role("r").await), Kind::NotFound);
    roles.create_role("r", &role()).await.unwrap();
    assert_eq!(
        kind(roles.create_role("r", &role()).await),
        Kind::AlreadyExists
    );
    let policy = Document::new([(
        "All",
        json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }),
    )]);
    roles.put_policy("r", "p", &policy).await.unwrap();
    assert_eq!(kind(roles.delete_role("r").await), Kind::Conflict);
    roles.delete_policy("r", "p").await.unwrap();
    assert_eq!(kind(roles.delete_policy("r", "p").await), Kind::NotFound);
    roles.delete_role("r").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn lines_are_told_in_several_answers_of_which_one_is_empty() {
    let world = World::new();
    let logs = cloud(&world).logs;
    assert_eq!(kind(logs.log_events("g", 0, None).await), Kind::NotFound);
    logs.create_log_group("g", &Tags::new()).await.unwrap();
    assert_eq!(kind(logs.put_retention("g", 2).await), Kind::Refused);
    super::lambda::write_lines(&world, "g", 5).await;
    let (mut next, mut told, mut answers) = (None, Vec::new(), 0);
    loop {
        let (lines, more) = logs.log_events("g", 0, next).await.unwrap();
        told.extend(lines);
        answers += 1;
        next = more;
        if next.is_none() {
            break;
        }
    }
    assert_eq!((told.len(), answers), (5, 3));
}
