//! A large transfer through a function: nothing of it is ever sent or answered that Lambda would refuse, and it needs no more memory than
//! a part does.

use anyhow::{Result, ensure};
use send_e2e::{Claim, Folder, MIB, Memory, Sealed, Shared};

/// How much more memory a function may have while parts pass through it: an event and an answer of full size, each a few times.
const ROOM: u64 = 48 * MIB;

/// Up and down by the routes alone.
async fn in_parts(size: u64) -> Result<()> {
    let folder = Folder::new()?;
    let lambda = folder.function()?;
    let client = lambda.client()?;
    let (sealed, claim) = (Sealed::new(size)?, Claim::random()?);
    let before = lambda.memory()?;
    client.upload(&sealed, 1).await?;
    let sent = lambda.memory()?;
    client.download(&sealed, &claim).await?;
    let received = lambda.memory()?;
    show(size, before, sent, received);
    let grew = received.peak - before.resident;
    ensure!(grew < ROOM, "the function grew by {} MiB", grew / MIB);
    ensure!(lambda.refused() == 0, "Lambda would have refused something");
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "what was measured is the evidence, shown with --nocapture"
)]
fn show(size: u64, before: Memory, sent: Memory, received: Memory) {
    let [before, sent, received] =
        [before.resident, sent.peak, received.peak].map(|bytes| bytes / MIB);
    let size = size / MIB;
    println!(
        "{size} MiB in parts: resident {before} MiB before, at most {sent} while it went up, {received} in all"
    );
}

#[tokio::test]
async fn forty_mebibytes_go_up_and_down_in_parts() -> Result<()> {
    in_parts(40 * MIB).await
}

#[tokio::test]
#[ignore = "needs 1 GiB of disk and half a minute: `bash .ci/long` runs it"]
async fn a_gibibyte_goes_up_and_down_in_parts() -> Result<()> {
    in_parts(1024 * MIB).await
}
