//! What the handlers share.

use std::sync::Arc;

use send_core::{clock::Clock, config::Config, info::About, watch::Watch};
use storage::url::Store;

/// A service that is set up.
#[derive(Clone)]
pub struct State {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) watch: Arc<Watch>,
}

impl State {
    /// Sets up the service on a storage.
    #[must_use]
    pub fn new(config: Config, store: Store, clock: Clock) -> Self {
        Self {
            watch: Arc::new(Watch::new(store.blobs)),
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
