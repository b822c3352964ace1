//! The steps of a pipeline, as JUnit.

use std::fs;

use insta::assert_snapshot;
use quick_junit::TestCaseStatus;

use super::{cli, id, shown};
use crate::{
    names::Stage,
    report::{Change, Desk, Event, Region, Report, Verb, junit::Junit},
};

/// How each step of a run ended, in the JUnit report.
fn steps(arguments: &str, error: Option<&str>, run: impl Fn(&Region)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deploy.xml");
    let desk = Desk::of(vec![Box::new(Junit::to(&file, Stage::Dev))]);
    let report = desk.region("eu-west-1");
    run(&report);
    let error = error.map(str::to_owned);
    let summary = report.summary(&cli(arguments), 0, [].into(), [].into(), error);
    desk.close(&[summary]).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let read = quick_junit::Report::deserialize_from_str(&text).unwrap();
    let cases = read.test_suites[0].test_cases.iter();
    let ends = cases.map(|case| format!("{}: {}", case.name.as_str(), ended(&case.status)));
    ends.collect::<Vec<_>>().join("\n")
}

fn ended(status: &TestCaseStatus) -> String {
    match status {
        TestCaseStatus::Success { .. } => "passed".into(),
        TestCaseStatus::NonSuccess { message, .. } => message.as_ref().unwrap().as_str().to_owned(),
        TestCaseStatus::Skipped { .. } => "skipped".into(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_pipeline_sees_its_steps_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deploy.xml");
    shown(Junit::to(&file, Stage::Dev), &["eu-west-1"]).await;
    assert_snapshot!(fs::read_to_string(&file).unwrap(), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="deploy dev" tests="7" skipped="1" failures="1" errors="0">
        <testsuite name="deploy dev eu-west-1" tests="7" skipped="1" errors="0" failures="1" time="2.150">
            <testcase name="stages" classname="deploy.dev.eu-west-1" time="0.050"/>
            <testcase name="artifact" classname="deploy.dev.eu-west-1" time="0.000">
                <skipped/>
            </testcase>
            <testcase name="role" classname="deploy.dev.eu-west-1" time="0.300"/>
            <testcase name="function" classname="deploy.dev.eu-west-1" time="1.800"/>
            <testcase name="runtime" classname="deploy.dev.eu-west-1" time="1.800"/>
            <testcase name="invoke" classname="deploy.dev.eu-west-1" time="1.800"/>
            <testcase name="function URL" classname="deploy.dev.eu-west-1" time="1.850">
                <failure message="distribution/send-user: cloudfront:CreateDistribution: TooMany: no more
    of these"/>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
}

#[test]
fn what_is_removed_or_differs_is_a_step_too() {
    let role = id("role", "send-user");
    let down = |report: &Region| {
        report.tell(&role, Event::Done(Verb::Observe, Change::Nothing));
        report.tell(&role, Event::Begun(Verb::Delete));
        report.tell(&role, Event::Done(Verb::Delete, Change::Removed));
        let reason = "admin uses it".into();
        report.tell(&id("bucket", "storage"), Event::Kept(reason));
    };
    assert_snapshot!(steps("deploy dev down", None, down), @"
    stages: skipped
    artifact: skipped
    role: skipped
    function: skipped
    runtime: skipped
    invoke: skipped
    function URL: skipped
    delete: passed
    ");
    let round_trip = |report: &Region| {
        report.tell(&role, Event::Done(Verb::Create, Change::Made));
        down(report);
    };
    assert_snapshot!(steps("deploy dev round-trip", None, round_trip), @"
    stages: skipped
    artifact: skipped
    role: passed
    function: skipped
    runtime: skipped
    invoke: skipped
    function URL: skipped
    delete: passed
    ");
    let verify = |report: &Region| {
        report.tell(&role, Event::Differs(vec!["trust: a => b".into()]));
    };
    assert_snapshot!(steps("deploy dev verify", None, verify), @"
    stages: skipped
    artifact: skipped
    role: role/send-user: trust: a => b
    function: skipped
    runtime: skipped
    invoke: skipped
    function URL: skipped
    ");
}

#[test]
fn what_a_run_did_not_come_to_has_not_passed() {
    let kinds = ["bucket", "artifact", "role", "function", "function_url"];
    let all = |report: &Region, verb: Verb| {
        for kind in kinds {
            let done = Event::Done(verb, Change::Nothing);
            report.tell(&id(kind, "send-user"), done);
        }
    };
    let nothing_to_do = |report: &Region| all(report, Verb::Observe);
    assert_snapshot!(steps("deploy dev", None, nothing_to_do), @"
    stages: passed
    artifact: passed
    role: passed
    function: passed
    runtime: passed
    invoke: passed
    function URL: passed
    ");
    let not_assumable = |report: &Region| {
        all(report, Verb::Observe);
        let failed = Event::Failed(Verb::Create, "its role".into());
        report.tell(&id("function", "send-user"), failed);
    };
    assert_snapshot!(steps("deploy dev", Some("function: its role"), not_assumable), @"
    stages: skipped
    artifact: skipped
    role: skipped
    function: function/send-user: its role
    runtime: skipped
    invoke: skipped
    function URL: skipped
    ");
    let answers_502 = |report: &Region| {
        all(report, Verb::Observe);
        all(report, Verb::Create);
    };
    assert_snapshot!(steps("deploy dev", Some("it answered 502"), answers_502), @"
    stages: passed
    artifact: passed
    role: passed
    function: passed
    runtime: passed
    invoke: it answered 502
    function URL: passed
    ");
    assert_snapshot!(steps("deploy dev", Some("no credentials"), |_| {}), @"
    stages: no credentials
    artifact: skipped
    role: skipped
    function: skipped
    runtime: skipped
    invoke: skipped
    function URL: skipped
    ");
}
