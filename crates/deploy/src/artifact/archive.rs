//! What is in a zip: a program that Lambda can run, or the sentence that says why not.

use std::io::{Cursor, Read, Write};

use anyhow::Result;
use zip::{CompressionMethod, ZipArchive, ZipWriter, result::ZipResult, write::SimpleFileOptions};

use crate::config::Architecture;

/// The program's name, which the runtime `provided.al2023` starts.
const PROGRAM: &str = "bootstrap";
/// AWS Lambda quotas: a deployment package, unzipped.
const LARGEST: u64 = 250 << 20;
/// `e_machine` in the header of an ELF file, for each architecture: the ELF specification's list of machines.
const MACHINES: [(u16, Architecture); 2] = [(183, Architecture::Arm64), (62, Architecture::X86)];

/// Whether Lambda can run it on this architecture.
pub(super) fn check(zip: &[u8], architecture: Architecture) -> Result<(), String> {
    let program = unpack(zip)?;
    let machine = machine(&program).ok_or("its bootstrap is no program for Linux with 64 bits")?;
    let found = MACHINES.iter().find(|(number, _)| *number == machine);
    match found {
        Some((_, found)) if *found == architecture => Ok(()),
        found => Err(format!(
            "it is built for {}, and the functions are to run on {}: build it for that, or say --arch, or `architecture` in the configuration",
            found.map_or("another processor", |(_, found)| found.name()),
            architecture.name()
        )),
    }
}

fn unpack(zip: &[u8]) -> Result<Vec<u8>, String> {
    let damaged = |error| format!("it is no whole zip: {error}");
    let mut archive = ZipArchive::new(Cursor::new(zip)).map_err(damaged)?;
    let names = archive
        .file_names()
        .collect::<ZipResult<Vec<_>>>()
        .map_err(damaged)?;
    if !names.iter().any(|name| name == PROGRAM) {
        return Err(format!("it holds {}, and no {PROGRAM}", names.join(", ")));
    }
    let mut entry = archive.by_name(PROGRAM).map_err(damaged)?;
    // Lambda starts it as a user that owns nothing.
    let mode = entry.unix_mode().unwrap_or_default();
    if mode & 0o005 != 0o005 {
        return Err(format!(
            "its {PROGRAM} has the mode {:o}, so Lambda may not run it: `chmod 755` before it is packed",
            mode & 0o777
        ));
    }
    if entry.size() > LARGEST {
        return Err(format!(
            "its {PROGRAM} has {} bytes, and Lambda takes {LARGEST}",
            entry.size()
        ));
    }
    let mut program = Vec::new();
    match entry.read_to_end(&mut program) {
        Ok(_) => Ok(program),
        Err(error) => Err(format!("it is no whole zip: {error}")),
    }
}

/// Which machine an ELF file of 64 bits, least byte first, is for.
fn machine(program: &[u8]) -> Option<u16> {
    let header = program.get(..20)?;
    let number = u16::from_le_bytes([header[18], header[19]]);
    header.starts_with(b"\x7fELF\x02\x01").then_some(number)
}

/// A zip as Lambda takes it, the same for the same program.
pub(super) fn pack(program: &[u8]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .unix_permissions(0o755);
    zip.start_file(PROGRAM, how)?;
    zip.write_all(program)?;
    Ok(zip.finish()?.into_inner())
}
