//! What a browser shows: the pages, their files, and the description of the API, compressed on the way.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use rust_embed::RustEmbed;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;

use crate::{assets::Assets, error::ApiError, extract, openapi};

/// The description of the API, as JSON.
pub const DESCRIPTION: &str = "/api/openapi.json";
/// The same for people.
pub const DOCS: &str = "/api/docs";
/// The pages' files.
pub const FILES: &str = "/assets/{hash}/{*name}";

/// Which embedded files are pages.
pub struct Site {
    /// The address of each page, and the file that it is.
    pub pages: &'static [(&'static str, &'static str)],
    /// What a person gets where there is nothing.
    pub lost: &'static str,
}

struct Pages {
    assets: Assets,
    openapi: Description,
    lost: &'static str,
}

/// The description as it is served, written when somebody first asks for it: that takes as long as all the rest of a start.
type Description = LazyLock<Bytes, Box<dyn FnOnce() -> Bytes + Send>>;

/// The routes of the pages in `E`; `storage` is where they may send and read parts beside the service.
pub fn routes<E: RustEmbed>(
    site: &Site,
    describe: impl FnOnce() -> OpenApi + Send + 'static,
    storage: Option<&str>,
) -> Router {
    let openapi = move || openapi::json(&describe()).into();
    let pages = Arc::new(Pages {
        assets: Assets::of::<E>(storage),
        openapi: LazyLock::new(Box::new(openapi)),
        lost: site.lost,
    });
    let routes = Router::new()
        .route(DOCS, page("docs/index.html"))
        .route(DESCRIPTION, get(openapi_json))
        .route(FILES, get(asset))
        .fallback(not_found);
    let add = |routes: Router<_>, (path, name): &(&'static str, &'static str)| {
        routes.route(path, page(name))
    };
    let routes = site.pages.iter().fold(routes, add);
    routes.with_state(pages).layer(CompressionLayer::new())
}

/// Answers one page.
fn page(name: &'static str) -> MethodRouter<Arc<Pages>> {
    get(move |State(pages): State<Arc<Pages>>| async move { pages.assets.page(name) })
}

/// A person gets a page, a program the refusal.
async fn not_found(
    State(pages): State<Arc<Pages>>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let person =
        extract::text(&headers, &header::ACCEPT).is_some_and(|kinds| kinds.contains("text/html"));
    if method != Method::GET || !person {
        return ApiError::NotFound.into_response();
    }
    let mut page = pages.assets.page(pages.lost);
    *page.status_mut() = StatusCode::NOT_FOUND;
    page
}

async fn openapi_json(State(pages): State<Arc<Pages>>) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json")],
        pages.openapi.clone(),
    )
        .into_response()
}

async fn asset(
    State(pages): State<Arc<Pages>>,
    Path((hash, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    pages.assets.file(&hash, &name, &headers)
}
