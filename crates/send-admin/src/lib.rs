//! The admin service of SGraph Send: who may send, what is stored, what was reported, what was done.
//!
//! - [`app`]: the whole service as a value; [`run`]: the same as a program
//! - `tokens`: access tokens; `transfers`, `reports`: what is stored, what was reported; `sweep`
//! - `pages`: what a browser shows

mod pages;
mod parameters;
mod reports;
mod state;
mod sweep;
mod tokens;
mod transfers;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::Context;
use axum::Router;
use send_core::{clock::Clock, host, info, layers, program};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use state::State;

/// Where the service listens unless it is told otherwise.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8081);

/// What the service says of itself in its description.
#[derive(OpenApi)]
#[openapi(info(
    title = "SGraph Send, admin service",
    description = "Who may send, what is stored, what was reported, what was done. It cannot read what is sent.",
    license(name = "Apache-2.0", identifier = "Apache-2.0"),
))]
struct Description;

/// The service: routes, description, pages and layers.
pub fn app(state: State) -> Router {
    let config = state.config.clone();
    let (routes, description) = OpenApiRouter::with_openapi(Description::openapi())
        .merge(info::routes(state.about()))
        .merge(tokens::routes().with_state(state.clone()))
        .merge(transfers::routes().with_state(state.clone()))
        .merge(reports::routes().with_state(state.clone()))
        .merge(sweep::routes().with_state(state.clone()))
        .split_for_parts();
    let routes = routes.merge(pages::routes(&description));
    layers::apply(routes, &config, state.clock, state.watch)
}

/// Reads the configuration, opens the storage, and serves until SIGINT or SIGTERM.
///
/// # Errors
/// A configuration that is not understood, a storage that cannot be opened, an address that is taken.
pub async fn run() -> anyhow::Result<()> {
    let (config, store) = program::open("SGraph Send admin", LISTEN)?;
    let listen = config.listen;
    let app = app(State::new(config, store, Clock::System));
    let served = host::run(app, listen, host::Limits::default()).await;
    served.with_context(|| format!("cannot listen on {listen}"))
}
