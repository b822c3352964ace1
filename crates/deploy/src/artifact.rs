//! The zips of the functions: where they are, whether they are what Lambda can run, and what they were built of.

mod archive;
mod build;
mod fetch;
mod stamp;
#[cfg(test)]
mod tests;
mod workspace;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{config::Architecture, names::App, release::Release, secret::sha256};

pub use fetch::fetch;
pub use stamp::Stamp;
use workspace::Workspace;

/// How to make zips, for whoever has none.
const HOW: &str = "`cargo lambda build` makes it (`pip install cargo-lambda`, `rustup target add aarch64-unknown-linux-gnu`), \
                   or --zips names a folder that has it";

/// Where zips come from.
#[derive(Clone, Debug)]
enum Source {
    /// A folder of zips that are taken as they are: `send-user/bootstrap.zip` or `send-user.zip`.
    Given(PathBuf),
    /// The sources, by way of what was built of them.
    Built(Workspace),
}

/// There is no zip to take, which who only looks can do without.
#[derive(Debug, thiserror::Error)]
pub enum NoZip {
    /// It is in none of the places where it could be.
    #[error("there is no zip of {0}: {1} is not there. {HOW}")]
    NotThere(String, String),
    /// Nor is there anything that it could be built of.
    #[error("{0:#}")]
    NoSources(anyhow::Error),
}

/// Builds the zips of both services from the sources here, where those changed since; says so on standard error.
///
/// # Errors
/// When a tool is missing, or the sources do not compile.
pub fn build(architecture: Architecture) -> Result<()> {
    let workspace = Workspace::here()?;
    let Some(why) = workspace.stale(architecture)? else {
        return Ok(());
    };
    writeln!(io::stderr(), "Building, since {why}")?;
    build::run(&workspace, architecture)
}

/// Why [`build`] would build, if it would.
///
/// # Errors
/// When there are no sources here.
pub fn stale(architecture: Architecture) -> Result<Option<String>> {
    Workspace::here()?.stale(architecture)
}

/// The zip of a service, from `zips` or else as it was built.
///
/// # Errors
/// When it is not there, or not what Lambda can run.
pub fn release(app: App, architecture: Architecture, zips: Option<&Path>) -> Result<Release> {
    let source = match zips {
        Some(folder) => Source::Given(folder.to_owned()),
        None => Source::Built(Workspace::here().map_err(NoZip::NoSources)?),
    };
    source.read(app, architecture)
}

impl Source {
    fn read(&self, app: App, architecture: Architecture) -> Result<Release> {
        let path = self.path(app, architecture)?;
        let zip = fs::read(&path).with_context(|| path.display().to_string())?;
        if let Err(why) = archive::check(&zip, architecture) {
            bail!("{}: {why}", path.display());
        }
        let sha256 = sha256(&zip);
        let Stamp { version, commit } = self.stamp(&path, &sha256)?;
        Ok(Release {
            zip,
            sha256,
            version,
            commit,
        })
    }

    fn stamp(&self, path: &Path, sha256: &str) -> Result<Stamp> {
        match self {
            Self::Given(_) => match Stamp::beside(path, sha256)? {
                Some(stamp) => Ok(stamp),
                None => Stamp::of(Path::new(".")),
            },
            Self::Built(workspace) => Stamp::of(&workspace.root),
        }
    }

    fn path(&self, app: App, architecture: Architecture) -> Result<PathBuf> {
        let program = app.program();
        let ways = match self {
            Self::Given(folder) => vec![zip_in(folder, app), folder.join(format!("{program}.zip"))],
            Self::Built(workspace) => vec![workspace.zip(app, architecture)],
        };
        if let Some(path) = ways.iter().find(|path| path.is_file()) {
            return Ok(path.clone());
        }
        let ways: Vec<_> = ways.iter().map(|path| path.display().to_string()).collect();
        Err(NoZip::NotThere(program, ways.join(" or ")).into())
    }
}

/// Where a zip lies, as cargo-lambda lays it.
fn zip_in(folder: &Path, app: App) -> PathBuf {
    folder.join(app.program()).join("bootstrap.zip")
}

/// Lays a zip with what it was built of where `--zips` finds both.
fn keep(folder: &Path, app: App, zip: &[u8], stamp: &Stamp) -> Result<PathBuf> {
    let path = zip_in(folder, app);
    let written = || -> io::Result<()> {
        fs::create_dir_all(folder.join(app.program()))?;
        fs::write(&path, zip)
    };
    written().with_context(|| format!("{} cannot be written", path.display()))?;
    stamp.lay_beside(&path, &sha256(zip))?;
    Ok(path)
}
