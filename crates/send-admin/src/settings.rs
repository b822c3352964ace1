//! How the service is set up: facts to read, nothing to change, nothing secret.

use axum::{Json, extract::State as Shared};
use send_core::{api::admin as wire, config::Config, version::VERSION};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::State;

/// The route.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(settings))
}

/// How the service is set up.
#[utoipa::path(
    get,
    path = "/settings",
    tag = "settings",
    responses((status = 200, body = wire::Settings))
)]
async fn settings(Shared(app): Shared<State>) -> Json<wire::Settings> {
    Json(told(&app.config))
}

fn told(config: &Config) -> wire::Settings {
    let origin = |origin: &axum::http::HeaderValue| origin.to_str().unwrap_or_default().to_owned();
    wire::Settings {
        version: VERSION.into(),
        storage: config.storage.to_string(),
        door: config.door.is_some(),
        origins: config.origins.iter().map(origin).collect(),
        public_url: config.public_url.clone(),
        limits: wire::SettingsLimits {
            max_transfer_bytes: config.limits.transfer_bytes,
            max_age_s: config.limits.max_age.as_secs(),
            default_age_s: config.limits.default_age.as_secs(),
        },
        admin_key_name: config.admin_keys.name().to_string(),
        admin_keys: config
            .admin_keys
            .hashes()
            .iter()
            .map(|hash| hash.short())
            .collect(),
        environment: config.environment().into(),
    }
}
