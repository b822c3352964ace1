//! One stage in one account and region, and what can be done with it.

mod refusals;

use anyhow::{Result, bail};

use crate::{
    context::Context,
    door::Emulator,
    names::App,
    release,
    report::{Report, Verb},
    resource::{Level, ResourceId},
    resources::{self, Extent, Part},
    slot::Slot,
    smoke::{self, AdminKey, Sender, Shown},
    stack::{Plan, Stack},
};

/// One stage in one account and region.
pub struct Deployment {
    /// What is known of it.
    pub at: Context,
    /// The services that are meant.
    pub apps: Vec<App>,
    /// The key of the admin service, where none was given and none was there: known from when it was made, even where the run fails then.
    pub made_key: Slot<AdminKey>,
    emulator: Option<Emulator>,
    stack: Stack,
    /// What an earlier configuration made, too: it goes with the rest.
    whole: Stack,
}

/// What `up` came to.
#[derive(Clone, Debug)]
pub struct Upped {
    /// What was changed.
    pub plan: Plan,
    /// What was shown to work.
    pub shown: Shown,
}

impl Deployment {
    /// Of these services, leaving alone what is left out.
    ///
    /// # Errors
    /// As [`resources::stack`].
    pub fn new(
        mut at: Context,
        apps: &[App],
        left_alone: &[Part],
        emulator: Option<Emulator>,
    ) -> Result<Self> {
        let without = left_alone.contains(&Part::Distribution);
        (at.user.without_distribution, at.admin.without_distribution) = (without, without);
        let stack = |extent| resources::stack(&at, apps, extent, left_alone);
        let (stack, whole) = (stack(Extent::Configured)?, stack(Extent::Whole)?);
        Ok(Self {
            at,
            apps: apps.to_vec(),
            made_key: Slot::default(),
            emulator,
            stack,
            whole,
        })
    }

    /// What would be changed. Reads only.
    ///
    /// # Errors
    /// When something cannot be read, or bears our name and is not ours.
    pub async fn plan(&self, report: &dyn Report) -> Result<Plan> {
        self.stack.observe(report).await?;
        self.tell_limits(report);
        self.stack.plan()
    }

    /// Makes the stage what it should be, and shows that it works; otherwise what served before serves again.
    ///
    /// # Errors
    /// With what did not work.
    pub async fn up(&self, sender: &Sender, report: &dyn Report) -> Result<Upped> {
        let plan = match self.make(report).await {
            Ok(plan) => plan,
            // One service may serve something new already, where the other one's does not work.
            Err(error) => return Err(self.undone(error, report).await),
        };
        let shown = if plan.is_empty() {
            smoke::health(&self.at, &self.apps, self.emulator.as_ref()).await?;
            Shown::Health
        } else {
            let made = self.made_key.get();
            let sender = Sender {
                admin_key: made.or_else(|| sender.admin_key.clone()),
                ..sender.clone()
            };
            self.show(&sender, report).await?
        };
        Ok(Upped { plan, shown })
    }

    /// Makes the stage what it should be, and asks nothing from outside. Tells what was changed.
    ///
    /// # Errors
    /// When something is not ours, or cannot be made.
    pub async fn make(&self, report: &dyn Report) -> Result<Plan> {
        refusals::locked_out(&self.at).await?;
        self.stack.observe(report).await?;
        self.tell_limits(report);
        for &app in &self.apps {
            let known = self.at.known(app);
            known.before.set(known.serving.get());
        }
        self.make_admin_key()?;
        let plan = self.stack.plan()?;
        self.stack.up(report).await?;
        Ok(plan)
    }

    /// Shows that what was made works, and removes what nobody goes back to then; or puts back what served before.
    async fn show(&self, sender: &Sender, report: &dyn Report) -> Result<Shown> {
        match self.smoke(sender, report).await {
            Ok(shown) => {
                self.prune(report).await;
                Ok(shown)
            }
            Err(error) => {
                let error = error.context("what was deployed does not work");
                Err(self.undone(error, report).await)
            }
        }
    }

    /// Removes versions and zips that nobody goes back to any more. What cannot be removed is so by the next run that changes something.
    pub async fn prune(&self, report: &dyn Report) {
        for &app in &self.apps {
            if let Err(error) = release::prune(&self.at, app).await {
                report.say(&format!(
                    "{app}: old versions and zips stay for now: {error:#}"
                ));
            }
        }
    }

    /// Hardens what is there, and nothing else.
    ///
    /// # Errors
    /// When something is missing, or cannot be hardened.
    pub async fn lock_down(&self, report: &dyn Report) -> Result<()> {
        refusals::locked_out(&self.at).await?;
        let plan = self.plan(report).await?;
        if let Some(missing) = plan.0.iter().find(|planned| !planned.exists) {
            bail!(
                "{} is not there yet: `up` makes everything, and locks it down",
                missing.id
            );
        }
        self.stack
            .bring(Level::LockedDown, Verb::LockDown, report)
            .await
    }

    /// What differs from what is wanted, and whether what is there answers as it should.
    ///
    /// # Errors
    /// When something cannot be read or does not answer.
    pub async fn verify(&self, report: &dyn Report) -> Result<Plan> {
        let plan = self.plan(report).await?;
        if plan.is_empty() {
            smoke::live(&self.at, &self.apps, self.emulator.as_ref()).await?;
        }
        Ok(plan)
    }

    /// Shows that it works, with what [`Self::plan`] or [`Self::up`] saw.
    ///
    /// # Errors
    /// With what did not work.
    pub async fn smoke(&self, sender: &Sender, report: &dyn Report) -> Result<Shown> {
        let shown = smoke::run(&self.at, &self.apps, sender, self.emulator.as_ref()).await?;
        if shown == Shown::Health && self.apps.contains(&App::User) {
            report.say(
                "Only health was shown, no transfer: set SEND_ADMIN_KEY (the admin service, once it is there, makes a token for it, which is revoked) or SEND_SMOKE_TOKEN",
            );
        }
        Ok(shown)
    }

    /// Lets each service's version before serve again, or this one.
    ///
    /// # Errors
    /// As [`release::back`]; and when the service does not answer then.
    pub async fn rollback(&self, to: Option<u64>, report: &dyn Report) -> Result<()> {
        self.stack.observe(report).await?;
        for &app in &self.apps {
            let (now, chosen) = release::back(&self.at, app, to).await?;
            report.say(&format!(
                "{app}: version {} serves in place of {now} ({})",
                chosen.number, chosen.description
            ));
        }
        self.stack.observe(report).await?;
        smoke::health(&self.at, &self.apps, self.emulator.as_ref()).await
    }

    /// Removes everything, and checks that nothing is left.
    ///
    /// # Errors
    /// When the bucket holds what people sent and [`Context::with_data`] does not say that it may go, and when something stays.
    pub async fn down(&self, report: &dyn Report) -> Result<()> {
        self.whole.observe(report).await?;
        refusals::data(&self.at, &self.apps).await?;
        self.whole.down(report).await
    }

    /// What is still there, by a fresh look.
    ///
    /// # Errors
    /// When something cannot be read.
    pub async fn left(&self, report: &dyn Report) -> Result<Vec<ResourceId>> {
        self.whole.left(report).await
    }

    /// What was there when it was last looked at.
    #[must_use]
    pub fn there(&self) -> Vec<ResourceId> {
        self.stack.there()
    }

    /// What people open, once it is known.
    ///
    /// # Errors
    /// When the service has no URL.
    pub fn public_url(&self, app: App) -> Result<String> {
        Ok(smoke::public_door(&self.at, app, self.emulator.as_ref())?.url)
    }

    /// An admin service without a key would not start: where none was given and none is deployed, one is made.
    fn make_admin_key(&self) -> Result<()> {
        if self.apps.contains(&App::Admin) && self.at.keys.admin_sha256.get().is_none() {
            let key = AdminKey::random()?;
            self.at.keys.admin_sha256.set(Some(key.sha256()));
            self.made_key.set(Some(key));
        }
        Ok(())
    }

    fn tell_limits(&self, report: &dyn Report) {
        for &app in &self.apps {
            let Some(limit) = self.at.known(app).too_few.get() else {
                continue;
            };
            report.say(&format!(
                "This account may run {limit} functions at once in this region, too few to set any aside for the {app} service: it shares them. \
                 Ask AWS for more (Service Quotas, Lambda, Concurrent executions), and run this again"
            ));
        }
    }

    /// The error, after what served before was put back.
    async fn undone(&self, error: anyhow::Error, report: &dyn Report) -> anyhow::Error {
        for &app in &self.apps {
            match release::undo(&self.at, app).await {
                Ok(Some(version)) => report.say(&format!(
                    "{app}: version {version}, which served before, serves again"
                )),
                Ok(None) => {}
                Err(worse) => {
                    return error.context(format!("{app} could not be put back: {worse:#}"));
                }
            }
        }
        error
    }
}
