//! The sources of the services, and what is built of them.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{archive, zip_in};
use crate::{config::Architecture, names::App};

/// What the services are made of: manifests, crates, pages.
const SOURCES: [&str; 10] = [
    "Cargo.toml",
    "Cargo.lock",
    "crates/storage",
    "crates/send-core",
    "crates/send-user",
    "crates/send-admin",
    "ui/admin",
    "ui/docs",
    "ui/shared",
    "ui/user",
];
/// What no service is made of, wherever it is.
const ASIDE: [&str; 4] = ["tests", "examples", "target", "node_modules"];

/// The folder of the sources, and that of what is built.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Workspace {
    /// The folder of the sources.
    #[serde(rename = "workspace_root")]
    pub(super) root: PathBuf,
    /// The folder of what is built.
    #[serde(rename = "target_directory")]
    pub(super) target: PathBuf,
}

impl Workspace {
    /// That of the current folder, as cargo tells.
    pub(super) fn here() -> Result<Self> {
        let metadata = ["metadata", "--no-deps", "--format-version=1", "--offline"];
        let cargo = Command::new("cargo").args(metadata).output();
        let cargo = cargo.context("cargo is not there, which builds it (https://rustup.rs)")?;
        if !cargo.status.success() {
            let said = String::from_utf8_lossy(&cargo.stderr);
            bail!("no sources are here ({})", said.trim());
        }
        let workspace: Self = serde_json::from_slice(&cargo.stdout).context("cargo metadata")?;
        let ours = workspace.root.join("crates/send-user/Cargo.toml");
        if !ours.is_file() {
            bail!("{} does not hold its sources", workspace.root.display());
        }
        Ok(workspace)
    }

    /// Where the zip of a service lies. Those that are not for ARM64 are not made by cargo-lambda, and lie elsewhere.
    pub(super) fn zip(&self, app: App, architecture: Architecture) -> PathBuf {
        let folder = match architecture {
            Architecture::Arm64 => "lambda",
            Architecture::X86 => "lambda-x86_64",
        };
        zip_in(&self.target.join(folder), app)
    }

    /// Why zips must be built anew, if they must.
    pub(super) fn stale(&self, architecture: Architecture) -> Result<Option<String>> {
        let newest = self.newest()?;
        for app in App::ALL {
            let (zip, program) = (self.zip(app, architecture), app.program());
            let Ok(built) = modified(&zip) else {
                return Ok(Some(format!(
                    "there is no zip of {program} for {}",
                    architecture.name()
                )));
            };
            if let Some((path, changed)) = &newest
                && *changed > built
            {
                let path = path.strip_prefix(&self.root).unwrap_or(path);
                return Ok(Some(format!(
                    "{} is newer than the zip of {program}",
                    path.display()
                )));
            }
            if let Err(why) = archive::check(&fs::read(&zip)?, architecture) {
                return Ok(Some(format!("the zip of {program} will not do: {why}")));
            }
        }
        Ok(None)
    }

    /// The source that was changed last. A folder counts too: it tells what was removed.
    fn newest(&self) -> Result<Option<(PathBuf, SystemTime)>> {
        let mut left: Vec<_> = SOURCES
            .iter()
            .map(|source| self.root.join(source))
            .collect();
        let mut newest: Option<(PathBuf, SystemTime)> = None;
        while let Some(path) = left.pop() {
            let changed = modified(&path)?;
            if path.is_dir() {
                for entry in fs::read_dir(&path)? {
                    left.extend(Some(entry?.path()).filter(|path| counts(path)));
                }
            }
            if newest.as_ref().is_none_or(|(_, time)| changed > *time) {
                newest = Some((path, changed));
            }
        }
        Ok(newest)
    }
}

fn counts(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    !name.starts_with('.') && !ASIDE.contains(&name)
}

fn modified(path: &Path) -> Result<SystemTime> {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    modified.with_context(|| path.display().to_string())
}
