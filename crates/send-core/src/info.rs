//! What a service says of itself, under `/info` and `/api/info`.

use std::sync::Arc;

use axum::{Router, extract::State};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    api::info as wire,
    config::{Limits, Uploads},
    slots,
    watch::Watch,
};

/// What is told.
#[derive(Clone)]
pub struct About {
    /// The service's name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Who may send.
    pub uploads: Uploads,
    /// What is allowed.
    pub limits: Limits,
    /// The origin of the links that are shown.
    pub public_url: Option<String>,
    /// Where it runs.
    pub environment: &'static str,
    /// Knows how the storage fares.
    pub watch: Arc<Watch>,
}

/// The routes; those under `/info` are answered under `/api/info` too.
pub fn routes(about: About) -> OpenApiRouter {
    let about = Arc::new(about);
    let described = OpenApiRouter::with_openapi(Tag::openapi())
        .routes(routes!(health))
        .routes(routes!(status))
        .routes(routes!(version))
        .routes(routes!(versions))
        .routes(routes!(info))
        .with_state(about.clone());
    described.merge(OpenApiRouter::from(under_api(about)))
}

fn under_api(about: Arc<About>) -> Router {
    use axum::routing::get;
    Router::new()
        .route("/api/info/health", get(health))
        .route("/api/info/status", get(status))
        .route("/api/info/version", get(version))
        .route("/api/info/versions", get(versions))
        .with_state(about)
}

#[derive(OpenApi)]
#[openapi(tags((name = "info", description = "What the service says of itself; also under /api/info.")))]
struct Tag;

type Json<T> = axum::Json<T>;

/// Whether the service answers.
#[utoipa::path(get, path = "/info/health", tag = "info", responses((status = 200, body = wire::Health)))]
async fn health() -> Json<wire::Health> {
    axum::Json(wire::Health {
        status: "ok".into(),
    })
}

/// Name, version, where it runs, and what is wrong with the storage.
#[utoipa::path(get, path = "/info/status", tag = "info", responses((status = 200, body = wire::Status)))]
async fn status(State(about): State<Arc<About>>) -> Json<wire::Status> {
    let trouble = about.watch.trouble().await;
    let status = if trouble.is_none() {
        "operational"
    } else {
        "degraded"
    };
    axum::Json(wire::Status {
        name: about.name.into(),
        version: about.version.into(),
        status: status.into(),
        storage: trouble.unwrap_or_else(|| "ok".into()),
        environment: about.environment.into(),
    })
}

/// The service's version.
#[utoipa::path(get, path = "/info/version", tag = "info", responses((status = 200, body = wire::Version)))]
async fn version(State(about): State<Arc<About>>) -> Json<wire::Version> {
    axum::Json(wire::Version {
        version: about.version.into(),
    })
}

/// The versions of the service, the format and the API.
#[utoipa::path(get, path = "/info/versions", tag = "info", responses((status = 200, body = wire::Versions)))]
async fn versions(State(about): State<Arc<About>>) -> Json<wire::Versions> {
    axum::Json(wire::Versions {
        send: about.version.into(),
        format: "SGS1".into(),
        api: vec!["v1".into()],
    })
}

/// What a client must know before it sends.
#[utoipa::path(get, path = "/api/info", tag = "info", responses((status = 200, body = wire::Info)))]
async fn info(State(about): State<Arc<About>>) -> Json<wire::Info> {
    axum::Json(wire::Info {
        name: about.name.into(),
        version: about.version.into(),
        uploads: about.uploads.to_string(),
        limits: wire::InfoLimits {
            max_transfer_bytes: about.limits.transfer_bytes,
            max_age_s: about.limits.max_age.as_secs(),
            default_age_s: about.limits.default_age.as_secs(),
            max_downloads: slots::MOST,
        },
        public_url: about.public_url.clone(),
    })
}
