//! The pages in a real Chromium, against the real binary: each test starts a server on a storage of its own and plays one of the stories
//! in `browser/stories`, which fails with a sentence when something is not as it should be.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use send_e2e::{Admin, Folder, MIB, Peer, S3Server, Server, Shared};

/// Plays a story on a folder; `size` is for those of one large file.
fn play(story: &str, size: u64) -> Result<()> {
    let folder = Folder::new()?;
    let storage = folder.path().display().to_string();
    play_on(&folder.server()?, story, size, &["--storage", &storage])
}

/// Plays a story on a bucket of S3, where bytes go straight both ways.
async fn play_straight(story: &str, size: u64, more: &[&str]) -> Result<()> {
    let s3 = S3Server::start(Peer::Seaweed).await?;
    let bucket = s3.bucket().await?;
    // The story's browser comes from an origin that nobody knows before.
    bucket.allow_origin("*").await?;
    let server = bucket.server_with(&[("SEND_DIRECT", "both")])?;
    let more: Vec<_> = ["--s3", s3.endpoint()]
        .iter()
        .chain(more)
        .copied()
        .collect();
    play_on(&server, story, size, &more)
}

/// Plays a story on a folder, where the server is a function of AWS Lambda.
fn play_on_lambda(story: &str, size: u64) -> Result<()> {
    let folder = Folder::new()?;
    let storage = folder.path().display().to_string();
    let lambda = folder.function()?;
    let at = (lambda.base.as_str(), lambda.pid());
    play_at(at, story, size, &["--storage", &storage])?;
    let refused = lambda.refused();
    ensure!(refused == 0, "Lambda would have refused {refused} messages");
    Ok(())
}

/// The same where a host that is not ours plays Lambda.
fn play_on_watch(story: &str, size: u64) -> Result<()> {
    let folder = Folder::new()?;
    let storage = folder.path().display().to_string();
    let watch = folder.watched()?;
    let at = (watch.base.as_str(), watch.pid());
    play_at(at, story, size, &["--storage", &storage])
}

fn play_on(server: &Server, story: &str, size: u64, more: &[&str]) -> Result<()> {
    play_at((&server.base, server.pid()), story, size, more)
}

#[expect(
    clippy::print_stdout,
    reason = "what a story saw is its evidence, shown with --nocapture"
)]
fn play_at((base, pid): (&str, u32), story: &str, size: u64, more: &[&str]) -> Result<()> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("browser/stories/{story}.js"));
    let output = Command::new("node")
        .arg(script)
        .args(["--server", base])
        .args(more)
        .args(["--pid", &pid.to_string()])
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
fn files_are_saved_where_the_person_chooses_or_among_the_downloads() -> Result<()> {
    play("picked", 0)
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

/// The user service, where sending needs a token, and the admin service beside it.
#[test]
fn an_admin_makes_a_token_sees_it_counted_and_takes_the_transfer_down() -> Result<()> {
    let folder = Folder::new()?;
    let user = Server::start(&[
        ("SEND_STORAGE", &folder.storage()),
        ("SEND_UPLOADS", "token"),
    ])?;
    let admin = Admin::start(&folder)?;
    let storage = folder.path().display().to_string();
    let base = &admin.server.base;
    let more = ["--storage", &storage, "--admin", base, "--key", admin.key()];
    play_on(&user, "admin", 0, &more)
}

#[tokio::test]
async fn parts_go_straight_to_the_storage_and_back() -> Result<()> {
    play_straight("direct", 0, &[]).await
}

#[test]
fn sixty_four_mebibytes_need_little_memory() -> Result<()> {
    play("large", 64 * MIB)
}

#[test]
fn sizes_at_the_borders_come_back_from_a_function_too() -> Result<()> {
    play_on_lambda("sizes", 0)
}

#[test]
fn every_ending_of_a_function_has_the_same_sentence() -> Result<()> {
    play_on_lambda("endings", 0)
}

#[test]
fn sixty_four_mebibytes_pass_a_function_in_parts() -> Result<()> {
    play_on_lambda("large", 64 * MIB)
}

#[test]
fn sizes_at_the_borders_pass_cargo_lambda_watch() -> Result<()> {
    play_on_watch("sizes", 0)
}

#[test]
fn fifty_files_pass_cargo_lambda_watch() -> Result<()> {
    play_on_watch("many", 0)
}

#[test]
fn every_ending_is_the_same_behind_cargo_lambda_watch() -> Result<()> {
    play_on_watch("endings", 0)
}

#[test]
#[ignore = "needs 3 GiB of disk and some minutes: `bash .ci/long` runs it"]
fn a_gibibyte_passes_a_function_in_parts() -> Result<()> {
    play_on_lambda("large", 1024 * MIB)
}

#[test]
#[ignore = "needs 3 GiB of disk and two minutes: `bash .ci/long` runs it"]
fn a_gibibyte_needs_no_more_memory() -> Result<()> {
    play("large", 1024 * MIB)
}

/// The share of the wall time that the service may compute is 2 %.
#[tokio::test]
#[ignore = "needs 15 GiB of disk and some minutes: `bash .ci/long` runs it"]
async fn five_gibibytes_go_straight_and_need_no_more_memory() -> Result<()> {
    play_straight("large", 5 * 1024 * MIB, &["--cpu", "0.02"]).await
}
