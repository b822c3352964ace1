//! What the handlers share.

use std::sync::Arc;

use send_core::{
    audit::Audit,
    catalogue::Catalogue,
    clock::Clock,
    config::Config,
    info::About,
    meter::{Host, Meter},
    sessions::Sessions,
    tokens::AccessTokens,
    usage::Usage,
    version::VERSION,
    watch::Watch,
    wrong_keys::WrongKeys,
};
use storage::url::Store;

use crate::chores::Chores;

/// A service that is set up.
#[derive(Clone)]
pub struct State {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) tokens: AccessTokens,
    pub(crate) catalogue: Catalogue,
    pub(crate) chores: Chores,
    pub(crate) usage: Usage,
    pub(crate) meter: Meter,
    pub(crate) watch: Arc<Watch>,
    pub(crate) sessions: Sessions,
    pub(crate) audit: Audit,
    pub(crate) wrong_keys: Arc<WrongKeys>,
}

impl State {
    /// Sets up the service on a storage. Without an admin key in the configuration nobody is let in, see [`crate::settle`].
    #[must_use]
    pub fn new(config: Config, store: Store, clock: Clock) -> Self {
        let meter = Meter::new("send-admin", clock.clone()).on(Host::of(config.on_lambda));
        let blobs = meter.counting(store.blobs);
        let (limits, keys) = (config.limits, config.admin_keys.clone());
        Self {
            tokens: AccessTokens::new(blobs.clone(), None),
            catalogue: Catalogue::new(blobs.clone(), clock.clone(), limits),
            chores: Chores::new(blobs.clone(), clock.clone(), limits),
            usage: Usage::new(blobs.clone(), clock.clone()),
            meter,
            watch: Arc::new(Watch::new(blobs.clone())),
            sessions: Sessions::new(blobs.clone(), clock.clone(), keys),
            audit: Audit::new(blobs, clock.clone()),
            wrong_keys: Arc::default(),
            config: Arc::new(config),
            clock,
        }
    }

    pub(crate) fn about(&self) -> About {
        About {
            name: "send-admin",
            version: VERSION,
            uploads: self.config.uploads,
            limits: self.config.limits,
            public_url: self.config.public_url.clone(),
            environment: self.config.environment(),
            watch: self.watch.clone(),
        }
    }
}
