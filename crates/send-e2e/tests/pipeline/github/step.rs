//! One step that runs a shell, and what it tells later ones.

use std::{
    collections::BTreeMap,
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// A machine that runs the steps of one job: sources that are checked out, and a folder for what GitHub keeps beside them.
#[derive(Debug)]
pub(crate) struct Machine {
    sources: PathBuf,
    beside: TempDir,
    /// What every step finds in its environment.
    environment: BTreeMap<String, String>,
}

/// What a step came to.
#[derive(Debug)]
pub(crate) struct Told {
    /// Whether it ended well.
    pub(crate) well: bool,
    /// What it printed, on both outputs.
    pub(crate) log: String,
    /// `GITHUB_OUTPUT`
    pub(crate) outputs: BTreeMap<String, String>,
    /// `GITHUB_ENV`
    pub(crate) later: BTreeMap<String, String>,
}

impl Machine {
    /// One with these sources.
    pub(crate) fn new(sources: &Path) -> Result<Self> {
        Ok(Self {
            sources: sources.to_owned(),
            beside: tempfile::tempdir()?,
            environment: BTreeMap::new(),
        })
    }

    /// With a variable in the environment of every step.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// With a folder whose programs are found before all others.
    pub(crate) fn with_programs(self, folder: &Path) -> Self {
        let path = format!("{}:{}", folder.display(), path());
        self.with("PATH", &path)
    }

    /// `RUNNER_TEMP`
    pub(crate) fn temporary(&self) -> PathBuf {
        self.beside.path().join("temp")
    }

    /// What was written on the page of the run.
    pub(crate) fn page(&self) -> String {
        fs::read_to_string(self.file("summary")).unwrap_or_default()
    }

    /// Runs commands as GitHub runs those of a step whose shell is bash.
    pub(crate) fn run(&self, commands: &str, variables: &BTreeMap<String, String>) -> Result<Told> {
        let script = self.file("script");
        fs::write(&script, commands)?;
        fs::create_dir_all(self.temporary())?;
        for name in ["output", "env"] {
            fs::write(self.file(name), "")?;
        }
        let said = File::create(self.file("log"))?;
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(script);
        bash.current_dir(&self.sources)
            .env_clear()
            .stdin(Stdio::null());
        bash.stdout(said.try_clone()?).stderr(said);
        bash.env("PATH", path()).env("HOME", self.beside.path());
        bash.env("GITHUB_OUTPUT", self.file("output"));
        bash.env("GITHUB_ENV", self.file("env"));
        bash.env("GITHUB_STEP_SUMMARY", self.file("summary"));
        bash.env("RUNNER_TEMP", self.temporary());
        let status = bash.envs(&self.environment).envs(variables).status()?;
        Ok(Told {
            well: status.success(),
            log: fs::read_to_string(self.file("log"))?,
            outputs: self.told("output")?,
            later: self.told("env")?,
        })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.beside.path().join(name)
    }

    /// `NAME=VALUE` lines; GitHub knows a form for several lines too, which nothing here uses.
    fn told(&self, name: &str) -> Result<BTreeMap<String, String>> {
        let told = fs::read_to_string(self.file(name))?;
        let pairs = told.lines().map(|line| {
            let (name, value) = line.split_once('=').with_context(|| line.to_owned())?;
            Ok((name.to_owned(), value.to_owned()))
        });
        pairs.collect()
    }
}

fn path() -> String {
    env::var("PATH").unwrap_or_default()
}
