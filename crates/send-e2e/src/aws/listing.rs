//! All that is in an account and region, as a client sees it that is not ours: botocore.

use std::{collections::BTreeSet, fmt, path::Path, process::Command};

use anyhow::{Result, ensure};
use tokio::task::spawn_blocking;

use super::Aws;
use crate::{s3::peer::installed, tools::ROOT};

/// A line a thing: what it is, its name, and all that it says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing(pub BTreeSet<String>);

pub(super) async fn of(aws: &Aws, account: &str, region: &str) -> Result<Listing> {
    let text = script(aws, &["listing.py"], account, region).await?;
    Ok(Listing(text.lines().map(str::to_owned).collect()))
}

/// Runs a script of this crate's folder `aws`, with arguments, by the emulator's own Python, as the owner of an account. Tells what it printed.
pub(super) async fn script(
    aws: &Aws,
    words: &[&str],
    account: &str,
    region: &str,
) -> Result<String> {
    let mut command = Command::new(installed("python")?);
    command
        .current_dir(Path::new(ROOT).join("crates/send-e2e/aws"))
        .args(words)
        .env_clear()
        .envs([
            ("AWS_ENDPOINT_URL", aws.endpoint()),
            ("AWS_ACCESS_KEY_ID", account),
            ("AWS_SECRET_ACCESS_KEY", aws.secret()),
            ("AWS_DEFAULT_REGION", region),
        ]);
    let output = spawn_blocking(move || command.output()).await??;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{words:?}: {said}");
    Ok(String::from_utf8(output.stdout)?)
}

impl Listing {
    /// What they are and their names, without what they say of themselves.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let names = self.0.iter();
        names
            .map(|line| {
                line.split_once(" {")
                    .map_or(line.as_str(), |(name, _)| name)
            })
            .collect()
    }

    /// What says nothing of this.
    #[must_use]
    pub fn but(&self, text: &str) -> Self {
        let lines = self.0.iter().filter(|line| !line.contains(text));
        Self(lines.cloned().collect())
    }

    /// What is here and not there.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).cloned().collect())
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
