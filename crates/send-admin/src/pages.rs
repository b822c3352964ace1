//! What a browser shows of the admin service.

use axum::Router;
use rust_embed::RustEmbed;
use send_core::pages::{self, Site};
use utoipa::openapi::OpenApi;

/// The files as they lie in the repository.
#[derive(RustEmbed)]
#[folder = "../../ui/"]
#[include = "admin/**"]
#[include = "user/dom.js"]
#[include = "user/favicon.svg"]
#[include = "user/style.css"]
#[include = "shared/**"]
#[include = "docs/**"]
struct Ui;

const SITE: Site = Site {
    pages: &[("/", "admin/index.html")],
    lost: "admin/not-found.html",
};

/// The routes. Pages of the admin service connect to nothing but it.
pub(crate) fn routes(description: &OpenApi) -> Router {
    pages::routes::<Ui>(&SITE, description, None)
}
