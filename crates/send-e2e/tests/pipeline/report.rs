//! What a deployment came to, on the page of a run.

use std::{collections::BTreeMap, fs};

use anyhow::Result;
use insta::assert_snapshot;

use crate::github::{Machine, Told, root};

/// The report of what a run left behind. Where something is `None`, it left nothing.
fn report(junit: Option<&str>, status: Option<&str>) -> Result<(Told, String)> {
    let machine = Machine::new(&root())?;
    fs::create_dir_all(machine.temporary())?;
    for (name, text) in [("xml", junit), ("json", status)] {
        if let Some(text) = text {
            fs::write(
                machine.temporary().join(format!("deploy-User-dev.{name}")),
                text,
            )?;
        }
    }
    let told = machine.run(
        "python3 .github/scripts/report.py User dev",
        &BTreeMap::new(),
    )?;
    let page = machine.page();
    Ok((told, page))
}

const WELL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deploy dev" tests="3" skipped="1" failures="0" errors="0">
    <testsuite name="deploy dev eu-west-1" tests="3" skipped="1" errors="0" failures="0" time="41.250">
        <testcase name="stages" classname="deploy.dev.eu-west-1" time="0.050"/>
        <testcase name="role" classname="deploy.dev.eu-west-1" time="0.300"/>
        <testcase name="delete" classname="deploy.dev.eu-west-1" time="0.000"><skipped/></testcase>
    </testsuite>
</testsuites>"#;

const STATUS: &str = r#"{"region":"eu-west-1","say":"user: https://u.example/"}
{"region":"eu-west-1","say":"    serves version 3, 0.2.16 0123456789ab, of 2026-11-23T00:00:00Z, 4.8 MB, code 001122334455"}
{"region":"eu-west-1","say":"           version 2, 0.2.15 ba9876543210, of 2026-11-22T00:00:00Z, 4.8 MB, code 554433221100"}
{"region":"eu-west-1","say":"0 of these are not as wanted: `plan` tells how"}
{"summary":[{"urls":{"user":"https://u.example/"}}]}"#;

#[test]
fn the_page_tells_url_version_drift_duration_and_the_steps() -> Result<()> {
    let (told, page) = report(Some(WELL), Some(STATUS))?;
    assert!(told.well, "{}", told.log);
    assert_eq!(told.log, "");
    assert_snapshot!(page, @"
    ### deploy dev, User

    | service | URL | version | drift | seconds |
    |---|---|---|---|---|
    | user | https://u.example/ | 0.2.16 (0123456789ab, version 3) | 0 | 41.250 |

    | step | came to | seconds |
    |---|---|---|
    | stages | passed | 0.050 |
    | role | passed | 0.300 |
    | delete | skipped | 0.000 |
    ");
    Ok(())
}

#[test]
fn a_step_that_failed_is_an_annotation_and_its_text_stays_text() -> Result<()> {
    let message = "100%: &lt;b&gt; | `x`&#10;::set-output name=a::b";
    let failed = WELL.replacen(
        "time=\"0.300\"/>",
        &format!("time=\"0.300\"><failure message=\"{message}\"/></testcase>"),
        1,
    );
    let (told, page) = report(Some(&failed), None)?;
    assert!(told.well, "{}", told.log);
    assert_snapshot!(told.log, @"::error title=deploy dev%2C User%3A role::100%25: <b> | `x`%0A::set-output name=a::b");
    assert_snapshot!(page, @r"
    ### deploy dev, User

    | step | came to | seconds |
    |---|---|---|
    | stages | passed | 0.050 |
    | role | 100%: &lt;b> \| \`x\`<br>::set-output name=a::b | 0.300 |
    | delete | skipped | 0.000 |
    ");
    Ok(())
}

#[test]
fn what_never_began_is_told_too() -> Result<()> {
    let (told, page) = report(None, None)?;
    assert!(told.well, "{}", told.log);
    assert_snapshot!(page, @"
    ### deploy dev, User

    It came to nothing: there is no report.
    ");
    Ok(())
}
