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

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use anyhow::Context;
use axum::Router;
use send_core::{clock::Clock, host, info, layers, openapi, program, sweep::Sweep};
use tokio::task::JoinHandle;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use state::State;

/// Where the service listens unless it is told otherwise.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// How long a local server rests between sweeps.
const SWEEP_PAUSE: Duration = Duration::from_mins(5);

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
        .merge(sends::routes().with_state(state.clone()))
        .merge(parts::routes().with_state(state.clone()))
        .merge(claims::routes().with_state(state.clone()))
        .merge(transfers::routes(&config.origins).with_state(state.clone()))
        .merge(downloads::routes(&config.origins).with_state(state.clone()))
        .merge(tokens::routes(&config.origins).with_state(state.clone()))
        .merge(presigned::routes(&config.origins).with_state(state.clone()))
        .split_for_parts();
    openapi::complete(&mut description);
    let routes = routes.merge(pages::routes(&description, state.direct.base()));
    layers::apply(routes, &config, state.clock, state.watch)
}

/// Reads the configuration, opens the storage, and serves until SIGINT or SIGTERM.
///
/// # Errors
/// A configuration that is not understood, a storage that cannot be opened, an address that is taken.
pub async fn run() -> anyhow::Result<()> {
    let (config, store) = program::open("SGraph Send", LISTEN)?;
    let (listen, on_lambda) = (config.listen, config.on_lambda);
    let sweep = Sweep::new(store.blobs.clone(), Clock::System, config.limits);
    let app = app(State::new(config, store, Clock::System));
    let sweeping = sweep_here(sweep, on_lambda);
    let served = host::run(app, listen, host::Limits::default()).await;
    if let Some(sweeping) = sweeping {
        sweeping.abort();
    }
    served.with_context(|| format!("cannot listen on {listen}"))
}

/// Sweeps beside the server, where it is a server: a Lambda stands still between requests, there a schedule sweeps.
fn sweep_here(sweep: Sweep, on_lambda: bool) -> Option<JoinHandle<()>> {
    (!on_lambda).then(|| tokio::spawn(sweep.for_ever(SWEEP_PAUSE)))
}
