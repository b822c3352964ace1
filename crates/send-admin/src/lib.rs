//! The admin service of SGraph Send: who may send, what is stored, what was reported, what was done.
//!
//! - [`app`]: the whole service as a value; [`run`]: the same as a program
//! - [`settle`]: there is an admin key, or no service
//! - `auth`: signing in, and what every route asks of a request; `settings`: how it is set up; `audit`: what admins did
//! - `tokens`: access tokens; `transfers`, `reports`: what is stored, what was reported; `usage`; `sweep`, `chores`
//! - `pages`: what a browser shows; `description`: what is said of every route

mod audit;
mod auth;
mod chores;
mod description;
mod keys;
mod pages;
mod parameters;
mod reports;
mod settings;
mod state;
mod sweep;
mod tokens;
mod transfers;
mod usage;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{Router, middleware};
use send_core::{clock::Clock, error::ErrorBody, info, layers, metrics, openapi, program};
use storage::url::Url;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use keys::{NoAdminKey, settle};
pub use state::State;

/// Where the service listens unless it is told otherwise.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8081);

/// What the service says of itself in its description.
#[derive(OpenApi)]
#[openapi(info(
    title = "SGraph Send, admin service",
    description = "Who may send, what is stored, what was reported, what was done. It cannot read what is sent.",
    license(name = "Apache-2.0", identifier = "Apache-2.0"),
), components(schemas(ErrorBody)), tags(
    (name = "auth", description = "Signing in: the admin key is exchanged for a session."),
    (name = "audit", description = "What admins did: entries that are only ever added, linked by hash."),
    (name = "settings", description = "How the service is set up."),
))]
struct Description;

/// The service: routes, description, pages and layers.
pub fn app(state: State) -> Router {
    let config = state.config.clone();
    let (routes, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .merge(info::routes(state.about()))
        .merge(metrics::routes(&state.meter))
        .merge(tokens::routes().with_state(state.clone()))
        .merge(transfers::routes().with_state(state.clone()))
        .merge(reports::routes().with_state(state.clone()))
        .merge(sweep::routes().with_state(state.clone()))
        .merge(usage::routes().with_state(state.clone()))
        .merge(auth::routes().with_state(state.clone()))
        .merge(audit::routes().with_state(state.clone()))
        .merge(settings::routes().with_state(state.clone()))
        .split_for_parts();
    let keys = config.admin_keys.clone();
    let describe = move || {
        description::complete(&mut description, &keys);
        openapi::complete(&mut description);
        description
    };
    // Around all routes, those of the pages too: what is open is named there.
    let admission = middleware::from_fn_with_state(state.clone(), auth::admit);
    let routes = routes.merge(pages::routes(describe));
    let routes = routes.route_layer(admission);
    layers::apply(routes, &config, state.clock, state.watch, state.meter)
}

/// Reads the configuration, opens the storage, and serves until SIGINT or SIGTERM.
///
/// # Errors
/// A configuration that is not understood, a storage that cannot be opened, no admin key where one is needed, an address that is
/// taken.
pub async fn run() -> anyhow::Result<()> {
    let (mut config, store) = program::open("SGraph Send admin", LISTEN)?;
    if config.storage == Url::Memory {
        tracing::warn!(
            "this storage is the program's own memory, which no user service shares: give both the same SEND_STORAGE, such as file:/some/folder"
        );
    }
    if let Some(key) = settle(&mut config)? {
        tracing::info!("no admin key is set; for this run only it is {key}");
    }
    let listen = config.listen;
    let state = State::new(config, store, Clock::System);
    let (meter, chores) = (state.meter.clone(), state.chores.clone());
    Ok(program::serve(app(state), listen, meter, chores).await?)
}
