//! What the handlers share.

use std::sync::Arc;

use send_core::{
    audit::Audit, clock::Clock, config::Config, info::About, sessions::Sessions, watch::Watch,
};
use storage::url::Store;

use crate::auth::WrongKeys;

/// A service that is set up.
#[derive(Clone)]
pub struct State {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) watch: Arc<Watch>,
    pub(crate) sessions: Sessions,
    pub(crate) audit: Audit,
    pub(crate) wrong_keys: Arc<WrongKeys>,
}

impl State {
    /// Sets up the service on a storage. Without an admin key in the configuration nobody is let in, see [`crate::settle`].
    #[must_use]
    pub fn new(config: Config, store: Store, clock: Clock) -> Self {
        let (blobs, keys) = (store.blobs, config.admin_keys.clone());
        Self {
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
            version: env!("CARGO_PKG_VERSION"),
            uploads: self.config.uploads,
            limits: self.config.limits,
            public_url: self.config.public_url.clone(),
            watch: self.watch.clone(),
        }
    }
}
