//! The tests' own ground: an emulator that is asked by somebody else's client, too.

use anyhow::Result;
use send_e2e::aws::{ACCOUNT, Aws, REGIONS};

#[tokio::test]
async fn nothing_is_in_a_fresh_account() -> Result<()> {
    let aws = Aws::start().await?;
    let listing = aws.listing(ACCOUNT, REGIONS[0]).await?;
    assert_eq!(listing.to_string(), "");
    Ok(())
}

#[tokio::test]
async fn a_stage_is_deployed_and_seen_by_somebody_else() -> Result<()> {
    let aws = Aws::start().await?;
    aws.deployer()?.must("dev").await?;
    let listing = aws.listing(ACCOUNT, REGIONS[0]).await?;
    assert!(
        listing
            .names()
            .contains(&"function sgraph_ai_app_send-user-dev")
    );
    Ok(())
}
