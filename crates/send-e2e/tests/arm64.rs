//! The user service as it is deployed: the ARM64 program, on an ARM64 processor in software, as a function of AWS Lambda. Not part of
//! `cargo test`, which builds for this machine: `bash .ci/arm64 again` runs it on what it has built.

use std::{
    env, fs,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use send_e2e::{Claim, Client, Folder, Lambda, Request, Sealed, Shared};

/// The variable that says where the program is.
const PROGRAM: &str = "SEND_ARM64_PROGRAM";
/// Debian's C library for ARM64.
const LIBRARIES: &str = "/usr/aarch64-linux-gnu";
/// Two parts of full size, and some of a third.
const SIZE: u64 = 9_000_000;
/// Where the head of a program says for which processor it is, and the number of ARM64: ELF for the Arm 64-bit Architecture, `EM_AARCH64`.
const MACHINE: (usize, [u8; 2]) = (18, [183, 0]);
/// How long it may take to end: all that it does takes ten times as long as on a processor.
const PATIENCE: Duration = Duration::from_secs(10);

/// The program, if it is one for ARM64.
fn program() -> Result<PathBuf> {
    let why = || format!("{PROGRAM} does not say where the program is: run `bash .ci/arm64 again`");
    let path = PathBuf::from(env::var_os(PROGRAM).with_context(why)?);
    let (at, number) = MACHINE;
    let head = fs::read(&path).with_context(|| path.display().to_string())?;
    ensure!(
        head.get(at..at + number.len()) == Some(&number),
        "{} is not for ARM64",
        path.display()
    );
    Ok(path)
}

/// Starts it as a function to which anyone may send.
fn start(folder: &Folder) -> Result<Lambda> {
    let mut emulated = Command::new("qemu-aarch64-static");
    emulated.args(["-L", LIBRARIES]).arg(program()?);
    let own = folder.variables();
    let own = own.iter().map(|(name, value)| (*name, value.as_str()));
    let variables: Vec<_> = own.chain([("SEND_UPLOADS", "open")]).collect();
    Lambda::start_commands([emulated], &variables)
}

async fn pages(client: &Client) -> Result<()> {
    let health = client
        .demand(Request::new("GET", "/info/health"), 200)
        .await?;
    ensure!(health.json()?["status"] == "ok", "{health:?}");
    let page = client.demand(Request::new("GET", "/"), 200).await?;
    ensure!(page.body.starts_with(b"<!doctype html>"), "{page:?}");
    client.demand(Request::new("GET", "/nowhere"), 404).await?;
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "what was measured is the evidence, shown with --nocapture"
)]
fn show(what: &str, since: Instant) {
    println!("{what}: {} ms", since.elapsed().as_millis());
}

#[tokio::test]
async fn the_function_that_is_deployed_sends_and_receives() -> Result<()> {
    let folder = Folder::new()?;
    let since = Instant::now();
    let lambda = start(&folder)?;
    show("started", since);
    let client = lambda.client()?;
    pages(&client).await?;
    let (sealed, claim) = (Sealed::new(SIZE)?, Claim::random()?);
    let since = Instant::now();
    client.upload(&sealed, 1).await?;
    show("three parts up", since);
    let since = Instant::now();
    client.download(&sealed, &claim).await?;
    show("three parts down, opened", since);
    client.demand(sealed.claim(&Claim::random()?), 410).await?;
    ensure!(lambda.refused() == 0, "Lambda would have refused something");
    let lines = lambda.logged(r#""route":"/api/v1/sends/{id}/parts/{part}""#);
    ensure!(lines.len() == 6, "{} lines of six parts", lines.len());
    lambda.terminate()?;
    let ended = lambda.wait(PATIENCE)?;
    ensure!(ended.success(), "ended with {ended}");
    Ok(())
}
