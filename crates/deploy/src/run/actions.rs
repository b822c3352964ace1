//! Each action of the command line, in one region.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use anyhow::{Result, ensure};

use super::{End, place::Place};
use crate::{
    artifact::{self, Stamp},
    cli::{Action, Cli},
    logs::{self, Form},
    policy::deployer,
    report::Report,
    smoke::{AdminKey, Shown},
    stack::Plan,
    status,
};

/// Does it.
pub(super) async fn act(cli: &Cli, place: &Place, report: &dyn Report) -> Result<End> {
    let here = &place.deployment;
    match cli.action() {
        Action::Up => up(place, report).await?,
        Action::Plan => {
            let plan = here.plan(report).await?;
            return Ok(if tell(cli, place, &plan, report)? == 0 {
                End::Well
            } else {
                End::Planned(plan.len())
            });
        }
        Action::Verify => {
            let plan = here.verify(report).await?;
            return Ok(if tell(cli, place, &plan, report)? == 0 {
                End::Well
            } else {
                End::Differs(plan.len())
            });
        }
        Action::LockDown => here.lock_down(report).await?,
        Action::Status => status::tell(here, report).await?,
        Action::Smoke => {
            here.plan(report).await?;
            say_shown(here.smoke(&place.sender, report).await?, report);
        }
        Action::Rollback { to } => here.rollback(to, report).await?,
        Action::Logs { follow, since } => {
            let form = if cli.options.json {
                Form::Json
            } else {
                Form::Plain
            };
            logs::tail(&here.at, &here.apps, since, follow, form).await?;
        }
        Action::Down { .. } => here.down(report).await?,
        Action::RoundTrip { with_data } => round_trip(place, with_data, report).await?,
        Action::Policy => print(&serde_json::to_string_pretty(
            &deployer::policy(&here.at.names).to_json(),
        )?)?,
        Action::Fetch { folder } => fetch(place, &folder, report).await?,
        Action::Cost(_) | Action::Build => {}
    }
    Ok(End::Well)
}

async fn up(place: &Place, report: &dyn Report) -> Result<()> {
    let upped = place.deployment.up(&place.sender, report).await;
    // What did not work may still have been deployed with it.
    if let Some(key) = place.deployment.made_key.get() {
        show_once(&key, report)?;
    }
    let upped = upped?;
    if !upped.plan.is_empty() {
        say_shown(upped.shown, report);
    }
    Ok(())
}

fn say_shown(shown: Shown, report: &dyn Report) {
    match shown {
        Shown::Transfer => {
            report.say("A sealed file went up and down by the public door, once and not twice")
        }
        Shown::Health => report.say("The services answer"),
    }
}

/// Up, shown to work, down, nothing left; and all of it once more, since what a first round leaves shows in a second.
async fn round_trip(place: &Place, with_data: bool, report: &dyn Report) -> Result<()> {
    let here = &place.deployment;
    let left = here.left(report).await?;
    ensure!(
        left.is_empty() || with_data,
        "A round trip removes the stage, and {} is there: add --with-data if it may go",
        left.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    );
    for round in 1..=2 {
        report.say(&format!("Round {round} of 2"));
        up(place, report).await?;
        here.down(report).await?;
        let left = here.left(report).await?;
        ensure!(left.is_empty(), "Left behind: {left:?}");
        report.say("Nothing is left");
    }
    Ok(())
}

/// The zips that serve now, where another stage's `--zips` finds them.
async fn fetch(place: &Place, folder: &Path, report: &dyn Report) -> Result<()> {
    for &app in &place.deployment.apps {
        let (file, Stamp { version, commit }) =
            artifact::fetch(&place.deployment.at, app, folder).await?;
        report.say(&format!("{}: {version} {commit}", file.display()));
    }
    Ok(())
}

/// Tells what differs, of how many resources, and that it will be otherwise where sources changed.
fn tell(cli: &Cli, place: &Place, plan: &Plan, report: &dyn Report) -> Result<usize> {
    if cli.options.zips.is_none()
        && let Some(why) = artifact::stale(place.deployment.at.config.architecture)?
    {
        report.say(&format!("`up` builds first, since {why}"));
    }
    plan.tell(report);
    Ok(plan.len())
}

/// The one time that it is told; never into a file or a pipeline's log.
fn show_once(key: &AdminKey, report: &dyn Report) -> Result<()> {
    if !io::stderr().is_terminal() {
        report.say(
            "Nobody knows the admin key: none was given, so a random one was deployed, and this is no terminal to show it on. Set SEND_ADMIN_KEY \
             and run this again to sign in",
        );
        return Ok(());
    }
    writeln!(
        io::stderr(),
        "\n  The admin key, told this once: {}\n  Keep it, and set SEND_ADMIN_KEY to it where you deploy.\n",
        key.reveal()
    )?;
    Ok(())
}

fn print(text: &str) -> Result<()> {
    writeln!(io::stdout(), "{text}")?;
    Ok(())
}
