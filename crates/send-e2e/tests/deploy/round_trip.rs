//! Up and down again: nothing is left, and nothing of anybody else is touched.

use anyhow::Result;
use insta::assert_snapshot;
use send_e2e::aws::{ACCOUNT, Aws, Listing};

use crate::ground::{HERE, configured, kinds, same};

/// A stage with all that it can have.
const EVERYTHING: &str = r#"
    alarm_topic = "arn:aws:sns:eu-west-1:000000000000:sgraph-send-dev"
    [user]
    reserved_concurrency = 5
    [admin.distribution]
    price_class = "PriceClass_100"
    hsts_s = 60
"#;

#[tokio::test]
async fn nothing_is_left_and_nothing_else_is_touched() -> Result<()> {
    let aws = Aws::start().await?;
    aws.foreign(ACCOUNT, HERE).await?;
    let before = aws.listing(ACCOUNT, HERE).await?;
    assert_snapshot!(kinds(&before), @"1 alarm, 2 alias, 1 bucket, 1 distribution, 2 function, 4 grant, 1 headers-policy, 2 log-group, 1 marker, 1 origin-access-control, 1 policy, 1 role, 1 role-attached, 1 role-policy, 1 rule, 1 topic, 1 upload, 2 url, 4 version");
    let config = configured(EVERYTHING)?;
    let with = format!("--config {}", config.path().display());
    let deployer = aws.deployer()?;

    let trip = deployer.must(&format!("dev round-trip {with}")).await?;
    same(&aws.listing(ACCOUNT, HERE).await?, &before);
    assert_eq!(trip.stdout.matches("Nothing is left").count(), 2, "{trip}");

    deployer.must(&format!("dev up {with}")).await?;
    let there = aws.listing(ACCOUNT, HERE).await?;
    same(&before.without(&there), &Listing::default());
    assert_snapshot!(kinds(&there.without(&before)), @"6 alarm, 2 alias, 1 bucket, 2 distribution, 2 function, 10 grant, 2 headers-policy, 2 log-group, 2 origin-access-control, 2 role, 2 role-policy, 1 rule, 2 url, 6 version");

    let refused = deployer.run(&format!("dev round-trip {with}")).await?;
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.says("add --with-data if it may go"), "{refused}");
    same(&aws.listing(ACCOUNT, HERE).await?, &there);

    let down = format!("dev down --with-data {with}");
    deployer.must(&down).await?;
    same(&aws.listing(ACCOUNT, HERE).await?, &before);
    Ok(())
}
