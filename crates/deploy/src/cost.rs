//! What a month costs.

use anyhow::{Result, bail};

use crate::cli::Traffic;

/// A table by service.
///
/// # Errors
/// When the price list cannot be read.
pub fn month(_: &Traffic) -> Result<String> {
    bail!("there is no price list yet")
}
