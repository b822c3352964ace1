//! A push, from its tag to both services on an emulator, by the steps of the workflows and actions as they stand.

use std::path::Path;

use anyhow::{Context, Result};
use insta::assert_snapshot;
use send_e2e::{
    Aws, Request,
    aws::{ACCOUNT, ADMIN_KEY, REGIONS, other_zips, zip_of, zips, zips_with},
};
use serde_json::{Value, json};

use crate::{
    github::{Ended, Run},
    given::Given,
    ground::{Clone, Repository},
};

/// What a page says that is not the same in every run.
fn steady(page: &str) -> String {
    let words = page.split_inclusive(' ').map(|word| {
        let plain = word.trim_end();
        match plain {
            _ if plain.starts_with("https://") => word.replace(plain, "(URL)"),
            _ if plain.contains('.') && plain.parse::<f64>().is_ok() => word.replace(plain, "(s)"),
            _ => word.to_owned(),
        }
    });
    words.collect()
}

/// What the health of a service at the URL in its row of the page tells.
async fn version(aws: &Aws, page: &str, app: &str) -> Result<Value> {
    let row = page
        .lines()
        .find(|line| line.starts_with(&format!("| {app} |")));
    let url = row
        .and_then(|row| row.split(" | ").nth(1))
        .context("no row")?;
    let request = Request::new("GET", "/info/version");
    aws.client(url, &[])?.send(request).await?.json()
}

/// Pushes, and expects what every push comes to that finds everything.
async fn pushed(
    aws: &Aws,
    given: &Given,
    sources: &Clone,
    stage: &str,
    branch: &str,
) -> Result<Run> {
    let run = given.pushed(sources, stage, branch)?;
    let logs: String = run.jobs.values().map(|came| came.log.as_str()).collect();
    assert!(run.green(), "{logs}");
    for job in [
        "increment-tag",
        "check-aws-credentials",
        "deploy-admin",
        "deploy-user",
    ] {
        assert_eq!(run.jobs[job].ended, Ended::Well, "{job}: {logs}");
    }
    for app in ["admin", "user"] {
        let page = &run.jobs[&format!("deploy-{app}")].page;
        assert_eq!(
            version(aws, page, app).await?,
            json!({ "version": "0.1.0" })
        );
    }
    let secret = logs.contains(ADMIN_KEY);
    assert!(!secret && !logs.contains("::error"), "{logs}");
    Ok(run)
}

#[tokio::test]
async fn both_services_are_deployed_side_by_side_to_dev_and_qa() -> Result<()> {
    let (aws, repository) = (Aws::start().await?, Repository::new()?);
    let first = Given::on(Some(&aws), &zips()?)?;
    let run = pushed(&aws, &first, &repository.checkout()?, "dev", "dev").await?;
    assert_eq!(run.jobs["increment-tag"].outputs["tag"], "v0.1.0");
    assert_eq!(run.jobs["publish-release"].ended, Ended::Skipped);
    assert_snapshot!(steady(&run.jobs["deploy-user"].page), @"
    ### deploy dev, User

    | service | URL | version | drift | seconds |
    |---|---|---|---|---|
    | user | (URL) | 0.0.0 (first, version 2) | 0 | (s) |

    | step | came to | seconds |
    |---|---|---|
    | stages | passed | (s) |
    | artifact | passed | (s) |
    | role | passed | (s) |
    | function | passed | (s) |
    | runtime | passed | (s) |
    | invoke | passed | (s) |
    | function URL | passed | (s) |
    ");

    repository.clone()?.commit("for qa")?;
    let run = pushed(&aws, &first, &repository.checkout()?, "qa", "main").await?;
    assert_eq!(run.jobs["increment-tag"].outputs["tag"], "v0.2.0");
    assert_eq!(run.jobs["publish-release"].ended, Ended::Well);

    // Both are there now, so what comes next is tried with a transfer.
    repository.clone()?.commit("for dev again")?;
    let zips = other_zips("next")?;
    let next = Given::on(Some(&aws), zips.path())?;
    let run = pushed(&aws, &next, &repository.checkout()?, "dev", "dev").await?;
    assert_eq!(run.jobs["increment-tag"].outputs["tag"], "v0.2.1");
    let user = &run.jobs["deploy-user"];
    assert!(
        user.log.contains("A sealed file went up and down"),
        "{}",
        user.log
    );
    assert!(user.page.contains(" (next, version "), "{}", user.page);

    let deployer = aws.deployer()?.with("SEND_ADMIN_KEY_NAME", "x-own-key");
    deployer.must("qa verify").await?;
    deployer.of_zips(zips.path()).must("dev verify").await?;
    Ok(())
}

#[test]
fn with_one_secret_missing_nothing_is_deployed_and_all_is_green() -> Result<()> {
    let repository = Repository::new()?;
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_DEFAULT_REGION",
        "AWS_ACCOUNT_ID",
    ] {
        // Were anything deployed, it would fail: nothing is there.
        let given = Given::on(None, Path::new("/nonexistent"))?.with(name, "");
        let run = given.pushed(&repository.checkout()?, "dev", "dev")?;
        assert!(run.green(), "{run:?}");
        insta::allow_duplicates! {
            assert_snapshot!(run.ended(), @"
            build-release: Skipped
            check-aws-credentials: Well
            deploy-admin: Skipped
            deploy-user: Skipped
            increment-tag: Well
            publish-release: Skipped
            run-tests: Well
            ");
        }
        let page = &run.jobs["check-aws-credentials"].page;
        assert!(
            page.contains(&format!("Nothing is deployed to dev: not set are {name}.")),
            "{page}"
        );
    }
    assert_eq!(repository.tags()?, "v0.1.0");
    // With all of them it is not green, so that the test above could fail.
    let given = Given::on(None, Path::new("/nonexistent"))?;
    let run = given.pushed(&repository.checkout()?, "dev", "dev")?;
    assert!(!run.green(), "{run:?}");
    Ok(())
}

#[test]
fn started_from_another_branch_nothing_runs() -> Result<()> {
    let repository = Repository::new()?;
    let given = Given::on(None, Path::new("/nonexistent"))?;
    let run = given.pushed(&repository.checkout()?, "dev", "a-branch-of-somebody")?;
    assert!(
        run.jobs.values().all(|came| came.ended == Ended::Skipped),
        "{run:?}"
    );
    assert_eq!(repository.tags()?, "");
    Ok(())
}

#[tokio::test]
async fn what_does_not_work_is_red_and_told_while_the_other_service_is_deployed() -> Result<()> {
    let (aws, repository) = (Aws::start().await?, Repository::new()?);
    let zips = zips_with(&zip_of("broken", Some("ends"))?, "ends")?;
    let run = Given::on(Some(&aws), zips.path())?.pushed(&repository.checkout()?, "dev", "dev")?;
    assert!(!run.green());
    assert_eq!(run.jobs["deploy-admin"].ended, Ended::Well, "{run:?}");
    let user = &run.jobs["deploy-user"];
    assert_eq!(user.ended, Ended::Badly);
    let errors: Vec<_> = user
        .log
        .lines()
        .filter(|line| line.starts_with("::error"))
        .collect();
    assert_eq!(errors.len(), 1, "{}", user.log);
    assert!(errors[0].starts_with("::error title=deploy dev%2C User%3A function::function/sgraph_ai_app_send-user-dev: Version "), "{errors:?}");
    assert!(user.page.contains("| user | "), "{}", user.page);
    assert!(
        user.page
            .contains("| function | function/sgraph_ai_app_send-user-dev: Version "),
        "{}",
        user.page
    );
    Ok(())
}

#[tokio::test]
async fn a_bucket_of_ones_own_takes_the_place_of_the_stages() -> Result<()> {
    let (aws, repository) = (Aws::start().await?, Repository::new()?);
    let given = Given::on(Some(&aws), &zips()?)?.with("SEND_STORAGE", "s3://a-bucket-of-our-own");
    let run = given.pushed(&repository.checkout()?, "dev", "dev")?;
    assert!(run.green(), "{run:?}");
    let listing = aws.listing(ACCOUNT, REGIONS[0]).await?;
    let buckets: Vec<_> = listing
        .names()
        .into_iter()
        .filter(|name| name.starts_with("bucket "))
        .collect();
    assert_eq!(buckets, ["bucket a-bucket-of-our-own"]);
    Ok(())
}
