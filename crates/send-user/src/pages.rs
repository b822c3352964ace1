//! What a browser shows of the public service.

use axum::Router;
use rust_embed::RustEmbed;
use send_core::pages::{self, Site};
use utoipa::openapi::OpenApi;

/// The files as they lie in the repository.
#[derive(RustEmbed)]
#[folder = "../../ui/"]
#[include = "user/**"]
#[include = "shared/**"]
#[include = "docs/**"]
struct Ui;

const SITE: Site = Site {
    pages: &[
        ("/", "user/index.html"),
        ("/d", "user/d.html"),
        ("/sw.js", "user/sw.js"),
    ],
    lost: "user/not-found.html",
};

/// The routes; `storage` is where pages may send and read parts beside this service.
pub(crate) fn routes(
    describe: impl FnOnce() -> OpenApi + Send + 'static,
    storage: Option<&str>,
) -> Router {
    pages::routes::<Ui>(&SITE, describe, storage)
}
