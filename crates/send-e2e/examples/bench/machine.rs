//! What the figures were measured on.

use std::{fs, thread};

use anyhow::Result;

/// Processor, cores, memory, kernel.
pub(crate) fn describe() -> Result<String> {
    let cpu = field("/proc/cpuinfo", "model name")?;
    let memory = field("/proc/meminfo", "MemTotal")?;
    let kib: u64 = memory.trim_end_matches(" kB").parse()?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    Ok(format!(
        "{cpu}, {} cores, {} GiB, Linux {}",
        thread::available_parallelism()?,
        (kib + (1 << 19)) >> 20,
        kernel.trim(),
    ))
}

/// The first value of a name in a file of lines such as `name : value`.
fn field(file: &str, name: &str) -> Result<String> {
    let text = fs::read_to_string(file)?;
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    let value = value
        .unwrap_or("unknown")
        .trim_start_matches([':', ' ', '\t']);
    Ok(value.trim().to_owned())
}
