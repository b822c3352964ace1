//! A stage in a world: what a person has who runs `deploy`, again and again.

use std::sync::Arc;

use anyhow::{Result, ensure};
use deploy::{
    config::Config,
    context::{Context, Keys, Known},
    deployment::Deployment,
    names::{App, Names, Stage as Name},
    release::Release,
    report::Silent,
    resources::{self, Extent},
    stack::{Plan, Stack},
};

use crate::cloud::{World, sha256};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "eu-west-1";

/// A stage, and what it should be. Each run of it knows nothing of those before.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) name: Name,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) apps: Vec<App>,
    pub(crate) config: Config,
    /// What the zips hold.
    pub(crate) code: String,
}

impl Stage {
    /// `dev` of both services, as the base of all stages is configured, with alarms and the sweep.
    pub(crate) fn new(world: &World) -> Self {
        let mut config: Config = toml::from_str(include_str!("../../config/base.toml")).unwrap();
        config.alarm_topic = Some(format!("arn:aws:sns:{REGION}:{ACCOUNT}:alarms"));
        Self {
            world: world.clone(),
            name: Name::Dev,
            account: ACCOUNT.into(),
            region: REGION.into(),
            apps: App::ALL.into(),
            config,
            code: "first".into(),
        }
    }

    /// The same in another world.
    pub(crate) fn on(&self, world: &World) -> Self {
        Self {
            world: world.clone(),
            ..self.clone()
        }
    }

    /// The same elsewhere.
    pub(crate) fn at(&self, account: &str, region: &str) -> Self {
        let (account, region) = (account.into(), region.into());
        Self {
            account,
            region,
            ..self.clone()
        }
    }

    /// Another stage there.
    pub(crate) fn named(&self, name: Name) -> Self {
        Self {
            name,
            ..self.clone()
        }
    }

    /// One service of it.
    pub(crate) fn only(&self, app: App) -> Self {
        Self {
            apps: vec![app],
            ..self.clone()
        }
    }

    /// The same with another configuration.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut stage = self.clone();
        change(&mut stage.config);
        stage
    }

    /// The same with other programs.
    pub(crate) fn running(&self, code: &str) -> Self {
        Self {
            code: code.into(),
            ..self.clone()
        }
    }

    pub(crate) fn names(&self) -> Names {
        Names {
            project: self.config.project.clone(),
            stage: self.name,
            account: self.account.clone(),
            region: self.region.clone(),
            bucket: self.config.bucket.clone(),
        }
    }

    /// What one run knows.
    pub(crate) fn context(&self) -> Context {
        let keys = Keys::default();
        keys.admin_sha256.set(Some(sha256(b"the admin key")));
        Context {
            cloud: self.world.cloud(&self.account, &self.region),
            names: self.names(),
            config: Arc::new(self.config.clone()),
            keys,
            with_data: false,
            user: self.known(App::User),
            admin: self.known(App::Admin),
        }
    }

    fn known(&self, app: App) -> Known {
        let zip = format!("{app} {}", self.code).into_bytes();
        let release = Release {
            sha256: sha256(&zip),
            zip,
            version: "0.1.0".into(),
            commit: self.code.clone(),
        };
        Known {
            release: Some(Arc::new(release)),
            ..Known::default()
        }
    }

    /// Makes the stage what it should be. Nobody smokes here: there is no way in from outside.
    pub(crate) async fn up(&self) -> Result<()> {
        let deployment = self.deployment();
        let plan = deployment.make(&Silent).await?;
        if !plan.is_empty() {
            deployment.prune(&Silent).await;
        }
        Ok(())
    }

    pub(crate) async fn plan(&self) -> Result<Plan> {
        self.deployment().plan(&Silent).await
    }

    /// Removes it, after which nothing of it is left.
    pub(crate) async fn down(&self) -> Result<()> {
        self.down_to(&[]).await
    }

    /// Removes it, after which only these kinds of resources are left.
    pub(crate) async fn down_to(&self, kept: &[&str]) -> Result<()> {
        let deployment = self.deployment();
        deployment.down(&Silent).await?;
        let left = deployment.left(&Silent).await?;
        let kinds: Vec<_> = left.iter().map(|id| id.kind).collect();
        ensure!(kinds == kept, "left: {left:?}");
        Ok(())
    }

    /// What one run is about.
    pub(crate) fn stack(&self) -> Stack {
        resources::stack(&self.context(), &self.apps, Extent::Configured, &[]).unwrap()
    }

    /// One run.
    pub(crate) fn deployment(&self) -> Deployment {
        Deployment::new(self.context(), &self.apps, &[], None).unwrap()
    }
}
