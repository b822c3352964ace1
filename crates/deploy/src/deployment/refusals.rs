//! What is refused before anything is changed.

use anyhow::{Result, bail};

use crate::{
    context::Context,
    names::App,
    policy::bucket,
    resources::{keeps_data, other_user},
};

/// Whoever deploys must be let in by the policy that locks the bucket down.
pub(super) async fn locked_out(at: &Context) -> Result<()> {
    let caller = at.cloud.identity.caller().await?;
    if bucket::admits(&at.names, &at.config, &caller.arn) {
        return Ok(());
    }
    bail!(
        "{} is not among the `deployers` of the configuration, and would lock itself out of {}: add it there, or deploy as one of them",
        caller.arn,
        at.names.bucket()
    );
}

/// What people sent is not removed in passing. Asked first, so that nothing else is removed in vain; and again by the bucket itself.
pub(super) async fn data(at: &Context, apps: &[App]) -> Result<()> {
    match other_user(at, apps).await? {
        // The bucket stays for that one.
        Some(_) => Ok(()),
        None => keeps_data(at).await,
    }
}
