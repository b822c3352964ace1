//! What most tests here begin with.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::github::{Machine, Told, root};

/// A repository with the pipelines of this one, and a remote of its own. It has one commit, which is pushed.
#[derive(Debug)]
pub(crate) struct Repository {
    folder: TempDir,
}

/// A clone of it, as a job checks it out.
#[derive(Debug)]
pub(crate) struct Clone {
    /// Where it is.
    pub(crate) path: PathBuf,
    _folder: TempDir,
}

impl Repository {
    pub(crate) fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        git(
            folder.path(),
            "init --quiet --bare --initial-branch=dev remote",
        )?;
        let first = Clone::of(folder.path(), "")?;
        for part in [".github", "crates/deploy/config"] {
            copy(&root().join(part), &first.path.join(part))?;
        }
        first.commit("the pipelines")?;
        Ok(Self { folder })
    }

    /// With all commits and tags.
    pub(crate) fn clone(&self) -> Result<Clone> {
        Clone::of(self.folder.path(), "")
    }

    /// As GitHub's checkout does it: the last commit alone, and no tags.
    pub(crate) fn checkout(&self) -> Result<Clone> {
        Clone::of(self.folder.path(), "--depth=1 --no-tags")
    }

    /// The tags of the remote, in the order of their versions.
    pub(crate) fn tags(&self) -> Result<String> {
        let tags = git(
            &self.folder.path().join("remote"),
            "tag --sort=version:refname",
        )?;
        Ok(tags.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl Clone {
    fn of(folder: &Path, how: &str) -> Result<Self> {
        let own = tempfile::tempdir()?;
        // A path would be copied, however deep.
        let remote = format!("file://{}/remote", folder.display());
        git(own.path(), &format!("clone --quiet {how} {remote} sources"))?;
        let path = own.path().join("sources");
        Ok(Self { path, _folder: own })
    }

    /// Commits all that is there, and pushes it.
    pub(crate) fn commit(&self, subject: &str) -> Result<()> {
        fs::write(self.path.join("subject"), subject)?;
        self.git("add --all")?;
        self.git("commit --quiet --message=change")?;
        self.git("push --quiet origin HEAD:dev").map(drop)
    }

    /// What git says to these words.
    pub(crate) fn git(&self, words: &str) -> Result<String> {
        git(&self.path, words)
    }

    /// A machine that has it.
    pub(crate) fn machine(&self) -> Result<Machine> {
        Machine::new(&self.path)
    }
}

/// Runs one of the scripts of the pipelines as a step.
pub(crate) fn script(machine: &Machine, words: &str) -> Result<Told> {
    machine.run(&format!(".github/scripts/{words}"), &BTreeMap::new())
}

/// A program that says with which words it was called, on standard error, and then does as it is told: it stands in for one of somebody else.
pub(crate) fn stand_in(folder: &Path, name: &str, does: &str) -> Result<()> {
    let path = folder.join(name);
    let says =
        format!("#!/bin/bash\nprintf '{name}' >&2\nprintf ' %q' \"$@\" >&2\necho >&2\n{does}\n");
    fs::write(&path, says)?;
    Ok(fs::set_permissions(
        path,
        fs::Permissions::from_mode(0o755),
    )?)
}

fn git(folder: &Path, words: &str) -> Result<String> {
    let mut git = Command::new("git");
    git.current_dir(folder).args(words.split_whitespace());
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), "tests")
            .env(format!("GIT_{who}_EMAIL"), "tests@localhost");
    }
    let output = git.output().context("git is missing")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git {words}: {said}");
    Ok(String::from_utf8(output.stdout)?)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (entry, to) = (entry?.path(), to);
        let to = to.join(entry.file_name().context("no name")?);
        if entry.is_dir() {
            copy(&entry, &to)?;
        } else {
            fs::copy(&entry, to)?;
        }
    }
    Ok(())
}
