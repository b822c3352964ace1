//! The zips of the functions, of the programs that are built for the tests: they run here, as processes.

use std::{
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
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

/// A folder for `--zips`, with both programs as they are built now. It is made once for the same programs.
///
/// # Errors
/// When they are not built, or cannot be packed.
pub fn zips() -> Result<PathBuf> {
    let programs = PROGRAMS.map(binary);
    let mut hash = Sha256::new();
    for program in &programs {
        let program = program
            .as_ref()
            .map_err(|error| anyhow::anyhow!("{error:#}"))?;
        hash.update(fs::read(program)?);
    }
    let all = binary(PROGRAMS[0])?.with_file_name("zips");
    let folder = all.join(hex::encode(&hash.finalize()[..8]));
    if !folder.is_dir() {
        fs::create_dir_all(&all)?;
        remove_old(&all)?;
        pack_into(&all, &folder)?;
    }
    Ok(folder)
}

/// Several tests may do so at once: what appears is whole.
fn pack_into(all: &Path, folder: &Path) -> Result<()> {
    let making = tempfile::tempdir_in(all)?;
    for program in PROGRAMS {
        let zip = pack(&stripped(&binary(program)?)?)?;
        fs::write(making.path().join(format!("{program}.zip")), zip)?;
    }
    match fs::rename(making.path(), folder) {
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

/// A zip as Lambda takes it, the same for the same program.
///
/// # Errors
/// Never, but for want of memory.
pub fn pack(program: &[u8]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
        .unix_permissions(0o755);
    zip.start_file("bootstrap", how)?;
    zip.write_all(program)?;
    Ok(zip.finish()?.into_inner())
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
