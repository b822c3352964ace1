//! What a deployment is made of: each part told once, and the six verbs that follow.
//!
//! - `create`: [`Lifecycle::apply`] at [`Level::Created`] · `lock_down`: the same at [`Level::LockedDown`]
//! - `exists`: [`Lifecycle::exists`] · `verify`: [`Lifecycle::drift`] · both after [`Lifecycle::observe`], the only reader
//! - `delete`: [`Lifecycle::delete`] · `verify_deleted`: nothing to observe, twice ([`crate::stack`])

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Result, bail};
use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::drift::{Drift, drift, without_opening};

/// Names one resource, as `kind/name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId {
    /// What it is: `bucket`.
    pub kind: &'static str,
    /// Its name in AWS, or ours for what has none.
    pub name: String,
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

/// How far a resource has been taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It works.
    Created,
    /// It lets in nobody who need not be.
    LockedDown,
}

/// Something in AWS that a deployment owns.
///
/// One `Spec` says both what is wanted and what is there, so checking is comparing. Fields that serde skips are not compared.
#[async_trait]
pub trait Resource: Send + Sync {
    /// All that can be said of it.
    type Spec: Serialize + DeserializeOwned + Clone + Send + Sync;
    /// Its name.
    fn id(&self) -> ResourceId;
    /// What must be there before it, and goes after it.
    fn needs(&self) -> Vec<ResourceId>;
    /// What should be there at a level. Pure, but for what AWS made up and was observed ([`crate::slot`]).
    fn wanted(&self, level: Level) -> Self::Spec;
    /// What is there; `None` when nothing is. Reads only.
    async fn observe(&self) -> Result<Option<Self::Spec>>;
    /// Brings it from what was found towards what is wanted, with no call that this does not need. It need not arrive: it is observed and applied
    /// again until nothing differs. So an error that passes ([`crate::wait::passes`]) needs no repetition in here.
    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()>;
    /// Removes what was found, or takes a step towards that.
    async fn delete(&self, found: &Self::Spec) -> Result<()>;
    /// Whether what was found is this stage's; what is part of something that says it need not say it again.
    fn is_ours(&self, _found: &Self::Spec) -> bool {
        true
    }
    /// Why it stays when everything else of this stack goes.
    async fn kept(&self) -> Result<Option<String>> {
        Ok(None)
    }
    /// How long it may take to arrive where it is wanted.
    fn patience(&self) -> Duration {
        Duration::from_secs(5 * 60)
    }
}

/// A resource and what was last observed of it.
pub struct Observed<R: Resource> {
    resource: R,
    found: Mutex<Option<R::Spec>>,
}

/// The verbs over any [`Resource`], with its type erased. Implement `Resource`, not this.
#[async_trait]
pub trait Lifecycle: Send + Sync {
    /// See [`Resource::id`].
    fn id(&self) -> ResourceId;
    /// See [`Resource::needs`].
    fn needs(&self) -> Vec<ResourceId>;
    /// See [`Resource::patience`].
    fn patience(&self) -> Duration;
    /// Reads what is there, and keeps it for the verbs below. What bears our name but is not ours is an error.
    async fn observe(&self) -> Result<()>;
    /// Whether anything was observed.
    fn exists(&self) -> bool;
    /// What differs between what was observed and what is wanted: all of it for [`Level::LockedDown`]; for [`Level::Created`] what must be
    /// done now.
    fn drift(&self, level: Level) -> Result<Vec<Drift>>;
    /// See [`Resource::apply`].
    async fn apply(&self, level: Level) -> Result<()>;
    /// See [`Resource::delete`].
    async fn delete(&self) -> Result<()>;
    /// See [`Resource::kept`].
    async fn kept(&self) -> Result<Option<String>>;
}

impl<R: Resource> Observed<R> {
    /// A resource of which nothing is known yet.
    pub fn new(resource: R) -> Self {
        Self {
            resource,
            found: Mutex::new(None),
        }
    }

    fn found(&self) -> MutexGuard<'_, Option<R::Spec>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> Option<R::Spec> {
        self.found().clone()
    }

    /// What is wanted now, and what was found.
    fn wanted(&self, level: Level) -> Result<(Value, Value)> {
        let found = self.known().map_or(Ok(Value::Null), serde_json::to_value)?;
        let wanted = serde_json::to_value(self.resource.wanted(level))?;
        let wanted = match level {
            Level::LockedDown => wanted,
            Level::Created if found.is_null() => wanted,
            Level::Created => {
                let locked = serde_json::to_value(self.resource.wanted(Level::LockedDown))?;
                without_opening(&wanted, &locked, &found)
            }
        };
        Ok((wanted, found))
    }
}

#[async_trait]
impl<R: Resource> Lifecycle for Observed<R> {
    fn id(&self) -> ResourceId {
        self.resource.id()
    }

    fn needs(&self) -> Vec<ResourceId> {
        self.resource.needs()
    }

    fn patience(&self) -> Duration {
        self.resource.patience()
    }

    async fn observe(&self) -> Result<()> {
        let found = self.resource.observe().await?;
        if found
            .as_ref()
            .is_some_and(|found| !self.resource.is_ours(found))
        {
            bail!(Foreign(vec![self.id()]));
        }
        *self.found() = found;
        Ok(())
    }

    fn exists(&self) -> bool {
        self.found().is_some()
    }

    fn drift(&self, level: Level) -> Result<Vec<Drift>> {
        let (wanted, found) = self.wanted(level)?;
        Ok(drift(&wanted, &found))
    }

    async fn apply(&self, level: Level) -> Result<()> {
        let (wanted, _) = self.wanted(level)?;
        let (wanted, found) = (serde_json::from_value(wanted)?, self.known());
        self.resource.apply(found.as_ref(), &wanted).await
    }

    async fn delete(&self) -> Result<()> {
        match self.known() {
            Some(found) => self.resource.delete(&found).await,
            None => Ok(()),
        }
    }

    async fn kept(&self) -> Result<Option<String>> {
        self.resource.kept().await
    }
}

/// They bear our names, and somebody else made them.
#[derive(Debug)]
pub struct Foreign(pub Vec<ResourceId>);

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SIGNS: &str =
            "the tags Project and Stage, or a description where there can be no tags";
        match &self.0[..] {
            [one] => write!(
                f,
                "{one} is there, but nothing says that it is this stage's: {SIGNS}. So it is neither changed nor deleted. Remove or rename it, or \
                 mark it so if it is ours"
            ),
            several => {
                writeln!(f, "Nothing says that these are this stage's: {SIGNS}")?;
                several.iter().try_for_each(|one| writeln!(f, "  {one}"))?;
                f.write_str("So they are neither changed nor deleted. Remove or rename them, or mark them so if they are ours")
            }
        }
    }
}

impl std::error::Error for Foreign {}
