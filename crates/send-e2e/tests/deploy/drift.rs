//! Every single field that somebody changes by hand on a deployed stage is named by the plan, alone; the next run mends it, by the calls that it needs
//! and no others, and then nothing differs any more.

mod access;
mod edge;
mod fetching;
mod lambda;
mod rest;
mod schedule;
mod storage;
mod url;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use send_e2e::aws::{Aws, Deployer, Ran};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    ground::configured,
    hands::{Hands, TOPIC},
};

/// What somebody did by hand; what the plan says then, the resource before each line; and which calls mend it, those aside that only read.
type Change = (
    fn(&Hands) -> Result<()>,
    &'static [&'static str],
    &'static [&'static str],
);

/// A stage, deployed, with alarms.
struct Stage {
    deployer: Deployer,
    hands: Hands,
    config: TempDir,
    _aws: Aws,
}

impl Stage {
    async fn up() -> Result<Self> {
        let aws = Aws::start().await?;
        let stage = Self {
            deployer: aws.deployer()?,
            hands: Hands::on(&aws)?,
            config: configured(&format!("alarm_topic = \"{TOPIC}\""))?,
            _aws: aws,
        };
        stage.run("up").await?;
        Ok(Self {
            // A transfer was shown once; without the key each run asks for health alone.
            deployer: stage.deployer.without("SEND_ADMIN_KEY"),
            ..stage
        })
    }

    async fn run(&self, action: &str) -> Result<Ran> {
        let folder = self.config.path().display();
        self.deployer
            .json(&format!("dev {action} --config {folder}"))
            .await
    }

    async fn ends(&self, action: &str, code: i32) -> Result<Ran> {
        let ran = self.run(action).await?;
        ensure!(
            ran.code == Some(code),
            "{action} ended not with {code}: {}{}",
            ran.summary(None)?["error"],
            ran.stderr
        );
        Ok(ran)
    }

    async fn are_named_and_mended(&self, changes: &[Change]) -> Result<()> {
        let named = || changes.iter().flat_map(|change| change.1);
        for (by_hand, ..) in changes {
            by_hand(&self.hands).context("by hand")?;
        }
        let planned = differs(&self.ends("plan", 2).await?)?;
        let alike = planned.len() == named().count()
            && named().all(|named| planned.iter().any(|line| like(named, line)))
            && planned
                .iter()
                .all(|line| named().any(|named| like(named, line)));
        ensure!(alike, "the plan is {planned:#?}");
        self.ends("verify", 1).await?;
        let (wrote, needed) = (writes(&self.ends("up", 0).await?)?, needed(changes));
        ensure!(
            wrote == needed,
            "it was mended by {wrote:?}, and needs {needed:?}"
        );
        self.ends("plan", 0).await?;
        Ok(())
    }
}

/// All changes.
fn all() -> Vec<Change> {
    let tables = [
        access::TAKEN,
        access::ALLOWED,
        storage::SET_UP,
        storage::RULES,
        storage::POLICY,
        lambda::LATEST,
        lambda::SERVING,
        url::URL,
        edge::DISTRIBUTION,
        fetching::FETCHING,
        rest::LOGS,
        schedule::SCHEDULE,
        rest::ALARMS,
    ];
    tables.concat()
}

/// By hand, something that is mended by each call that mends anything, the first of each call; nothing is removed of which another changes a part.
pub(crate) fn one_for_each_call(hands: &Hands) -> Result<()> {
    let mut known = BTreeSet::new();
    for (by_hand, named, mended) in all() {
        let gone = named.iter().any(|line| line.ends_with(" it is not there"));
        if !gone && mended.iter().any(|call| known.insert(*call)) {
            by_hand(hands)?;
        }
    }
    Ok(())
}

/// Changes that have nothing to do with each other together: one of each resource. What shows on several resources is alone.
fn together() -> Vec<Vec<Change>> {
    let mut rounds: Vec<Vec<Change>> = Vec::new();
    for change in all() {
        let own = resources(&[change]);
        let apart = |round: &&mut Vec<Change>| resources(round).is_disjoint(&own);
        match rounds.iter_mut().find(apart) {
            Some(round) if own.len() == 1 => round.push(change),
            Some(_) | None => rounds.push(vec![change]),
        }
    }
    rounds
}

/// The resources that changes show on.
fn resources(changes: &[Change]) -> BTreeSet<&'static str> {
    let named = changes.iter().flat_map(|change| change.1);
    named.filter_map(|line| line.split(' ').next()).collect()
}

/// On one stage, one after the other.
async fn each_is_named_and_mended(rounds: impl Iterator<Item = Vec<Change>>) -> Result<()> {
    let stage = Stage::up().await?;
    let mut failures = Vec::new();
    for changes in rounds {
        if let Err(error) = stage.are_named_and_mended(&changes).await {
            let named: Vec<_> = changes.iter().flat_map(|change| change.1).collect();
            failures.push(format!("{named:#?}: {error:#}"));
            // What was not mended is no matter of the next.
            stage.run("up").await?;
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n\n"));
    Ok(())
}

/// Every second, so that two stages share the work.
fn half<T>(all: Vec<T>, first: usize) -> impl Iterator<Item = T> {
    all.into_iter().skip(first).step_by(2)
}

#[tokio::test]
async fn one_field_of_each_resource_at_once() -> Result<()> {
    each_is_named_and_mended(half(together(), 0)).await
}

#[tokio::test]
async fn another_field_of_each_resource_at_once() -> Result<()> {
    each_is_named_and_mended(half(together(), 1)).await
}

#[tokio::test]
#[ignore = "takes minutes: `bash .ci/long`"]
async fn each_field_alone() -> Result<()> {
    let alone: Vec<_> = all().into_iter().map(|change| vec![change]).collect();
    each_is_named_and_mended(half(alone, 0)).await
}

#[tokio::test]
#[ignore = "takes minutes: `bash .ci/long`"]
async fn each_other_field_alone() -> Result<()> {
    let alone: Vec<_> = all().into_iter().map(|change| vec![change]).collect();
    each_is_named_and_mended(half(alone, 1)).await
}

/// What differs, by a plan: a line a field, with short names.
fn differs(ran: &Ran) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for line in ran.lines()? {
        let fields = line["event"]["differs"].as_array().into_iter().flatten();
        let resource = line["resource"].as_str().unwrap_or_default();
        all.extend(
            fields
                .filter_map(Value::as_str)
                .map(|field| short(&format!("{resource} {field}"))),
        );
    }
    Ok(all)
}

/// The calls that did more than read, and how often.
fn writes(ran: &Ran) -> Result<BTreeMap<String, u64>> {
    let mut calls = ran.calls()?;
    let reads = ["Get", "List", "Describe"].map(|verb| format!(":{verb}"));
    calls.retain(|call, _| !reads.iter().any(|verb| call.contains(verb)));
    Ok(calls)
}

/// The calls that these changes need.
fn needed(changes: &[Change]) -> BTreeMap<String, u64> {
    let mut calls = BTreeMap::new();
    for call in changes.iter().flat_map(|change| change.2) {
        *calls.entry((*call).to_owned()).or_default() += 1;
    }
    calls
}

/// Without what all names have in common.
fn short(line: &str) -> String {
    let known = [
        ("sgraph-send-dev-storage-000000000000-eu-west-1", "BUCKET"),
        ("sgraph_ai_app_send-user-dev", "USER"),
        ("sgraph_ai_app_send-admin-dev", "ADMIN"),
        ("sgraph-send-dev-user-eu-west-1", "EDGE"),
    ];
    known.iter().fold(line.to_owned(), |line, (long, short)| {
        line.replace(long, short)
    })
}

/// `..` stands for anything.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_once("..") {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|left| {
            let ends = (0..=left.len()).filter(|at| left.is_char_boundary(*at));
            ends.into_iter().any(|at| like(rest, &left[at..]))
        }),
    }
}
