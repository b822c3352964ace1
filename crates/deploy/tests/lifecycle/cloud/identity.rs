//! STS.

use async_trait::async_trait;
use deploy::cloud::{self, Answer, Caller};

use super::place::Place;

pub(super) struct Identity(pub(super) Place);

#[async_trait]
impl cloud::Identity for Identity {
    async fn caller(&self) -> Answer<Caller> {
        let account = &self.0.account;
        self.0
            .read("sts:GetCallerIdentity", account, |_| {
                Ok(Caller {
                    account: account.clone(),
                    arn: format!("arn:aws:iam::{account}:user/deployer"),
                })
            })
            .await
    }
}
