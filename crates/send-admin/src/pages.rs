//! What a browser shows of the admin service.

use axum::Router;
use rust_embed::RustEmbed;
use send_core::pages::{self, Site};
use utoipa::openapi::OpenApi;

/// The files as they lie in the repository.
#[derive(RustEmbed)]
#[folder = "../../ui/"]
#[include = "admin/**"]
#[include = "shared/**"]
#[include = "docs/**"]
struct Ui;

const SITE: Site = Site {
    pages: &[("/", "admin/index.html")],
    lost: "admin/not-found.html",
};

/// The routes. Pages of the admin service connect to nothing but it.
pub(crate) fn routes(describe: impl FnOnce() -> OpenApi + Send + 'static) -> Router {
    pages::routes::<Ui>(&SITE, describe, None)
}
