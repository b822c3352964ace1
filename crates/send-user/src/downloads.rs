//! The original's downloads: each GET is one.

use axum::http::HeaderValue;
use axum::{Json, extract::State as Shared, http::HeaderMap, response::Response};
use base64::{Engine, prelude::BASE64_STANDARD};
use send_core::{
    api::transfers as wire,
    error::{ApiError, ErrorBody},
    extract::TransferAt,
    range::{self, Whole},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    State, original,
    parameters::{OneRange, TransferPath},
};

/// The largest payload that is answered as text, in bytes: in base64 it still fits an answer of AWS Lambda.
const MOST_TEXT: u64 = 3_750_000;

/// The routes.
pub(crate) fn routes(origins: &[HeaderValue]) -> OpenApiRouter<State> {
    let routes = OpenApiRouter::new()
        .routes(routes!(download))
        .routes(routes!(download_base64));
    original::rules(routes, origins)
}

/// The payload, or a range of it. Each GET is one download.
#[utoipa::path(
    get,
    path = "/api/transfers/download/{id}",
    tag = "transfers",
    params(TransferPath, OneRange),
    responses(
        (status = 200, content_type = "application/octet-stream"),
        (status = 206, content_type = "application/octet-stream"),
        (status = 404, body = ErrorBody, description = "Unknown, pending or deleted"),
        (status = 410, body = ErrorBody, description = "`expired` or `exhausted`"),
        (status = 413, body = ErrorBody, description = "More than one answer carries, on AWS Lambda; nothing was counted"),
        (status = 416, body = ErrorBody),
    )
)]
async fn download(
    Shared(app): Shared<State>,
    TransferAt(id): TransferAt,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let download = app.transfers.find(&id).await?;
    let etag = download.etag();
    let whole = Whole {
        size: download.size(),
        etag: &etag,
    };
    let range = range::asked(&headers, &whole)?;
    app.config.room().check(&whole, range.as_ref(), || {
        format!("Ask for a range of bytes, or for a URL that leads straight to the storage: /api/presigned/download-url/{id}")
    })?;
    let blob = download.open(range.clone()).await?;
    Ok(range::answer(&whole, range, blob.stream))
}

/// The payload as text. Each GET is one download.
#[utoipa::path(
    get,
    path = "/api/transfers/download-base64/{id}",
    tag = "transfers",
    params(TransferPath),
    responses(
        (status = 200, body = wire::DownloadText),
        (status = 404, body = ErrorBody, description = "Unknown, pending or deleted"),
        (status = 410, body = ErrorBody, description = "`expired` or `exhausted`"),
        (status = 413, body = ErrorBody, description = "Over 3,750,000 bytes; nothing was counted"),
    )
)]
async fn download_base64(
    Shared(app): Shared<State>,
    TransferAt(id): TransferAt,
) -> Result<Json<wire::DownloadText>, ApiError> {
    let download = app.transfers.find(&id).await?;
    let file_size_bytes = download.size();
    if file_size_bytes > MOST_TEXT {
        let way = format!("Too large for text. Read the bytes at /api/transfers/download/{id}.");
        return Err(ApiError::TooLarge(way));
    }
    let bytes = download.open(None).await?.bytes().await?;
    Ok(Json(wire::DownloadText {
        transfer_id: id,
        data: BASE64_STANDARD.encode(bytes),
        file_size_bytes,
    }))
}
