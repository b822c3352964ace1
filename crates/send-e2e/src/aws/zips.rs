//! The zips of the functions, of the programs that are built for the tests: they run here, as processes.

use std::{
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::server::binary;

/// The programs that are functions.
const PROGRAMS: [&str; 2] = ["send-user", "send-admin"];
/// What a test that runs now may still use is not that old.
const OLD: Duration = Duration::from_secs(24 * 3_600);
/// This machine's processor, as `--arch` names it.
pub const ARCHITECTURE: &str = if cfg!(target_arch = "aarch64") {
    "arm64"
} else {
    "x86_64"
};

/// A folder for `--zips`, with both programs as they are built now, of the commit `first`. It is made once for the same programs.
///
/// # Errors
/// When they are not built, or cannot be packed.
pub fn zips() -> Result<PathBuf> {
    let mut hash = Sha256::new();
    for program in PROGRAMS {
        hash.update(fs::read(binary(program)?)?);
    }
    let all = binary(PROGRAMS[0])?.with_file_name("zips");
    let folder = all.join(hex::encode(&hash.finalize()[..8]));
    if !folder.is_dir() {
        fs::create_dir_all(&all)?;
        remove_old(&all)?;
        let making = tempfile::tempdir_in(&all)?;
        for program in PROGRAMS {
            lay(making.path(), program, &zip_of(program, None)?, "first")?;
        }
        appear(making.path(), &folder)?;
    }
    Ok(folder)
}

/// A folder for `--zips` with other zips of both services, of the same programs: `note` makes them others, and is their commit.
///
/// # Errors
/// As [`zips`].
pub fn other_zips(note: &str) -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    for program in PROGRAMS {
        lay(folder.path(), program, &zip_of(program, Some(note))?, note)?;
    }
    Ok(folder)
}

/// The same with this as the zip of the user service.
///
/// # Errors
/// As [`zips`].
pub fn zips_with(user: &[u8], note: &str) -> Result<TempDir> {
    let folder = other_zips(note)?;
    lay(folder.path(), PROGRAMS[0], user, note)?;
    Ok(folder)
}

/// The zip of a program that is built for the tests, as Lambda takes it; the file `note` beside the program holds the note.
///
/// # Errors
/// When it is not built, or cannot be packed.
pub fn zip_of(program: &str, note: Option<&str>) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
        .unix_permissions(0o755);
    zip.start_file("bootstrap", how)?;
    zip.write_all(&stripped(&binary(program)?)?)?;
    if let Some(note) = note {
        zip.start_file("note", how)?;
        zip.write_all(note.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A zip, and beside it what it was built of.
fn lay(folder: &Path, program: &str, zip: &[u8], commit: &str) -> Result<()> {
    let sha256 = hex::encode(Sha256::digest(zip));
    let label = json!({ "sha256": sha256, "version": "0.0.0", "commit": commit });
    fs::write(folder.join(format!("{program}.zip")), zip)?;
    fs::write(folder.join(format!("{program}.json")), label.to_string())?;
    Ok(())
}

/// Several tests may make it at once: what appears is whole.
fn appear(made: &Path, folder: &Path) -> Result<()> {
    match fs::rename(made, folder) {
        // Another was first, and made the same.
        Err(_) if folder.is_dir() => Ok(()),
        other => Ok(other?),
    }
}

/// Without what only a debugger reads, which is two thirds of it.
fn stripped(program: &Path) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let stripped = folder.path().join("stripped");
    let mut strip = Command::new("strip");
    strip.arg("-o").arg(&stripped).arg(program);
    let status = strip.status().context("strip, of binutils, is missing")?;
    ensure!(status.success(), "{strip:?}: {status}");
    Ok(fs::read(&stripped)?)
}

fn remove_old(all: &Path) -> Result<()> {
    for folder in fs::read_dir(all)? {
        let folder = folder?;
        let age = folder.metadata()?.modified()?.elapsed().unwrap_or_default();
        if age > OLD {
            fs::remove_dir_all(folder.path())?;
        }
    }
    Ok(())
}
