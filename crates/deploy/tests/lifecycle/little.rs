//! Little resources, for what holds of all resources: log groups, which are made, and kept short once they are locked down.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::Result;
use async_trait::async_trait;
use deploy::{
    cloud::{Cloud, LogGroup},
    names::Names,
    report::{Event, Report},
    resource::{Level, Lifecycle, Observed, Resource, ResourceId},
    stack::Stack,
};

use crate::{
    cloud::World,
    stage::{ACCOUNT, REGION, Stage},
};

/// What each keeps, once it is locked down.
pub(crate) const DAYS: i32 = 7;

struct Little {
    cloud: Cloud,
    names: Names,
    name: &'static str,
    needs: &'static [&'static str],
}

/// A stack of these, each with what it needs.
pub(crate) fn stack(
    world: &World,
    all: &[(&'static str, &'static [&'static str])],
) -> Result<Stack> {
    let names = Stage::new(world).names();
    let little = |(name, needs): &(&'static str, &'static [&'static str])| {
        let little = Little {
            cloud: world.cloud(ACCOUNT, REGION),
            names: names.clone(),
            name,
            needs,
        };
        Box::new(Observed::new(little)) as Box<dyn Lifecycle>
    };
    Stack::new(all.iter().map(little).collect())
}

fn id(name: &str) -> ResourceId {
    ResourceId {
        kind: "little",
        name: name.into(),
    }
}

#[async_trait]
impl Resource for Little {
    type Spec = LogGroup;

    fn id(&self) -> ResourceId {
        id(self.name)
    }

    fn needs(&self) -> Vec<ResourceId> {
        self.needs.iter().map(|name| id(name)).collect()
    }

    fn wanted(&self, level: Level) -> LogGroup {
        LogGroup {
            retention_days: (level == Level::LockedDown).then_some(DAYS),
            tags: self.names.tags(None),
        }
    }

    async fn observe(&self) -> Result<Option<LogGroup>> {
        Ok(self.cloud.logs.log_group(self.name).await?)
    }

    async fn apply(&self, found: Option<&LogGroup>, wanted: &LogGroup) -> Result<()> {
        match (found, wanted.retention_days) {
            (None, _) => {
                self.cloud
                    .logs
                    .create_log_group(self.name, &wanted.tags)
                    .await?
            }
            (Some(_), Some(days)) => self.cloud.logs.put_retention(self.name, days).await?,
            (Some(_), None) => {}
        }
        Ok(())
    }

    async fn delete(&self, _: &LogGroup) -> Result<()> {
        Ok(self.cloud.logs.delete_log_group(self.name).await?)
    }

    fn is_ours(&self, found: &LogGroup) -> bool {
        self.names.owns(&found.tags)
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(30)
    }
}

/// Writes down what is told.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<Vec<(ResourceId, Event)>>>);

impl Heard {
    /// All that was told so far.
    pub(crate) fn all(&self) -> Vec<(ResourceId, Event)> {
        self.0.lock().unwrap().clone()
    }
}

impl Report for Heard {
    fn tell(&self, resource: &ResourceId, event: Event) {
        self.0.lock().unwrap().push((resource.clone(), event));
    }

    fn say(&self, _: &str) {}
}
