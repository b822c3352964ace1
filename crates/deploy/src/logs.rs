//! What the functions write.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::{context::Context, names::App};

/// Shows it, oldest first.
///
/// # Errors
/// When it cannot be read.
pub async fn tail(_: &Context, _: &[App], _: Duration, _: bool) -> Result<()> {
    bail!("logs cannot be read yet")
}
