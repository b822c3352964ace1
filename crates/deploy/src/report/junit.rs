//! For pipelines: a JUnit report whose test cases are the steps of a deployment, by the names and in the order that they always had.

mod steps;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use self::steps::{End, Steps};
use super::{
    Summary,
    desk::{Show, Step},
};
use crate::names::Stage;

/// A JUnit report.
pub(super) struct Junit {
    file: PathBuf,
    stage: Stage,
    regions: Mutex<BTreeMap<String, Steps>>,
}

impl Junit {
    pub(super) fn to(file: &Path, stage: Stage) -> Self {
        Self {
            file: file.to_owned(),
            stage,
            regions: Mutex::default(),
        }
    }

    fn suite(&self, summary: &Summary, steps: &Steps) -> TestSuite {
        let (stage, region) = (self.stage, &summary.region);
        let mut suite = TestSuite::new(format!("deploy {stage} {region}"));
        for (name, end) in steps.ends(summary.error.as_deref()) {
            let mut case = TestCase::new(name, status(end));
            case.set_time(steps.took(name));
            case.set_classname(format!("deploy.{stage}.{region}"));
            suite.add_test_case(case);
        }
        suite.set_time(Duration::from_secs_f64(summary.seconds));
        suite
    }
}

fn status(end: End) -> TestCaseStatus {
    match end {
        End::Passed => TestCaseStatus::success(),
        End::Skipped => TestCaseStatus::skipped(),
        End::Failed(why) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(why);
            status
        }
    }
}

impl Show for Junit {
    fn step(&self, step: &Step<'_>) {
        let mut regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let steps = regions.entry(step.region.to_owned()).or_default();
        steps.note(step);
    }

    fn say(&self, _: &str, _: &str) {}

    fn end(&self, all: &[Summary]) -> Result<()> {
        let mut regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let mut report = Report::new(format!("deploy {}", self.stage));
        for summary in all {
            let steps = regions.entry(summary.region.clone()).or_default();
            report.add_test_suite(self.suite(summary, steps));
        }
        let text = report.to_string()?;
        let file = self.file.display();
        fs::write(&self.file, text)
            .with_context(|| format!("the JUnit report cannot be written to {file}"))
    }
}
