//! From qa to prod, and back where it does not work; and the lifecycle on an emulator.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use insta::assert_snapshot;
use send_e2e::{
    Aws,
    aws::{other_zips, zip_of, zips, zips_with},
    server::binary,
};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    github::{Machine, Run, run},
    given::Given,
    ground::{Clone, Repository, script, stand_in},
};

/// A machine whose Rust is there, and whose program that deploys is built.
fn machine(sources: &Clone, tools: &TempDir, given: &Given) -> Result<Machine> {
    let built = binary("deploy")?;
    let target = built.parent().and_then(Path::parent).context("no target")?;
    let mut machine = sources.machine()?.with_programs(tools.path());
    for (name, value) in &given.environment {
        machine = machine.with(name, value);
    }
    Ok(machine.with("CARGO_TARGET_DIR", &target.display().to_string()))
}

/// Runs the workflow, started by hand from this branch.
fn started(sources: &Clone, tools: &TempDir, given: &Given, branch: &str) -> Result<Run> {
    let mut contexts = given.seen(branch);
    // What to deploy is told by the workflow's own steps, and what the machine has it has.
    contexts.insert("env".into(), json!({}));
    run("ci-pipeline__prod.yml", &contexts, &[], || {
        machine(sources, tools, given)
    })
}

fn ground() -> Result<(Clone, TempDir)> {
    let (sources, tools) = (Repository::new()?.clone()?, tempfile::tempdir()?);
    fs::write(sources.path.join("Cargo.toml"), "rust-version = \"1.95\"\n")?;
    for name in ["rustup", "cargo"] {
        stand_in(tools.path(), name, "")?;
    }
    Ok((sources, tools))
}

/// The SHA-256 of what serves.
fn serves(aws: &Aws, function: &str) -> Result<String> {
    let name = format!("sgraph_ai_app_send-{function}");
    let asked = json!({ "FunctionName": name, "Qualifier": "live" });
    let told = aws
        .console()?
        .ask("lambda", "GetFunctionConfiguration", asked)?;
    Ok(told["CodeSha256"].as_str().context("no hash")?.to_owned())
}

#[tokio::test]
async fn prod_runs_the_very_bytes_that_qa_runs() -> Result<()> {
    let (aws, (sources, tools)) = (Aws::start().await?, ground()?);
    let tested = other_zips("tested")?;
    aws.deployer()?.of_zips(tested.path()).must("qa").await?;
    // Others lie about; they are not what qa runs.
    let given = Given::on(Some(&aws), &zips()?)?;
    let run = started(&sources, &tools, &given, "main")?;
    assert!(run.green(), "{run:?}");
    assert_snapshot!(run.ended(), @"
    deploy: Well
    fetch-from-qa: Well
    ");
    for app in ["user", "admin"] {
        let (qa, prod) = (
            serves(&aws, &format!("{app}-qa"))?,
            serves(&aws, &format!("{app}-prod"))?,
        );
        assert_eq!(qa, prod);
    }
    let page = &run.jobs["deploy"].page;
    assert!(
        page.contains("| user | https://") && page.contains("| admin | https://"),
        "{page}"
    );
    assert!(page.contains("(tested, version "), "{page}");

    // What does not work there does not serve there.
    let before = serves(&aws, "user-prod")?;
    for how in ["ends", "spoils"] {
        let broken = zips_with(&zip_of("broken", Some(how))?, how)?;
        let machine = machine(&sources, &tools, &given)?
            .with("SEND_ZIPS", &broken.path().display().to_string());
        let variables: BTreeMap<_, _> = given.secrets.clone();
        let told = machine.run(".github/scripts/deploy Both prod", &variables)?;
        assert!(!told.well, "{}", told.log);
        assert_eq!(serves(&aws, "user-prod")?, before, "{}", told.log);
    }
    Ok(())
}

#[test]
fn prod_is_skipped_without_credentials_and_from_other_branches() -> Result<()> {
    let (sources, tools) = ground()?;
    let given = Given::on(None, Path::new("/nonexistent"))?;
    let run = started(&sources, &tools, &given, "dev")?;
    assert!(run.green());
    assert_snapshot!(run.ended(), @"
    deploy: Skipped
    fetch-from-qa: Skipped
    ");
    let run = started(&sources, &tools, &given.with("AWS_ACCOUNT_ID", ""), "main")?;
    assert!(run.green(), "{run:?}");
    assert_snapshot!(run.ended(), @"
    deploy: Skipped
    fetch-from-qa: Well
    ");
    Ok(())
}

#[test]
fn the_lifecycle_runs_both_stages_up_and_down_twice_on_an_emulator_of_its_own() -> Result<()> {
    let (sources, tools) = ground()?;
    // What the script of that name starts, once it has built it.
    let emulator = sources.path.join("crates/deploy/emulator");
    fs::write(
        emulator,
        format!("exec {}", binary("examples/aws")?.display()),
    )?;
    let mut given = Given::on(None, &zips()?)?;
    for name in ["AWS_ENDPOINT_URL", "SSL_CERT_FILE", "SEND_DEPLOY"] {
        given.environment.remove(name);
    }
    let told = script(&machine(&sources, &tools, &given)?, "lifecycle")?;
    assert!(told.well, "{}", told.log);
    let rounds = told.log.matches("Nothing is left").count();
    assert_eq!(rounds, 4, "{}", told.log);
    Ok(())
}
