//! What a zip was built of: version and commit.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use send_core::version::VERSION;
use serde::{Deserialize, Serialize};

/// What a zip was built of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The version that its services tell.
    pub version: String,
    /// The commit, with `-dirty` where the sources had been changed since.
    pub commit: String,
}

/// A stamp in a file of its own, beside its zip.
#[derive(Serialize, Deserialize)]
struct Label {
    /// Of the zip that it belongs to.
    sha256: String,
    #[serde(flatten)]
    stamp: Stamp,
}

impl Stamp {
    /// Of the sources in a folder, as git tells, or else a pipeline that checked them out: `GITHUB_SHA`.
    pub(super) fn of(folder: &Path) -> Result<Self> {
        // A commit even where a tag names it too.
        let describe = [
            "describe",
            "--always",
            "--dirty",
            "--abbrev=12",
            "--exclude=*",
        ];
        let git = Command::new("git")
            .current_dir(folder)
            .args(describe)
            .output();
        let commit = match git.ok().filter(|git| git.status.success()) {
            Some(git) => String::from_utf8(git.stdout)?.trim().to_owned(),
            None => env::var("GITHUB_SHA")
                .map_or_else(|_| "unknown".into(), |sha| sha.chars().take(12).collect()),
        };
        Ok(Self {
            version: VERSION.into(),
            commit,
        })
    }

    /// As a version of a function tells it: `0.1.0 0123456789ab`.
    pub(super) fn told(description: &str) -> Option<Self> {
        let (version, commit) = description.split_once(' ')?;
        Some(Self {
            version: version.into(),
            commit: commit.into(),
        })
    }

    /// What was laid beside a zip, if anything was.
    pub(super) fn beside(zip: &Path, sha256: &str) -> Result<Option<Self>> {
        let path = label(zip);
        let Ok(text) = fs::read_to_string(&path) else {
            return Ok(None);
        };
        let label: Label = serde_json::from_str(&text)
            .with_context(|| format!("{} is damaged", path.display()))?;
        ensure!(
            label.sha256 == sha256,
            "{} belongs to another zip than the one beside it: fetch both again, or remove it",
            path.display()
        );
        Ok(Some(label.stamp))
    }

    pub(super) fn lay_beside(&self, zip: &Path, sha256: &str) -> Result<()> {
        let (path, sha256) = (label(zip), sha256.to_owned());
        let stamp = self.clone();
        let text = serde_json::to_string_pretty(&Label { sha256, stamp })?;
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
    }
}

/// `bootstrap.json` beside `bootstrap.zip`.
fn label(zip: &Path) -> PathBuf {
    zip.with_extension("json")
}
