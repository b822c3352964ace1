//! How long it takes, and what it asks of AWS.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Result;
use insta::assert_snapshot;
use send_e2e::aws::{Aws, Ran, other_zips};

/// What only looks.
const LOOKS: [&str; 4] = ["Get", "List", "Describe", "Head"];

#[tokio::test]
async fn a_run_takes_no_longer_and_asks_no_more_than_it_must() -> Result<()> {
    let aws = Aws::start().await?;
    let deployer = aws.deployer()?;

    let first = deployer.must("dev").await?;
    tell("First deployment", &first)?;
    assert!(first.took < Duration::from_secs(15), "{first}");

    let nothing = deployer.must("dev").await?;
    tell("Nothing to do", &nothing)?;
    let (looks, changes) = told_apart(nothing.calls()?);
    assert_eq!(changes, BTreeMap::new());
    assert!(looks.values().sum::<u64>() <= 45, "{looks:?}");
    assert!(nothing.took < Duration::from_secs(2), "{nothing}");

    let second = other_zips("second")?;
    let code = deployer.of_zips(second.path()).must("dev").await?;
    tell("Code only", &code)?;
    let (looks, changes) = told_apart(code.calls()?);
    assert_snapshot!(list(&changes), @"
    2 lambda:Invoke
    2 lambda:PublishVersion
    2 lambda:TagResource
    2 lambda:UpdateAlias
    2 lambda:UpdateFunctionCode
    2 s3:PutObject
    ");
    assert_snapshot!(list(&looks.keys().map(|name| (name.clone(), 1)).collect()), @"
    1 cloudfront:GetDistributionConfig
    1 cloudfront:ListDistributions
    1 cloudfront:ListOriginAccessControls
    1 cloudfront:ListResponseHeadersPolicies
    1 cloudfront:ListTagsForResource
    1 events:DescribeRule
    1 events:ListTagsForResource
    1 events:ListTargetsByRule
    1 iam:GetRole
    1 iam:GetRolePolicy
    1 iam:ListAttachedRolePolicies
    1 iam:ListRolePolicies
    1 lambda:GetAlias
    1 lambda:GetFunction
    1 lambda:GetFunctionUrlConfig
    1 lambda:GetPolicy
    1 lambda:ListVersionsByFunction
    1 logs:DescribeLogGroups
    1 logs:ListTagsForResource
    1 s3:GetBucketCors
    1 s3:GetBucketEncryption
    1 s3:GetBucketLifecycleConfiguration
    1 s3:GetBucketOwnershipControls
    1 s3:GetBucketPolicy
    1 s3:GetBucketTagging
    1 s3:GetBucketVersioning
    1 s3:GetPublicAccessBlock
    1 s3:ListObjectsV2
    1 sts:GetCallerIdentity
    ");
    Ok(())
}

/// What looks, and all else.
fn told_apart(calls: BTreeMap<String, u64>) -> (BTreeMap<String, u64>, BTreeMap<String, u64>) {
    calls.into_iter().partition(|(name, _)| {
        let operation = name.split(':').nth(1).unwrap_or_default();
        LOOKS.iter().any(|look| operation.starts_with(look))
    })
}

fn list(calls: &BTreeMap<String, u64>) -> String {
    let calls = calls.iter().map(|(name, count)| format!("{count} {name}"));
    calls.collect::<Vec<_>>().join("\n")
}

fn tell(what: &str, ran: &Ran) -> Result<()> {
    let (looks, changes) = told_apart(ran.calls()?);
    let sum = |calls: &BTreeMap<String, u64>| calls.values().sum::<u64>();
    println!(
        "{what}: {:.1} s, {} calls that look, {} that change: {changes:?}",
        ran.took.as_secs_f64(),
        sum(&looks),
        sum(&changes)
    );
    Ok(())
}
