//! What a browser shows: the pages, their files, and the description of the API, compressed on the way.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use rust_embed::RustEmbed;
use send_core::{assets::Assets, error::ApiError, extract};
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;

/// The files as they lie in the repository.
#[derive(RustEmbed)]
#[folder = "../../ui/"]
#[include = "user/**"]
#[include = "shared/**"]
#[include = "docs/**"]
struct Ui;

struct Pages {
    assets: Assets,
    openapi: Bytes,
}

/// The routes; `storage` is where pages may send and read parts beside this service.
pub(crate) fn routes(description: &OpenApi, storage: Option<&str>) -> Router {
    let openapi = serde_json::to_vec(description).unwrap_or_default();
    let pages = Arc::new(Pages {
        assets: Assets::of::<Ui>(storage),
        openapi: openapi.into(),
    });
    Router::new()
        .route("/", page("user/index.html"))
        .route("/d", page("user/d.html"))
        .route("/sw.js", page("user/sw.js"))
        .route("/api/docs", page("docs/index.html"))
        .route("/api/openapi.json", get(openapi_json))
        .route("/assets/{hash}/{*name}", get(asset))
        .fallback(not_found)
        .with_state(pages)
        .layer(CompressionLayer::new())
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
    let mut page = pages.assets.page("user/not-found.html");
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
