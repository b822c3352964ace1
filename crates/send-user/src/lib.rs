//! The public service of SGraph Send: transfers for everyone, and the web page.
//!
//! - [`app`]: the whole service as a value; [`run`]: the same as a program
//! - `sends`, `parts`, `claims`: `/api/v1/sends`
//! - `transfers`, `downloads`, `tokens`, `presigned`: the original's routes
//! - `pages`: what a browser shows

mod claims;
mod downloads;
mod original;
mod pages;
mod parameters;
mod parts;
mod presigned;
mod sends;
mod state;
mod tokens;
mod transfers;

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use send_core::{clock::Clock, info, layers, metrics, openapi, program, sweep::Sweep};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use state::State;

/// Where the service listens unless it is told otherwise.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// What the service says of itself in its description.
#[derive(OpenApi)]
#[openapi(info(
    title = "SGraph Send, user service",
    description = "Moves files that only sender and recipient can read. The server stores ciphertext.",
    license(name = "Apache-2.0", identifier = "Apache-2.0"),
))]
struct Description;

/// The service: routes, description, pages and layers.
pub fn app(state: State) -> Router {
    let config = state.config.clone();
    let (routes, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .merge(info::routes(state.about()))
        .merge(metrics::guarded(&state.meter, &config.admin_keys))
        .merge(sends::routes().with_state(state.clone()))
        .merge(parts::routes().with_state(state.clone()))
        .merge(claims::routes().with_state(state.clone()))
        .merge(transfers::routes(&config.origins).with_state(state.clone()))
        .merge(downloads::routes(&config.origins).with_state(state.clone()))
        .merge(tokens::routes(&config.origins).with_state(state.clone()))
        .merge(presigned::routes(&config.origins).with_state(state.clone()))
        .split_for_parts();
    let describe = move || {
        openapi::complete(&mut description);
        description
    };
    let routes = routes.merge(pages::routes(describe, state.direct.base()));
    layers::apply(routes, &config, state.clock, state.watch, state.meter)
}

/// Reads the configuration, opens the storage, and serves until SIGINT or SIGTERM.
///
/// # Errors
/// A configuration that is not understood, a storage that cannot be opened, an address that is taken.
pub async fn run() -> anyhow::Result<()> {
    let (config, store) = program::open("SGraph Send", LISTEN)?;
    let (listen, limits, blobs) = (config.listen, config.limits, store.blobs.clone());
    let state = State::new(config, store, Clock::System);
    let meter = state.meter.clone();
    let sweep = Sweep::new(meter.counting(blobs), Clock::System, limits);
    Ok(program::serve(app(state), listen, meter, sweep).await?)
}
