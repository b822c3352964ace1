//! One version after another, each by its bytes.

use anyhow::{Context, Result};
use insta::assert_snapshot;
use send_e2e::aws::{ACCOUNT, Aws, Deployer, Ran, other_zips, zip_of, zips_with};
use serde_json::Value;

use crate::ground::{HERE, configured, deployed, error};

/// What an alias, a function or a version says of itself.
async fn told(aws: &Aws, thing: &str) -> Result<Value> {
    let listing = aws.listing(ACCOUNT, HERE).await?;
    let start = format!("{thing} ");
    let mut lines = listing
        .0
        .iter()
        .filter_map(|line| line.strip_prefix(&start));
    let line = lines.next().with_context(|| format!("no {thing}"))?;
    Ok(serde_json::from_str(line)?)
}

/// Which version of the user service serves, with the SHA-256 of its code and its commit.
async fn serves(aws: &Aws, stage: &str) -> Result<(String, String, String)> {
    let function = format!("sgraph_ai_app_send-user-{stage}");
    let alias = told(aws, &format!("alias {function}:live")).await?;
    let number = text(&alias["FunctionVersion"]);
    let version = told(aws, &format!("version {function}:{number}")).await?;
    Ok((
        number,
        text(&version["CodeSha256"]),
        text(&version["Description"]),
    ))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn another_version_takes_its_place_and_gives_it_back() -> Result<()> {
    let (aws, deployer) = deployed().await?;
    let first = serves(&aws, "dev").await?;
    assert_eq!(first.2, "0.0.0 first");
    let zips = other_zips("second")?;
    let next = deployer.clone().of_zips(zips.path());
    next.must("dev").await?;
    let second = serves(&aws, "dev").await?;
    assert_ne!(second.1, first.1);
    assert_eq!(second.2, "0.0.0 second");
    let function = told(&aws, "function sgraph_ai_app_send-user-dev").await?;
    assert_eq!(function["Tags"]["Commit"], "second");

    let back = deployer.run("dev rollback").await?;
    assert_eq!(back.code, Some(0), "{back}");
    assert_eq!(serves(&aws, "dev").await?, first);
    deployer.must("dev smoke").await?;
    let forth = deployer
        .run(&format!("dev rollback --to {} --app user", second.0))
        .await?;
    assert_eq!(forth.code, Some(0), "{forth}");
    assert_eq!(serves(&aws, "dev").await?, second);
    // The first of all versions lets in everybody: it was made before the distribution.
    let refused = deployer.run("dev rollback --to 1 --app user").await?;
    assert_eq!(refused.code, Some(1), "{refused}");
    assert_snapshot!(error(&refused), @"Error: version 1 of sgraph_ai_app_send-user-dev has another door than version 3: it would let in whom this one keeps out, or nobody");
    assert_eq!(serves(&aws, "dev").await?, second);
    Ok(())
}

#[tokio::test]
async fn what_does_not_work_does_not_serve() -> Result<()> {
    let (aws, deployer) = deployed().await?;
    let before = serves(&aws, "dev").await?;
    let ends = broken(&deployer, "ends").await?;
    assert_snapshot!(error(&ends), @r#"
    Error: function/sgraph_ai_app_send-user-dev: Version 3 of sgraph_ai_app_send-user-dev does not work, and does not serve: it ended with Unhandled: {"errorMessage":"bootstrap exited during init with code 1: Error: as the test wants it","errorType":"Runtime.Unknown"}
    not tried, for want of that: function_url/sgraph_ai_app_send-user-dev, distribution/sgraph-send-dev-user-eu-west-1
    "#);
    assert_eq!(serves(&aws, "dev").await?, before);
    let fails = broken(&deployer, "fails").await?;
    assert_snapshot!(error(&fails), @"
    Error: function/sgraph_ai_app_send-user-dev: Version 4 of sgraph_ai_app_send-user-dev does not work, and does not serve: it answered 500 to /info/health
    not tried, for want of that: function_url/sgraph_ai_app_send-user-dev, distribution/sgraph-send-dev-user-eu-west-1
    ");
    assert_eq!(serves(&aws, "dev").await?, before);
    let spoils = broken(&deployer, "spoils").await?;
    assert_snapshot!(error(&spoils), @"Error: what was deployed does not work: receiving did not work: the content is corrupted: it was changed on the way");
    assert_eq!(serves(&aws, "dev").await?, before);
    deployer.must("dev smoke").await?;
    // The next that works mends it.
    deployer.must("dev").await?;
    deployer.must("dev plan").await?;
    assert_eq!(serves(&aws, "dev").await?.1, before.1);
    Ok(())
}

/// Deploys a user service that is broken in this way.
async fn broken(deployer: &Deployer, how: &str) -> Result<Ran> {
    let zips = zips_with(&zip_of("broken", Some(how))?, how)?;
    let ran = deployer.clone().of_zips(zips.path()).run("dev").await?;
    assert_eq!(ran.code, Some(1), "{ran}");
    Ok(ran)
}

#[tokio::test]
async fn old_versions_go_but_for_as_many_as_are_kept() -> Result<()> {
    let aws = Aws::start().await?;
    let config = configured("keep = 1")?;
    let run = format!("dev --config {}", config.path().display());
    let deployer = aws.deployer()?;
    let mut zips = Vec::new();
    for note in ["one", "two", "three", "four"] {
        let folder = other_zips(note)?;
        deployer.clone().of_zips(folder.path()).must(&run).await?;
        zips.push(folder);
    }
    let listing = aws.listing(ACCOUNT, HERE).await?;
    let kept = listing.names().into_iter().filter(|name| {
        name.starts_with("version sgraph_ai_app_send-user") || name.contains("/deploy/user/")
    });
    assert_eq!(
        kept.count(),
        5,
        "two zips, two versions and $LATEST: {listing}"
    );
    let gone = format!("dev rollback --to 1 --config {}", config.path().display());
    let refused = deployer.run(&gone).await?;
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.says("has no version 1"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn another_stage_gets_the_very_same_bytes() -> Result<()> {
    let (aws, deployer) = deployed().await?;
    let folder = tempfile::tempdir()?;
    let fetched = deployer
        .run(&format!("dev fetch {}", folder.path().display()))
        .await?;
    assert_eq!(fetched.code, Some(0), "{fetched}");
    deployer.of_zips(folder.path()).must("qa").await?;
    let (dev, qa) = (serves(&aws, "dev").await?, serves(&aws, "qa").await?);
    assert_eq!((dev.1, dev.2), (qa.1, qa.2));
    Ok(())
}
