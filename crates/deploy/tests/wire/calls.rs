//! Who asks, how often, and what is said to somebody who may not.

use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future},
};
use deploy::{aws, cloud::Kind};

use crate::{
    place::{Place, on_each_place},
    wire::{REGION, failed},
};

on_each_place![
    who_asks_is_asked_once_and_every_call_is_counted,
    who_is_not_signed_in_is_told_how_to,
    an_unknown_key_is_not_a_missing_permission,
    who_may_not_is_told_what_a_deployer_needs,
];

async fn who_asks_is_asked_once_and_every_call_is_counted(place: Place) {
    let account = place.account().await.unwrap();
    let cloud = account.cloud().await;
    assert!(cloud.calls.counts().is_empty());
    for _ in 0..2 {
        let caller = cloud.identity.caller().await.unwrap();
        assert_eq!(caller.account, account.number);
        assert_eq!(caller.arn, account.caller);
    }
    assert_eq!(cloud.roles.role("absent").await.unwrap(), None);
    assert_eq!(cloud.logs.log_group("absent").await.unwrap(), None);
    assert_eq!(cloud.schedules.rule("absent").await.unwrap(), None);
    let counts = cloud.calls.counts();
    let counts: Vec<_> = counts.iter().map(|(call, n)| (call.as_str(), *n)).collect();
    let wanted = [
        ("events:DescribeRule", 1),
        ("iam:GetRole", 1),
        ("iam:ListAttachedRolePolicies", 1),
        ("iam:ListRolePolicies", 1),
        ("logs:DescribeLogGroups", 1),
        ("sts:GetCallerIdentity", 1),
    ];
    assert_eq!(counts, wanted);
}

#[derive(Debug)]
struct Nobody;

impl ProvideCredentials for Nobody {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded_no_source()))
    }
}

async fn who_is_not_signed_in_is_told_how_to(place: Place) {
    let account = place.account().await.unwrap();
    let settings = account.settings_by(SharedCredentialsProvider::new(Nobody));
    let cloud = aws::connect_by(settings, REGION).await;
    let error = cloud.identity.caller().await.unwrap_err();
    let said = error.to_string();
    let wanted =
        "sts:GetCallerIdentity: there are no credentials for AWS: sign in with `aws sso login`";
    assert!(said.starts_with(wanted), "{said}");
    assert_eq!(error.kind, Kind::Refused);
}

async fn an_unknown_key_is_not_a_missing_permission(place: Place) {
    let account = place.account().await.unwrap();
    let key = Credentials::new("AKIAUNKNOWNUNKNOWN00", "secret", None, None, "test");
    let settings = account.settings_by(SharedCredentialsProvider::new(key));
    let cloud = aws::connect_by(settings, REGION).await;
    let error = cloud.identity.caller().await.unwrap_err();
    assert_eq!(error.code, "InvalidClientTokenId");
    assert!(error.to_string().contains("sign in with"), "{error}");
}

async fn who_may_not_is_told_what_a_deployer_needs(place: Place) {
    let account = place.account().await.unwrap();
    let iam = aws_sdk_iam::Client::new(&account.sdk().await);
    iam.create_user().user_name("bare").send().await.unwrap();
    let made = iam
        .create_access_key()
        .user_name("bare")
        .send()
        .await
        .unwrap();
    let key = made.access_key.unwrap();
    let key = Credentials::new(key.access_key_id, key.secret_access_key, None, None, "test");
    let settings = account.settings_by(SharedCredentialsProvider::new(key));
    let cloud = aws::connect_by(settings, REGION).await;
    let error = cloud.roles.role("some").await.unwrap_err();
    assert_eq!(error.kind, Kind::Denied);
    assert!(
        error.to_string().contains("`deploy <STAGE> policy`"),
        "{error}"
    );
    failed(cloud.logs.log_group("some").await, Kind::Denied);
    failed(cloud.functions.function("some").await, Kind::Denied);
    failed(cloud.cdn.distribution("some").await, Kind::Denied);
    failed(cloud.schedules.rule("some").await, Kind::Denied);
    // A bucket of ours that we may not look at is no bucket of others.
    let owner = account.cloud().await;
    let bucket = format!("bare-{}", account.number);
    owner
        .buckets
        .create_bucket(&bucket, &[].into())
        .await
        .unwrap();
    failed(cloud.buckets.bucket(&bucket).await, Kind::Denied);
}
