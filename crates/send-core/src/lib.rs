//! What both services share.
//!
//! - **what things are**: [`id`], [`secret`], [`clock`], [`sizes`], [`record`] (a transfer and the rules of its life), [`key`] (stored paths),
//!   [`admin_keys`], [`wrong_keys`] (how guessing one is slowed down)
//! - **what can be done**: [`sends`] (`/api/v1/sends`), [`transfers`] (the original's), [`tokens`] (access tokens), [`catalogue`] (what
//!   operators see and do), [`sessions`] (of admins), [`audit`] (what admins did), [`sweep`] (what is over goes)
//! - **what is counted**: [`meter`] (is told what goes on), [`metrics`] (for Prometheus), [`usage`] (what lasts)
//! - **HTTP**: [`api`] (wire types), [`error`], [`extract`], [`body`], [`range`], [`layers`], [`info`], [`assets`], [`pages`], [`openapi`]
//! - **the program**: [`config`] (the environment), [`version`], [`proxy`], [`telemetry`] (the log), [`program`] (how it begins), [`chores`]
//!   (what it does unasked), [`host`] (where the app runs)
//!
//! Time comes from a [`clock::Clock`], bytes from a [`storage::Blobs`], sockets from the caller: a service is a value.

mod addresses;
mod count;
mod guard;
mod index;
mod slots;
mod store;

pub mod admin_keys;
pub mod api;
pub mod assets;
pub mod audit;
pub mod body;
pub mod catalogue;
pub mod chores;
pub mod clock;
pub mod config;
pub mod direct;
pub mod error;
pub mod extract;
pub mod host;
pub mod id;
pub mod info;
pub mod key;
pub mod layers;
pub mod meter;
pub mod metrics;
pub mod openapi;
pub mod pages;
pub mod program;
pub mod proxy;
pub mod range;
pub mod record;
pub mod secret;
pub mod sends;
pub mod sessions;
pub mod sizes;
pub mod sweep;
pub mod telemetry;
pub mod tokens;
mod trace;
pub mod transfers;
mod turns;
pub mod usage;
pub mod version;
pub mod watch;
pub mod wrong_keys;
