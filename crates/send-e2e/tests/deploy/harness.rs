//! Whether the tests would see what they look for.

use anyhow::Result;
use insta::assert_snapshot;
use send_e2e::aws::{ACCOUNT, Aws};

use crate::ground::{HERE, deployed, kinds};

#[tokio::test]
async fn nothing_is_in_a_fresh_account() -> Result<()> {
    let aws = Aws::start().await?;
    assert_eq!(aws.listing(ACCOUNT, HERE).await?.to_string(), "");
    Ok(())
}

#[tokio::test]
async fn somebody_elses_client_sees_all_of_a_stage() -> Result<()> {
    let (aws, _) = deployed().await?;
    let listing = aws.listing(ACCOUNT, HERE).await?;
    assert_snapshot!(kinds(&listing), @"2 alias, 1 bucket, 1 distribution, 2 function, 10 grant, 1 headers-policy, 2 log-group, 1 origin-access-control, 2 role, 2 role-policy, 1 rule, 2 url, 5 version");
    // Its certificate, and that it asks who somebody is, are part of it.
    let stranger = aws.listing("no account at all", HERE).await;
    assert!(stranger.is_err(), "{stranger:?}");
    Ok(())
}
