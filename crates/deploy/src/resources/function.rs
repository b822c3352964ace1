//! A function, and the version of it that serves.
//!
//! `$LATEST` is changed, a version is made of it, that version is asked, and only when it answers the alias `live` points to it.

mod release;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use async_trait::async_trait;

use super::{ids, tags};
use crate::{
    cloud::{self, Code, Configuration, Live, State, Tags},
    context::Context,
    drift::UNKNOWN,
    names::App,
    resource::{Level, Resource, ResourceId},
    wait::Patience,
};

/// How long Lambda may take to change a function.
const CHANGE: std::time::Duration = std::time::Duration::from_secs(5 * 60);

/// So many must stay for all functions that set none aside: AWS Lambda, "Configuring reserved concurrency".
const UNRESERVED: i32 = 100;

pub(super) struct Function {
    at: Context,
    app: App,
    name: String,
}

/// The variables of a service, by what the stage is.
#[must_use]
pub fn environment(at: &Context, app: App, level: Level) -> BTreeMap<String, String> {
    let ours = [
        ("SEND_STORAGE", Some(format!("s3://{}", at.names.bucket()))),
        ("SEND_ADMIN_KEY_SHA256", admin_key(at, app)),
        ("SEND_ADMIN_KEY_NAME", at.keys.admin_name.clone()),
        ("SEND_ACCESS_TOKEN_SHA256", at.keys.access_sha256.clone()),
        ("SEND_PUBLIC_URL", domain(at, app)),
        ("SEND_DOOR_SHA256", door(at, app, level)),
    ];
    let ours = ours
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let mut all = at.app(app).environment.clone();
    all.extend(at.config.limits());
    all.extend(ours);
    all
}

/// The user service can do without, and shows its figures to nobody then.
fn admin_key(at: &Context, app: App) -> Option<String> {
    let known = at.keys.admin_sha256.get();
    match app {
        App::User => known,
        App::Admin => Some(known.unwrap_or_else(|| UNKNOWN.into())),
    }
}

fn domain(at: &Context, app: App) -> Option<String> {
    let domain = at.distribution(app)?.domain.as_ref()?;
    Some(format!("https://{domain}"))
}

/// What the distribution shows, once everything else is there; whether it signs too or not.
fn door(at: &Context, app: App, level: Level) -> Option<String> {
    at.distribution(app)
        .filter(|_| level == Level::LockedDown)?;
    match at.known(app).door.get() {
        Some(shown) => Some(shown.sha256()),
        None if at.known(app).without_distribution => None,
        None => Some(UNKNOWN.into()),
    }
}

impl Function {
    pub(super) fn of(at: &Context, app: App) -> Self {
        Self {
            at: at.clone(),
            app,
            name: at.names.function(app),
        }
    }

    fn configuration(&self, level: Level) -> Configuration {
        let app = self.at.app(self.app);
        let release = self.at.known(self.app).release.as_ref();
        Configuration {
            runtime: "provided.al2023".into(),
            handler: "bootstrap".into(),
            architecture: self.at.config.architecture.name().into(),
            memory_mb: app.memory_mb,
            timeout_s: app.timeout_s,
            disk_mb: 512,
            role: self.at.names.role_arn(self.app),
            environment: environment(&self.at, self.app, level),
            log_group: self.at.names.log_group(self.app),
            layers: Vec::new(),
            code_sha256: release.map_or_else(|| UNKNOWN.into(), |release| release.sha256.clone()),
        }
    }

    fn code(&self, sha256: &str) -> Code {
        let names = &self.at.names;
        Code {
            bucket: names.bucket(),
            key: names.artifact(self.app, sha256),
        }
    }

    /// Asks whether as many can be set aside as are wanted, where they are not yet.
    async fn look_at_limits(&self, found: Option<i32>) -> Result<()> {
        let Some(wanted) = self
            .at
            .app(self.app)
            .reserved_concurrency
            .filter(|wanted| Some(*wanted) != found)
        else {
            return Ok(());
        };
        let limits = self.at.cloud.functions.concurrency().await?;
        let left = limits.unreserved + found.unwrap_or(0) - wanted;
        self.at
            .known(self.app)
            .too_few
            .set((left < UNRESERVED).then_some(limits.account));
        Ok(())
    }

    /// Waits until Lambda has made the last change.
    async fn settle(&self) -> Result<()> {
        let mut patience = Patience::lasting(CHANGE);
        loop {
            match self.at.cloud.functions.state(&self.name).await? {
                State::Ready => return Ok(()),
                State::Failed(reason) => bail!("Lambda could not make the change: {reason}"),
                State::Busy if patience.pause().await => {}
                State::Busy => bail!("Lambda does not finish its change"),
            }
        }
    }

    /// One step from what was found; what follows from it is seen when it is observed again.
    async fn change(&self, found: &cloud::Function, wanted: &cloud::Function) -> Result<()> {
        let functions = &self.at.cloud.functions;
        let (is, should) = (&found.configuration, &wanted.configuration);
        let revision = found.revision.as_deref();
        let code = is.code_sha256 != should.code_sha256 || is.architecture != should.architecture;
        let but_code = Configuration {
            code_sha256: is.code_sha256.clone(),
            architecture: is.architecture.clone(),
            ..should.clone()
        };
        if but_code != *is {
            functions
                .update_configuration(&self.name, should, revision)
                .await?;
            return self.settle().await;
        }
        if code {
            let zip = self.code(&should.code_sha256);
            functions
                .update_code(&self.name, &should.architecture, &zip, revision)
                .await?;
            return self.settle().await;
        }
        if found.concurrency != wanted.concurrency {
            functions
                .put_concurrency(&self.name, wanted.concurrency)
                .await?;
        }
        let arn = self.at.names.function_arn(self.app);
        tags::apply(&**functions, &arn, &found.tags, &wanted.tags).await?;
        match &wanted.live {
            Some(live) if !found.live.as_ref().is_some_and(|found| alike(found, live)) => {
                self.release(found).await
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Whether two versions are made of the same, whatever their numbers are.
fn alike(one: &Live, other: &Live) -> bool {
    (&one.configuration, &one.others) == (&other.configuration, &other.others)
}

#[async_trait]
impl Resource for Function {
    type Spec = cloud::Function;

    fn id(&self) -> ResourceId {
        ids::function(&self.at, self.app)
    }

    fn needs(&self) -> Vec<ResourceId> {
        vec![
            ids::artifact(&self.at, self.app),
            ids::role(&self.at, self.app),
            ids::log_group(&self.at, self.app),
        ]
    }

    fn wanted(&self, level: Level) -> Self::Spec {
        let configuration = self.configuration(level);
        let reserved = self.at.app(self.app).reserved_concurrency;
        let possible = self.at.known(self.app).too_few.get().is_none();
        cloud::Function {
            live: Some(Live {
                configuration: configuration.clone(),
                others: BTreeMap::new(),
                version: String::new(),
                revision: None,
            }),
            configuration,
            concurrency: reserved.filter(|_| level == Level::LockedDown && possible),
            tags: self.labels(),
            revision: None,
            state: State::Ready,
        }
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        let found = self.at.cloud.functions.function(&self.name).await?;
        self.look_at_limits(found.as_ref().and_then(|found| found.concurrency))
            .await?;
        let known = self.at.known(self.app);
        let live = found.as_ref().and_then(|found| found.live.as_ref());
        known.serving.set(live.map(|live| live.version.clone()));
        let variable = |name: &str| found.as_ref()?.configuration.environment.get(name).cloned();
        if self.at.keys.admin_sha256.get().is_none() {
            self.at
                .keys
                .admin_sha256
                .set(variable("SEND_ADMIN_KEY_SHA256"));
        }
        Ok(found)
    }

    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()> {
        let Some(found) = found else {
            let code = self.code(&wanted.configuration.code_sha256);
            let made = &wanted.configuration;
            self.at
                .cloud
                .functions
                .create_function(&self.name, made, &code, &wanted.tags)
                .await?;
            return self.settle().await;
        };
        match &found.state {
            State::Busy => self.settle().await,
            // A change that failed is made anew: what is found then is what was before it.
            State::Ready | State::Failed(_) => self.change(found, wanted).await,
        }
    }

    async fn delete(&self, found: &Self::Spec) -> Result<()> {
        let functions = &self.at.cloud.functions;
        if found.live.is_some() {
            cloud::found(functions.delete_alias(&self.name).await)?;
        }
        Ok(functions.delete_function(&self.name).await?)
    }

    fn is_ours(&self, found: &Self::Spec) -> bool {
        self.at.names.owns(&found.tags)
    }

    /// A new role may take a quarter of an hour until Lambda can assume it.
    fn patience(&self) -> std::time::Duration {
        std::time::Duration::from_secs(15 * 60)
    }
}

impl Function {
    /// A function also tells what it runs.
    fn labels(&self) -> Tags {
        let mut all = tags::wanted(&self.at, Some(self.app));
        if let Some(release) = &self.at.known(self.app).release {
            all.insert("Version".into(), release.version.clone());
            all.insert("Commit".into(), release.commit.clone());
        }
        all
    }

    fn zip(&self) -> Result<&crate::release::Release> {
        self.at
            .known(self.app)
            .release
            .as_deref()
            .context("there is no zip to deploy")
    }
}
