//! Up and down again: nothing is left, and nothing of anybody else is touched.

use std::collections::BTreeMap;

use anyhow::Result;
use insta::assert_debug_snapshot;
use send_e2e::aws::{ACCOUNT, Aws, Listing};

use crate::ground::{HERE, configured, same, topic};

#[tokio::test]
async fn nothing_is_left_and_nothing_else_is_touched() -> Result<()> {
    let aws = Aws::start().await?;
    aws.foreign(ACCOUNT, HERE).await?;
    let before = aws.listing(ACCOUNT, HERE).await?;
    let config = configured(&everything())?;
    let with = format!("--config {}", config.path().display());
    let deployer = aws.deployer()?;

    let trip = deployer.must(&format!("dev round-trip {with}")).await?;
    same(&aws.listing(ACCOUNT, HERE).await?, &before);
    assert_eq!(trip.stdout.matches("Nothing is left").count(), 2, "{trip}");

    deployer.must(&format!("dev up {with}")).await?;
    let there = aws.listing(ACCOUNT, HERE).await?;
    same(&before.without(&there), &Listing::default());
    assert_debug_snapshot!(kinds(&there.without(&before)), @"");
    // Each kind of ours has one of somebody else's beside it, or a kind that says the same.
    assert_debug_snapshot!(kinds(&before), @"");

    let refused = deployer.run(&format!("dev round-trip {with}")).await?;
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.says("add --with-data if it may go"), "{refused}");
    same(&aws.listing(ACCOUNT, HERE).await?, &there);

    deployer
        .must(&format!("dev down --with-data {with}"))
        .await?;
    same(&aws.listing(ACCOUNT, HERE).await?, &before);
    Ok(())
}

/// A stage with all that it can have.
fn everything() -> String {
    let topic = topic();
    format!(
        "alarm_topic = {topic:?}\n[admin.distribution]\nprice_class = \"PriceClass_100\"\nhsts_s = 60\n[user]\nreserved_concurrency = 5"
    )
}

/// So many of each kind, but for objects: of them there are as many as it took.
fn kinds(listing: &Listing) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for name in listing.names() {
        let kind = name.split(' ').next().unwrap_or_default();
        *kinds.entry(kind).or_default() += 1;
    }
    kinds.remove("object");
    kinds
}
