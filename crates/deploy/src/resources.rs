//! All that a deployment is made of, and what needs what.

mod alarms;
mod artifact;
mod bucket;
mod distribution;
mod function;
mod function_url;
mod headers_policy;
mod left_alone;
mod log_group;
mod origin_access;
mod role;
mod schedule;
mod tags;

use anyhow::Result;

use crate::{
    context::Context,
    names::App,
    resource::{Lifecycle, Observed, Resource, ResourceId},
    stack::Stack,
};

use left_alone::LeftAlone;

pub use bucket::{keeps_data, other_user};
pub use function::environment;

/// What a run can leave alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// CloudFront, which takes minutes
    Distribution,
    /// The rule by which the admin service sweeps
    Schedule,
    /// The alarms
    Alarms,
}

impl Part {
    /// Whether a resource belongs to it.
    fn holds(self, id: &ResourceId) -> bool {
        match self {
            Self::Distribution => {
                ["distribution", "origin_access", "headers_policy"].contains(&id.kind)
            }
            Self::Schedule => id.kind == "schedule",
            Self::Alarms => id.kind == "alarms",
        }
    }
}

/// Which resources are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Those that are configured.
    Configured,
    /// All that there may be of an earlier configuration too.
    Whole,
}

/// The stack of these services; what is left alone is only looked at.
///
/// # Errors
/// When two resources need each other.
pub fn stack(at: &Context, apps: &[App], extent: Extent, left_alone: &[Part]) -> Result<Stack> {
    let mut all: Vec<Box<dyn Lifecycle>> = vec![known(bucket::Bucket::of(at, apps))];
    let whole = extent == Extent::Whole;
    for &app in apps {
        all.push(known(artifact::Artifact::of(at, app)));
        all.push(known(role::Role::of(at, app)));
        all.push(known(log_group::LogGroup::of(at, app)));
        all.push(known(function::Function::of(at, app)));
        all.push(known(function_url::FunctionUrl::of(at, app)));
        if whole || at.distribution(app).is_some() {
            all.push(known(headers_policy::HeadersPolicy::of(at, app)));
            all.push(known(origin_access::OriginAccess::of(at, app)));
            all.push(known(distribution::Distribution::of(at, app)));
        }
        if app == App::Admin && (whole || at.app(app).sweep.is_some()) {
            all.push(known(schedule::Schedule::of(at, app)));
        }
        if whole || at.config.alarm_topic.is_some() {
            all.push(known(alarms::Alarms::of(at, app)));
        }
    }
    let alone = |resource: Box<dyn Lifecycle>| match left_alone
        .iter()
        .any(|part| part.holds(&resource.id()))
    {
        true => Box::new(LeftAlone(resource)) as Box<dyn Lifecycle>,
        false => resource,
    };
    Stack::new(all.into_iter().map(alone).collect())
}

fn known<R: Resource + 'static>(resource: R) -> Box<dyn Lifecycle> {
    Box::new(Observed::new(resource))
}

/// The ids by which resources need each other.
mod ids {
    use super::{App, Context, ResourceId};

    pub(super) fn bucket(at: &Context) -> ResourceId {
        ResourceId {
            kind: "bucket",
            name: at.names.bucket(),
        }
    }

    pub(super) fn artifact(at: &Context, app: App) -> ResourceId {
        ResourceId {
            kind: "artifact",
            name: at.names.artifacts(app),
        }
    }

    pub(super) fn role(at: &Context, app: App) -> ResourceId {
        ResourceId {
            kind: "role",
            name: at.names.role(app),
        }
    }

    pub(super) fn log_group(at: &Context, app: App) -> ResourceId {
        ResourceId {
            kind: "log_group",
            name: at.names.log_group(app),
        }
    }

    pub(super) fn function(at: &Context, app: App) -> ResourceId {
        ResourceId {
            kind: "function",
            name: at.names.function(app),
        }
    }

    pub(super) fn function_url(at: &Context, app: App) -> ResourceId {
        ResourceId {
            kind: "function_url",
            name: at.names.function(app),
        }
    }

    pub(super) fn headers_policy(at: &Context, app: App) -> ResourceId {
        ResourceId {
            kind: "headers_policy",
            name: at.names.edge(app),
        }
    }

    pub(super) fn origin_access(at: &Context, app: App) -> ResourceId {
        ResourceId {
            kind: "origin_access",
            name: at.names.edge(app),
        }
    }

    pub(super) fn distribution(at: &Context, app: App) -> ResourceId {
        ResourceId {
            kind: "distribution",
            name: at.names.edge(app),
        }
    }

    pub(super) fn schedule(at: &Context) -> ResourceId {
        ResourceId {
            kind: "schedule",
            name: at.names.schedule(),
        }
    }

    pub(super) fn alarms(at: &Context, app: App) -> ResourceId {
        ResourceId {
            kind: "alarms",
            name: at.names.function(app),
        }
    }
}
