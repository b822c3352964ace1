//! Several places at once, of which none is in another's way.

use anyhow::Result;
use insta::assert_snapshot;
use send_e2e::aws::{ACCOUNT, Aws, REGIONS};

use crate::ground::{kinds, same};

const OTHER: &str = "111122223333";

#[tokio::test]
async fn two_regions_are_deployed_at_once_and_one_goes() -> Result<()> {
    let aws = Aws::start().await?;
    let [here, there, ..] = REGIONS;
    let deployer = aws.deployer()?.without("AWS_REGION");
    let both = deployer
        .must(&format!("dev --region {here},{there}"))
        .await?;
    assert!(both.summary(Some(here))?["error"].is_null(), "{both}");
    assert!(both.summary(Some(there))?["error"].is_null(), "{both}");
    let (one, other) = (
        aws.listing(ACCOUNT, here).await?,
        aws.listing(ACCOUNT, there).await?,
    );
    assert_snapshot!(kinds(&one), @"2 alias, 2 bucket, 2 distribution, 2 function, 10 grant, 2 headers-policy, 2 log-group, 2 origin-access-control, 4 role, 4 role-policy, 1 rule, 2 url, 5 version");
    assert_eq!(kinds(&one), kinds(&other));

    deployer
        .must(&format!("dev down --with-data --region {there}"))
        .await?;
    same(&aws.listing(ACCOUNT, here).await?, &one.but(there));
    let left = aws.listing(ACCOUNT, there).await?;
    assert_snapshot!(kinds(&left), @"1 bucket, 1 distribution, 1 headers-policy, 1 origin-access-control, 2 role, 2 role-policy");
    same(&left, &left.but(there));
    deployer
        .must(&format!("dev verify --region {here}"))
        .await?;
    deployer.must(&format!("dev smoke --region {here}")).await?;
    Ok(())
}

#[tokio::test]
async fn two_accounts_are_deployed_at_once_and_one_goes() -> Result<()> {
    let aws = Aws::start().await?;
    let mine = aws.deployer()?;
    // The emulator finds no distribution of a second account.
    let theirs = mine.clone().of_account(OTHER);
    tokio::try_join!(mine.must("dev"), theirs.must("dev --skip distribution"))?;
    let one = aws.listing(ACCOUNT, REGIONS[0]).await?;
    let other = aws.listing(OTHER, REGIONS[0]).await?;
    same(&other, &other.but(ACCOUNT));

    mine.must("dev down --with-data").await?;
    assert_eq!(aws.listing(ACCOUNT, REGIONS[0]).await?.to_string(), "");
    same(&aws.listing(OTHER, REGIONS[0]).await?, &other);
    theirs.must("dev verify --skip distribution").await?;

    mine.must("dev").await?;
    assert_eq!(kinds(&aws.listing(ACCOUNT, REGIONS[0]).await?), kinds(&one));
    theirs
        .must("dev down --with-data --skip distribution")
        .await?;
    assert_eq!(aws.listing(OTHER, REGIONS[0]).await?.to_string(), "");
    mine.must("dev verify").await?;
    Ok(())
}
