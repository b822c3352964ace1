//! What programs read of a run.

use std::fs;

use anyhow::{Context, Result};
use insta::assert_snapshot;
use quick_junit::{Report, TestCaseStatus};
use send_e2e::aws::{Aws, Deployer};

use crate::ground::HERE;

#[tokio::test]
async fn the_last_line_sums_up_and_a_pipeline_sees_its_steps() -> Result<()> {
    let aws = Aws::start().await?;
    let deployer = aws.deployer()?;
    let up = deployer.must("dev").await?;
    let lines = up.lines()?;
    let (last, before) = lines.split_last().context("nothing was said")?;
    assert!(before.iter().all(|line| line["region"] == HERE), "{up}");
    let summary = &last["summary"][0];
    assert_eq!(summary["stage"], "dev");
    assert_eq!(summary["action"], "up");
    assert_eq!(
        summary["changed"].as_array().map(Vec::len),
        Some(15),
        "{summary}"
    );
    assert!(summary["error"].is_null());
    let url = summary["urls"]["user"].as_str().unwrap_or_default();
    assert!(url.contains(".cloudfront.localhost:"), "{url}");

    assert_snapshot!(steps(&deployer, "dev").await?, @"stages passed, artifact passed, role passed, function passed, runtime passed, invoke passed, function URL passed");
    assert_snapshot!(steps(&deployer, "dev down --with-data").await?, @"stages skipped, artifact skipped, role skipped, function skipped, runtime skipped, invoke skipped, function URL skipped, delete passed");
    assert_snapshot!(steps(&deployer, "dev round-trip").await?, @"stages passed, artifact passed, role passed, function passed, runtime passed, invoke passed, function URL passed, delete passed");
    assert_snapshot!(steps(&deployer.without("AWS_ACCESS_KEY_ID"), "dev").await?, @"stages failed, artifact skipped, role skipped, function skipped, runtime skipped, invoke skipped, function URL skipped");
    Ok(())
}

/// How each step of a run ended, as its JUnit report tells it.
async fn steps(deployer: &Deployer, arguments: &str) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("deploy.xml");
    let ran = deployer
        .run(&format!("{arguments} --junit {}", file.display()))
        .await?;
    let report = Report::deserialize_from_str(&fs::read_to_string(&file).context(ran)?)?;
    let suite = report.test_suites.first().context("no suite")?;
    let cases = suite.test_cases.iter().map(|case| {
        let ended = match &case.status {
            TestCaseStatus::Success { .. } => "passed",
            TestCaseStatus::NonSuccess { .. } => "failed",
            TestCaseStatus::Skipped { .. } => "skipped",
        };
        format!("{} {ended}", case.name.as_str())
    });
    Ok(cases.collect::<Vec<_>>().join(", "))
}
