//! How much memory a process has, as Linux tells it.

use std::fs;

use anyhow::{Context, Result};

/// The memory of a process, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Resident now (`VmRSS`).
    pub resident: u64,
    /// The most that was ever resident, or since [`Memory::forget_peak`] (`VmHWM`).
    pub peak: u64,
}

impl Memory {
    /// Of the process with this id.
    ///
    /// # Errors
    /// When there is no such process, or no `/proc`.
    pub fn of(pid: u32) -> Result<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        Ok(Self {
            resident: bytes_of(&status, "VmRSS:")?,
            peak: bytes_of(&status, "VmHWM:")?,
        })
    }

    /// Lets the peak of a process begin anew.
    ///
    /// # Errors
    /// When there is no such process, or it is another user's.
    pub fn forget_peak(pid: u32) -> Result<()> {
        // "5" resets the peak of the resident set: `man proc_pid_clear_refs`.
        Ok(fs::write(format!("/proc/{pid}/clear_refs"), "5")?)
    }
}

/// The value of a line such as `VmRSS:      6104 kB`.
fn bytes_of(status: &str, name: &str) -> Result<u64> {
    let value = status.lines().find_map(|line| line.strip_prefix(name));
    let value = value.with_context(|| format!("no {name} in /proc"))?;
    let kib: u64 = value.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024)
}
