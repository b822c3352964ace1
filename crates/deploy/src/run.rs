//! From the command line to what is done: in each region, side by side.

mod actions;
mod place;

use std::{
    collections::BTreeMap,
    env,
    io::{self, Write},
    process::ExitCode,
};

use anyhow::Result;
use futures::future::join_all;

use crate::{
    artifact,
    cli::{self, Action, Cli},
    config::{self, Config},
    cost,
    report::{Desk, Summary},
};

/// How an action ended, where it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Well,
    /// So many resources would be changed.
    Planned(usize),
    /// So many are not as they should be.
    Differs(usize),
}

/// Does what the command line says. Tells how the process should end.
///
/// # Errors
/// Before anything is asked of AWS: when the configuration is refused, or nobody confirms.
pub async fn run(cli: &Cli) -> Result<ExitCode> {
    let options = &cli.options;
    let variable = |name: &str| env::var(name).ok();
    let configs = config::read(cli.stage, &options.files(), variable, &options.flags())?;
    // Regions differ in nothing that matters before any of them is asked.
    if let Some(config) = configs.first() {
        if let Action::Cost(traffic) = cli.action() {
            writeln!(io::stdout(), "{}", cost::month(config, &traffic)?)?;
            return Ok(ExitCode::SUCCESS);
        }
        cli::confirm(cli)?;
        if builds(cli) {
            artifact::build(config.architecture)?;
        }
        if cli.action() == Action::Build {
            return Ok(ExitCode::SUCCESS);
        }
    }
    let desk = Desk::open(cli, configs.len() > 1);
    let ends = join_all(configs.iter().map(|config| in_region(cli, config, &desk))).await;
    let summaries: Vec<_> = ends.iter().map(|(_, summary)| summary.clone()).collect();
    // What was printed is for a program to read, and nothing beside it.
    let printed = cli.action() == Action::Policy;
    if !printed || summaries.iter().any(|summary| summary.error.is_some()) {
        desk.close(&summaries)?;
    }
    Ok(code(&ends))
}

/// The worst of all regions: 1 for what failed or differs, 2 for what would be changed.
fn code(ends: &[(Option<End>, Summary)]) -> ExitCode {
    let any = |wanted: fn(Option<End>) -> bool| ends.iter().any(|(end, _)| wanted(*end));
    if any(|end| matches!(end, None | Some(End::Differs(_)))) {
        ExitCode::from(1)
    } else if any(|end| matches!(end, Some(End::Planned(_)))) {
        ExitCode::from(2)
    } else {
        ExitCode::SUCCESS
    }
}

async fn in_region(cli: &Cli, config: &Config, desk: &Desk) -> (Option<End>, Summary) {
    let region = config.region.clone().unwrap_or_default();
    let place = match place::of(cli, config).await {
        Ok(place) => place,
        Err(error) => {
            let report = desk.region(&region);
            return (
                None,
                report.summary(
                    cli,
                    0,
                    BTreeMap::new(),
                    BTreeMap::new(),
                    Some(format!("{error:#}")),
                ),
            );
        }
    };
    let report = desk.region(&place.deployment.at.names.region);
    let ended = actions::act(cli, &place, &report).await;
    let (end, error) = match ended {
        Ok(end) => (Some(end), None),
        Err(error) => (None, Some(format!("{error:#}"))),
    };
    let drift = match end {
        Some(End::Planned(some) | End::Differs(some)) => some,
        Some(End::Well) | None => 0,
    };
    let (calls, urls) = (place.deployment.at.cloud.calls.counts(), place.urls());
    (end, report.summary(cli, drift, urls, calls, error))
}

/// Whether what is deployed is built first, where it must be.
fn builds(cli: &Cli) -> bool {
    let action = cli.action();
    let builds = matches!(
        action,
        Action::Up | Action::RoundTrip { .. } | Action::Build
    );
    builds && cli.options.zips.is_none()
}
