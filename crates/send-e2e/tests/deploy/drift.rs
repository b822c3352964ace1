//! Every single field that somebody changes by hand on a deployed stage is named by the plan, alone; the next run mends it, by the calls that it needs
//! and no others, and then nothing differs any more.

mod access;
mod edge;
mod hands;
mod lambda;
mod rest;
mod storage;
mod url;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use send_e2e::aws::{Aws, Deployer, Ran};
use serde_json::Value;
use tempfile::TempDir;

use hands::Hands;

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
            config: with_alarms()?,
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
            "{action} ended not with {code}: {ran}"
        );
        Ok(ran)
    }

    async fn is_named_and_mended(&self, change: &Change) -> Result<()> {
        let (by_hand, named, mended) = change;
        by_hand(&self.hands).context("by hand")?;
        let planned = differs(&self.ends("plan", 2).await?)?;
        let alike = planned.len() == named.len()
            && planned
                .iter()
                .zip(*named)
                .all(|(line, named)| like(named, line));
        ensure!(alike, "the plan is {planned:#?}");
        self.ends("verify", 1).await?;
        let wrote = writes(&self.ends("up", 0).await?)?;
        ensure!(wrote == *mended, "it was mended by {wrote:?}");
        self.ends("plan", 0).await?;
        Ok(())
    }
}

/// Each change alone, one after the other on one stage.
async fn each_is_named_and_mended(changes: &[Change]) -> Result<()> {
    let stage = Stage::up().await?;
    let mut failures = Vec::new();
    for change in changes {
        if let Err(error) = stage.is_named_and_mended(change).await {
            failures.push(format!("{:?}: {error:?}", change.1));
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n\n"));
    Ok(())
}

/// The configuration as it is, and a topic for alarms.
fn with_alarms() -> Result<TempDir> {
    let (own, folder) = (
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/config"),
        tempfile::tempdir()?,
    );
    for name in ["base.toml", "dev.toml", "qa.toml", "prod.toml"] {
        fs::copy(own.join(name), folder.path().join(name))?;
    }
    let base = fs::read_to_string(own.join("base.toml"))?;
    let topic = "alarm_topic = \"arn:aws:sns:eu-west-1:000000000000:alarms\"";
    fs::write(folder.path().join("base.toml"), format!("{topic}\n{base}"))?;
    Ok(folder)
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

/// The calls that did more than read, sorted; how often, where that was not once.
fn writes(ran: &Ran) -> Result<Vec<String>> {
    let calls: BTreeMap<String, u64> = ran.calls()?;
    let reads = |call: &str| {
        ["Get", "List", "Describe"]
            .iter()
            .any(|verb| call.contains(&format!(":{verb}")))
    };
    let wrote = calls.iter().filter(|(call, _)| !reads(call));
    Ok(wrote
        .map(|(call, times)| {
            if *times == 1 {
                call.clone()
            } else {
                format!("{call} {times}")
            }
        })
        .collect())
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
