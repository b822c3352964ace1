//! What all resources of a deployment know.

use std::sync::Arc;

use crate::{
    cloud::{Cloud, MadeDistribution},
    config::{AppConfig, Config, DistributionConfig},
    names::{App, Names},
    release::Release,
    secret::DoorKey,
    slot::Slot,
};

/// One stage in one account and region.
#[derive(Clone)]
pub struct Context {
    /// AWS.
    pub cloud: Cloud,
    /// What everything is called.
    pub names: Names,
    /// What everything should be.
    pub config: Arc<Config>,
    /// Who is in charge, and who may send without the admin service.
    pub keys: Keys,
    /// What people sent may be removed with the bucket.
    pub with_data: bool,
    /// What is known of the user service.
    pub user: Known,
    /// What is known of the admin service.
    pub admin: Known,
}

/// Hashes of keys, as the services read them.
#[derive(Clone, Default)]
pub struct Keys {
    /// SHA-256 of the admin key, or of two, comma-separated: given by whoever deploys, or else what is deployed already.
    pub admin_sha256: Slot<String>,
    /// The header that carries the admin key, where it is not `x-api-key`.
    pub admin_name: Option<String>,
    /// SHA-256 of an access token that is never used up.
    pub access_sha256: Option<String>,
}

/// What is known of one service, as soon as it is.
#[derive(Clone, Default)]
pub struct Known {
    /// What it should run; nothing where nothing is built, which only what changes nothing can do without.
    pub release: Option<Arc<Release>>,
    /// Its Function URL.
    pub url: Slot<String>,
    /// Its distribution is left alone, and where there is none, there will be none.
    pub without_distribution: bool,
    /// Its distribution.
    pub distribution: Slot<MadeDistribution>,
    /// What its distribution shows at the door.
    pub door: Slot<DoorKey>,
    /// Id of its origin access control.
    pub origin_access: Slot<String>,
    /// Id of its headers policy.
    pub headers_policy: Slot<String>,
    /// The version that served before this run.
    pub before: Slot<String>,
    /// The version that serves.
    pub serving: Slot<String>,
    /// How many may run at once in the whole account, where that is too few to set any aside.
    pub too_few: Slot<i32>,
}

impl Context {
    /// What is known of a service.
    #[must_use]
    pub const fn known(&self, app: App) -> &Known {
        match app {
            App::User => &self.user,
            App::Admin => &self.admin,
        }
    }

    /// What a service should be.
    #[must_use]
    pub fn app(&self, app: App) -> &AppConfig {
        match app {
            App::User => &self.config.user,
            App::Admin => &self.config.admin,
        }
    }

    /// What is in front of a service, if anything is.
    #[must_use]
    pub fn distribution(&self, app: App) -> Option<&DistributionConfig> {
        self.app(app).distribution.as_ref()
    }
}
