//! Programs of somebody else that the tests run.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

/// The root of the repository.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A program below the root of the repository, where `.ci/run` installs it.
///
/// # Errors
/// When it is not there; the sentence says `how` to install it.
pub(crate) fn installed(path: &str, how: &str) -> Result<PathBuf> {
    let program = Path::new(ROOT).join(path);
    ensure!(
        program.is_file(),
        "{} is missing: in the root of the repository, {how}, or run `bash .ci/run`, which does",
        program.display()
    );
    Ok(program)
}
