//! What a month costs: from traffic to what is used of each service of AWS, and from that by its list price to dollars.

mod month;
mod prices;
#[cfg(test)]
mod tests;
mod usage;

use anyhow::{Context, Result};

use crate::{cli::Traffic, config::Config};
use prices::Prices;
use usage::Usage;

pub use month::Month;

/// What a month of a stage costs.
///
/// # Errors
/// When the price list in this program is not understood.
pub fn month(config: &Config, traffic: &Traffic) -> Result<Month> {
    let prices = include_str!("../config/prices.toml");
    let prices: Prices = toml::from_str(prices).context("prices.toml")?;
    let usage = Usage::of(config, traffic, &prices.assumed);
    Ok(Month::of(config, *traffic, &usage, &prices))
}
