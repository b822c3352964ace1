//! Who asks.

use async_trait::async_trait;

use super::Answer;

/// Who asks, as STS tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account, of twelve digits.
    pub account: String,
    /// The ARN of the user, role session or root.
    pub arn: String,
}

/// STS.
#[async_trait]
pub trait Identity: Send + Sync {
    /// Who asks.
    async fn caller(&self) -> Answer<Caller>;
}
