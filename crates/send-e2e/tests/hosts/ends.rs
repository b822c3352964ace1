//! How a function is ended: as Lambda ends it before it takes an environment away.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use send_e2e::{Admin, Folder, Lambda, Shared};
use tokio::time::sleep;

use crate::story::get;

/// How long a function may take to end when it has nothing to do.
const AT_ONCE: Duration = Duration::from_secs(1);

/// An admin service as a function: it takes a second to refuse a wrong key.
pub(crate) fn admin(folder: &Folder) -> Result<Lambda> {
    let mut variables = folder.variables();
    variables.push(Admin::variable());
    let variables = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()));
    Lambda::start_program("send-admin", &variables.collect::<Vec<_>>())
}

/// Waits until a function has said this so often in its log, which is read beside its answers.
pub(crate) async fn says(lambda: &Lambda, text: &str, times: usize) -> Result<()> {
    let since = Instant::now();
    while lambda.logged(text).len() < times {
        ensure!(since.elapsed() < AT_ONCE, "it does not say {text}");
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

#[tokio::test]
async fn a_function_with_nothing_to_do_ends_at_once() -> Result<()> {
    for asked in [false, true] {
        let lambda = Lambda::start(&[])?;
        if asked {
            lambda.client()?.demand(get("/info/health"), 200).await?;
        }
        lambda.terminate()?;
        let status = lambda.wait(AT_ONCE)?;
        ensure!(status.success(), "{status}");
        says(&lambda, "stopping", 1).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_event_that_is_being_answered_is_answered_first() -> Result<()> {
    let folder = Folder::new()?;
    let lambda = admin(&folder)?;
    let client = lambda.client()?;
    let wrong = get("/tokens/list").with_header("x-api-key", "wrong");
    let asked = tokio::spawn(async move { client.send(wrong).await });
    sleep(Duration::from_millis(300)).await;
    lambda.terminate()?;
    sleep(Duration::from_millis(100)).await;
    ensure!(
        !asked.is_finished(),
        "it was answered too soon to show anything"
    );
    let answer = asked.await??;
    ensure!(answer.status == 401, "{}", answer.status);
    let status = lambda.wait(AT_ONCE)?;
    ensure!(status.success(), "{status}");
    Ok(())
}
