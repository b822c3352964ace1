//! The pages in a real Chromium, against the real binary: each test starts a server on a folder of its own and plays one of the stories
//! in `browser/stories`, which fails with a sentence when something is not as it should be.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use send_e2e::{Folder, MIB};

/// Plays a story; `size` is for those of one large file.
#[expect(
    clippy::print_stdout,
    reason = "what a story saw is its evidence, shown with --nocapture"
)]
fn play(story: &str, size: u64) -> Result<()> {
    let folder = Folder::new()?;
    let server = folder.server()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("browser/stories/{story}.js"));
    let output = Command::new("node")
        .arg(script)
        .args(["--server", &server.base, "--storage"])
        .arg(folder.path())
        .args(["--pid", &server.pid().to_string()])
        .args(["--size", &size.to_string()])
        .output()
        .context("Node is needed, version 20 or newer: `apt-get install nodejs`")?;
    let seen = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    println!("{story}:\n{seen}");
    ensure!(output.status.success(), "{story}: {wrong}");
    ensure!(!seen.is_empty(), "{story} checked nothing");
    Ok(())
}

#[test]
fn sizes_at_the_borders_come_back_identical_and_nothing_is_told() -> Result<()> {
    play("sizes", 0)
}

#[test]
fn fifty_files_come_back_as_one_zip_and_one_by_one() -> Result<()> {
    play("many", 0)
}

#[test]
fn dropped_and_pasted_files_are_sent() -> Result<()> {
    play("hands", 0)
}

#[test]
fn every_ending_has_a_sentence_of_its_own_and_looking_costs_nothing() -> Result<()> {
    play("endings", 0)
}

#[test]
fn what_breaks_goes_on_and_counts_once() -> Result<()> {
    play("broken", 0)
}

#[test]
fn a_page_over_plain_http_says_what_is_missing() -> Result<()> {
    play("plain-http", 0)
}

#[test]
fn sixty_four_mebibytes_need_little_memory() -> Result<()> {
    play("large", 64 * MIB)
}

#[test]
#[ignore = "needs 3 GiB of disk and two minutes: `bash .ci/long` runs it"]
fn a_gibibyte_needs_no_more_memory() -> Result<()> {
    play("large", 1024 * MIB)
}
