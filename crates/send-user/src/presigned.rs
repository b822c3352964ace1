//! The original's `/api/presigned`: this storage signs no URLs, and says so.

use axum::{Json, extract::Path, http::HeaderValue};
use send_core::{
    api::transfers as wire,
    error::{ApiError, ErrorBody},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{State, original};

/// The routes.
pub(crate) fn routes(origins: &[HeaderValue]) -> OpenApiRouter<State> {
    let routes = OpenApiRouter::new()
        .routes(routes!(capabilities))
        .routes(routes!(initiate))
        .routes(routes!(complete))
        .routes(routes!(cancel))
        .routes(routes!(upload_url))
        .routes(routes!(download_url));
    original::rules(routes, origins)
}

const WITHOUT_S3: ApiError = ApiError::Request("S3 storage mode required");

/// What the storage can do.
#[utoipa::path(
    get,
    path = "/api/presigned/capabilities",
    tag = "transfers",
    responses((status = 200, body = wire::Capabilities))
)]
async fn capabilities() -> Json<wire::Capabilities> {
    Json(wire::Capabilities {
        presigned_upload: false,
        multipart_upload: false,
        presigned_download: false,
        direct_upload: true,
        max_part_size: 10 << 20,
        min_part_size: 5 << 20,
        max_parts: 10_000,
    })
}

/// Begins an upload in parts by signed URLs.
#[utoipa::path(
    post,
    path = "/api/presigned/initiate",
    tag = "transfers",
    responses((status = 400, body = ErrorBody, description = "Without S3"))
)]
async fn initiate() -> ApiError {
    WITHOUT_S3
}

/// Assembles an upload in parts.
#[utoipa::path(
    post,
    path = "/api/presigned/complete",
    tag = "transfers",
    responses((status = 400, body = ErrorBody, description = "Without S3"))
)]
async fn complete() -> ApiError {
    WITHOUT_S3
}

/// Gives up an upload in parts.
#[utoipa::path(
    post,
    path = "/api/presigned/cancel/{id}/{upload_id}",
    tag = "transfers",
    params(("id" = String, Path), ("upload_id" = String, Path)),
    responses((status = 400, body = ErrorBody, description = "Without S3"))
)]
async fn cancel(Path((_, _)): Path<(String, String)>) -> ApiError {
    WITHOUT_S3
}

/// A signed URL for an upload.
#[utoipa::path(
    get,
    path = "/api/presigned/upload-url/{id}",
    tag = "transfers",
    params(("id" = String, Path)),
    responses((status = 400, body = ErrorBody, description = "Without S3"))
)]
async fn upload_url(Path(_): Path<String>) -> ApiError {
    WITHOUT_S3
}

/// A signed URL for a download.
#[utoipa::path(
    get,
    path = "/api/presigned/download-url/{id}",
    tag = "transfers",
    params(("id" = String, Path)),
    responses((status = 400, body = ErrorBody, description = "Without S3"))
)]
async fn download_url(Path(_): Path<String>) -> ApiError {
    WITHOUT_S3
}
