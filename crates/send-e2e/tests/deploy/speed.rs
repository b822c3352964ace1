//! How long it takes, and what it asks of AWS.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Result;
use insta::assert_snapshot;
use send_e2e::aws::{Aws, Ran, other_zips};

/// What only looks.
const LOOKS: [&str; 4] = ["Get", "List", "Describe", "Head"];

#[tokio::test]
async fn a_run_takes_no_longer_and_asks_no_more_than_it_must() -> Result<()> {
    let aws = Aws::start().await?;
    let deployer = aws.deployer()?;

    let first = deployer.must("dev").await?;
    tell("First deployment", &first)?;
    assert!(first.took < Duration::from_secs(15), "{first}");

    let nothing = deployer.must("dev").await?;
    tell("Nothing to do", &nothing)?;
    let (at_rest, changes) = told_apart(nothing.calls()?);
    assert_eq!(changes, BTreeMap::new());
    assert!(at_rest.values().sum::<u64>() <= 45, "{at_rest:?}");
    assert!(nothing.took < Duration::from_secs(2), "{nothing}");

    let second = other_zips("second")?;
    let code = deployer.of_zips(second.path()).must("dev").await?;
    tell("Code only", &code)?;
    let (mut looks, changes) = told_apart(code.calls()?);
    assert_snapshot!(list(&changes), @"
    2 lambda:Invoke
    2 lambda:PublishVersion
    2 lambda:TagResource
    2 lambda:UpdateAlias
    2 lambda:UpdateFunctionCode
    2 s3:PutObject
    ");
    looks.retain(|name, _| !at_rest.contains_key(name));
    assert_snapshot!(list(&looks), @"2 lambda:ListVersionsByFunction");
    Ok(())
}

/// What looks, and all else.
fn told_apart(calls: BTreeMap<String, u64>) -> (BTreeMap<String, u64>, BTreeMap<String, u64>) {
    calls.into_iter().partition(|(name, _)| {
        let operation = name.split(':').nth(1).unwrap_or_default();
        LOOKS.iter().any(|look| operation.starts_with(look))
    })
}

fn list(calls: &BTreeMap<String, u64>) -> String {
    let calls = calls.iter().map(|(name, count)| format!("{count} {name}"));
    calls.collect::<Vec<_>>().join("\n")
}

#[expect(clippy::print_stdout, reason = "figures of the run")]
fn tell(what: &str, ran: &Ran) -> Result<()> {
    let (looks, changes) = told_apart(ran.calls()?);
    let sum = |calls: &BTreeMap<String, u64>| calls.values().sum::<u64>();
    println!(
        "{what}: {:.1} s, {} calls that look, {} that change: {changes:?}",
        ran.took.as_secs_f64(),
        sum(&looks),
        sum(&changes)
    );
    Ok(())
}
