//! What the handlers share.

use std::sync::Arc;

use send_core::{
    clock::Clock,
    config::{Config, Uploads},
    direct::Direct,
    error::ApiError,
    info::About,
    meter::{Host, Meter},
    sends::Sends,
    tokens::{AccessTokens, Grant},
    transfers::Transfers,
    version::VERSION,
    watch::Watch,
};
use storage::url::Store;

/// A service that is set up.
#[derive(Clone)]
pub struct State {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) sends: Sends,
    pub(crate) transfers: Transfers,
    pub(crate) tokens: AccessTokens,
    pub(crate) direct: Direct,
    pub(crate) watch: Arc<Watch>,
    pub(crate) meter: Meter,
}

impl State {
    /// Sets up the service on a storage.
    #[must_use]
    pub fn new(config: Config, store: Store, clock: Clock) -> Self {
        let direct = Direct::new(store.presign, config.direct);
        let limits = config.limits;
        let meter = Meter::new("send-user", clock.clone()).on(Host::of(config.on_lambda));
        let blobs = meter.counting(store.blobs);
        let meter = meter.keeping_usage(blobs.clone());
        Self {
            sends: Sends::new(blobs.clone(), direct.clone(), clock.clone(), limits)
                .metered(meter.clone()),
            transfers: Transfers::new(blobs.clone(), direct.clone(), clock.clone(), limits)
                .metered(meter.clone()),
            direct,
            watch: Arc::new(Watch::new(blobs.clone())),
            tokens: AccessTokens::new(blobs, config.access_token),
            config: Arc::new(config),
            clock,
            meter,
        }
    }

    /// What is told what goes on.
    #[must_use]
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(crate) fn about(&self) -> About {
        About {
            name: "send-user",
            version: VERSION,
            uploads: self.config.uploads,
            limits: self.config.limits,
            public_url: self.config.public_url.clone(),
            environment: self.config.environment(),
            watch: self.watch.clone(),
        }
    }

    /// Lets pass who may send, says what, and counts nothing.
    pub(crate) async fn may_send(&self, access_token: Option<&str>) -> Result<Grant, ApiError> {
        match self.config.uploads {
            Uploads::Open => Ok(Grant::default()),
            Uploads::Token => {
                let checked = self.tokens.check(access_token).await;
                self.told(checked, access_token).await
            }
        }
    }

    /// Lets pass who may send so many bytes, as far as they are declared, and counts one use of the access token.
    pub(crate) async fn may_create(
        &self,
        access_token: Option<&str>,
        bytes: Option<u64>,
    ) -> Result<Grant, ApiError> {
        match self.config.uploads {
            Uploads::Open => Ok(Grant::default()),
            Uploads::Token => {
                let admitted = self.tokens.admit(access_token, bytes).await;
                self.told(admitted, access_token).await
            }
        }
    }

    /// The same outcome; a refusal is counted for the token that was shown, where there is one.
    async fn told(
        &self,
        outcome: Result<Grant, ApiError>,
        shown: Option<&str>,
    ) -> Result<Grant, ApiError> {
        if let (Err(ApiError::Unauthorized(_) | ApiError::TooLarge(_)), Some(shown)) =
            (&outcome, shown)
            && let Ok(Some(token)) = self.tokens.shown(shown).await
        {
            self.meter.refused(token.token_name.id());
        }
        outcome
    }
}
