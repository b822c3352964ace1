//! Who may what: the only place that writes policies.
//!
//! - `runtime`: what the functions may · `bucket`: who may not use the bucket · `deployer`: what whoever deploys needs, and no more

pub mod bucket;
pub mod deployer;
pub mod runtime;
