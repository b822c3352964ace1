//! STS: who asks.

use async_trait::async_trait;
use aws_sdk_sts::{
    Client,
    config::{Builder, retry::RetryConfig},
};
use tokio::sync::OnceCell;

use super::{connection::Connection, error::Called};
use crate::cloud::{Answer, Caller, Identity};

/// The first of all calls: who has no network learns it in seconds.
const ATTEMPTS: u32 = 3;

/// Who asks does not change, and is asked once.
pub(super) struct Sts {
    sts: Client,
    caller: OnceCell<Caller>,
}

impl Sts {
    pub(super) fn new(connection: &Connection) -> Self {
        let config = Builder::from(&connection.sdk)
            .interceptor(connection.counter.clone())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
        Self {
            sts: Client::from_conf(config.build()),
            caller: OnceCell::new(),
        }
    }

    async fn ask(&self) -> Answer<Caller> {
        let asked = self.sts.get_caller_identity().send().await;
        let told = asked.called("sts:GetCallerIdentity")?;
        Ok(Caller {
            account: told.account.unwrap_or_default(),
            arn: told.arn.unwrap_or_default(),
        })
    }
}

#[async_trait]
impl Identity for Sts {
    async fn caller(&self) -> Answer<Caller> {
        self.caller.get_or_try_init(|| self.ask()).await.cloned()
    }
}
