//! Several runs at once on one stage.

use anyhow::Result;
use send_e2e::aws::{ACCOUNT, Aws, Listing, other_zips};

use crate::ground::{HERE, kinds, same};

#[tokio::test]
async fn both_services_come_and_go_side_by_side() -> Result<()> {
    let aws = Aws::start().await?;
    let deployer = aws.deployer()?;
    tokio::try_join!(
        deployer.must("dev --app user"),
        deployer.must("dev --app admin")
    )?;
    deployer.must("dev verify").await?;
    deployer.must("dev smoke").await?;

    let whole = aws.listing(ACCOUNT, HERE).await?;
    deployer.must("dev down --app user").await?;
    let left = aws.listing(ACCOUNT, HERE).await?;
    same(&left.without(&whole), &Listing::default());
    let names = left.names();
    let theirs = |name: &&str| name.contains("send-user") || name.contains("deploy/user");
    assert_eq!(names.iter().copied().find(theirs), None);
    for kept in [
        "bucket sgraph-send-dev-storage-000000000000-eu-west-1",
        "alias sgraph_ai_app_send-admin-dev:live",
    ] {
        assert!(names.contains(&kept), "{kept} is not among {names:?}");
    }
    deployer.must("dev verify --app admin").await?;

    deployer.must("dev --app user").await?;
    deployer.must("dev smoke").await?;
    tokio::try_join!(
        deployer.must("dev down --app user --with-data"),
        deployer.must("dev down --app admin --with-data")
    )?;
    assert_eq!(aws.listing(ACCOUNT, HERE).await?.to_string(), "");
    Ok(())
}

#[tokio::test]
async fn two_runs_of_one_stage_end_in_one_right_state() -> Result<()> {
    let aws = Aws::start().await?;
    let deployer = aws.deployer()?;
    tokio::try_join!(deployer.must("dev"), deployer.must("dev"))?;
    deployer.must("dev verify").await?;
    let alone = Aws::start().await?;
    alone.deployer()?.must("dev").await?;
    assert_eq!(
        kinds(&aws.listing(ACCOUNT, HERE).await?),
        kinds(&alone.listing(ACCOUNT, HERE).await?)
    );

    let zips = other_zips("second")?;
    let next = deployer.clone().of_zips(zips.path());
    tokio::try_join!(next.must("dev"), next.must("dev"))?;
    next.must("dev verify").await?;
    tokio::try_join!(
        deployer.must("dev down --with-data"),
        deployer.must("dev down --with-data")
    )?;
    assert_eq!(aws.listing(ACCOUNT, HERE).await?.to_string(), "");
    Ok(())
}
