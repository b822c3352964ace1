//! Where a run works: the account that answers, the region, and what is to be there.

use std::{collections::BTreeMap, env, sync::Arc};

use anyhow::{Result, ensure};

use crate::{
    artifact, aws,
    cli::{Action, Cli},
    config::Config,
    context::{Context, Known},
    deployment::Deployment,
    door::Emulator,
    keys,
    names::{App, Names},
    smoke::Sender,
};

/// Where a run works.
pub(super) struct Place {
    pub(super) deployment: Deployment,
    /// By whom a smoke test sends.
    pub(super) sender: Sender,
}

/// The place that a configuration means.
pub(super) async fn of(cli: &Cli, config: &Config) -> Result<Place> {
    let emulator = match env::var("AWS_ENDPOINT_URL")
        .ok()
        .filter(|endpoint| !endpoint.is_empty())
    {
        Some(endpoint) => Emulator::at(&endpoint)?,
        None => None,
    };
    let (keys, sender) = keys::read()?;
    let (user, admin) = (
        known(cli, config, App::User)?,
        known(cli, config, App::Admin)?,
    );
    let region = match &config.region {
        Some(region) => region.clone(),
        None => aws::region(None).await?,
    };
    let cloud = aws::connect(&region).await;
    let account = cloud.identity.caller().await?.account;
    right_account(config, &account)?;
    let names = Names {
        project: config.project.clone(),
        stage: cli.stage,
        account,
        region,
        bucket: config.bucket.clone(),
    };
    let at = Context {
        cloud,
        names,
        config: Arc::new(config.clone()),
        keys,
        // A round trip begins with nothing, or was told that all may go: what it finds at its end came since.
        with_data: matches!(
            cli.action(),
            Action::Down { with_data: true } | Action::RoundTrip { .. }
        ),
        user,
        admin,
    };
    let deployment = Deployment::new(at, &cli.options.apps(), &cli.options.skip, emulator)?;
    Ok(Place { deployment, sender })
}

fn right_account(config: &Config, account: &str) -> Result<()> {
    let expected = config.account.as_deref().unwrap_or(account);
    ensure!(
        expected == account,
        "These credentials are of account {account}, and AWS_ACCOUNT_ID (or `account` in the configuration) says {expected}: nothing was \
         changed. Sign in to the other account, or correct the number"
    );
    Ok(())
}

/// What a service should run, where that matters for the action.
fn known(cli: &Cli, config: &Config, app: App) -> Result<Known> {
    let matters = match cli.action() {
        Action::Up
        | Action::Plan
        | Action::Verify
        | Action::LockDown
        | Action::Status
        | Action::RoundTrip { .. } => true,
        Action::Smoke
        | Action::Rollback { .. }
        | Action::Logs { .. }
        | Action::Down { .. }
        | Action::Cost(_)
        | Action::Policy
        | Action::Build
        | Action::Fetch { .. } => false,
    };
    if !matters || !cli.options.apps().contains(&app) {
        return Ok(Known::default());
    }
    let zips = cli.options.zips.as_deref();
    let release = match artifact::release(app, config.architecture, zips) {
        // Who only looks can do without.
        Err(error) if cli.action().looks() && error.is::<artifact::NoZip>() => None,
        release => Some(Arc::new(release?)),
    };
    Ok(Known {
        release,
        ..Known::default()
    })
}

impl Place {
    /// Where people find each service, as far as it is known.
    pub(super) fn urls(&self) -> BTreeMap<String, String> {
        let url = |app: &App| Some((app.to_string(), self.deployment.public_url(*app).ok()?));
        self.deployment.apps.iter().filter_map(url).collect()
    }
}
