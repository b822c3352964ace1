//! The original's `/api/presigned`: bytes that go straight between client and S3, by URLs that are signed here.

use axum::{
    Json,
    body::Body,
    extract::{Path, State as Shared},
    http::{HeaderMap, HeaderValue},
};
use send_core::{
    api::transfers as wire,
    body,
    error::{ApiError, ErrorBody},
    extract::{self, TransferAt},
    transfers,
};
use serde::de::DeserializeOwned;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    State, original,
    parameters::{AccessToken, TransferPath},
};

/// The longest JSON body, in bytes: ten thousand parts with their entity tags.
const JSON: u64 = 2 << 20;

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

/// What the storage can do.
#[utoipa::path(
    get,
    path = "/api/presigned/capabilities",
    tag = "transfers",
    responses((status = 200, body = wire::Capabilities))
)]
async fn capabilities(Shared(app): Shared<State>) -> Json<wire::Capabilities> {
    let signs = app.direct.original().is_some();
    Json(wire::Capabilities {
        presigned_upload: signs,
        multipart_upload: signs,
        presigned_download: signs,
        direct_upload: true,
        max_part_size: transfers::PART,
        min_part_size: transfers::MIN_PART,
        max_parts: transfers::MOST_PARTS,
    })
}

/// Begins an upload in parts: a signed URL for each, for an hour.
#[utoipa::path(
    post,
    path = "/api/presigned/initiate",
    operation_id = "initiate_upload",
    tag = "transfers",
    params(AccessToken),
    request_body = wire::Initiate,
    responses(
        (status = 200, body = wire::Initiated),
        (status = 400, body = ErrorBody, description = "Without S3, not the declared size, or too many parts"),
        (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Not pending"),
        (status = 413, body = ErrorBody),
    )
)]
async fn initiate(
    Shared(app): Shared<State>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<wire::Initiated>, ApiError> {
    may_send(&app, &headers).await?;
    let ask = parse(&headers, body).await?;
    app.transfers.initiate(&ask).await.map(Json)
}

/// Assembles an upload in parts; `/api/transfers/complete/{id}` then completes the transfer. Again is answered again.
#[utoipa::path(
    post,
    path = "/api/presigned/complete",
    operation_id = "assemble_upload",
    tag = "transfers",
    params(AccessToken),
    request_body = wire::Assemble,
    responses(
        (status = 200, body = wire::Assembled),
        (status = 400, body = ErrorBody, description = "Without S3, not the parts that arrived, or not the declared size"),
        (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Not pending"),
        (status = 413, body = ErrorBody),
    )
)]
async fn complete(
    Shared(app): Shared<State>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<wire::Assembled>, ApiError> {
    may_send(&app, &headers).await?;
    let ask = parse(&headers, body).await?;
    app.transfers.assemble(ask).await.map(Json)
}

/// Gives up an upload in parts.
#[utoipa::path(
    post,
    path = "/api/presigned/cancel/{id}/{upload_id}",
    operation_id = "cancel_upload",
    tag = "transfers",
    params(TransferPath, ("upload_id" = String, Path), AccessToken),
    responses(
        (status = 200, body = wire::Cancelled),
        (status = 400, body = ErrorBody, description = "Without S3, or no upload's id"),
        (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody),
    )
)]
async fn cancel(
    Shared(app): Shared<State>,
    TransferAt(transfer_id): TransferAt,
    Path((_, upload_id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<wire::Cancelled>, ApiError> {
    may_send(&app, &headers).await?;
    app.transfers.cancel(&transfer_id, &upload_id).await?;
    Ok(Json(wire::Cancelled {
        transfer_id,
        status: "cancelled",
    }))
}

/// A signed URL for an upload in one PUT; `/api/transfers/complete/{id}` takes what it brought.
#[utoipa::path(
    get,
    path = "/api/presigned/upload-url/{id}",
    tag = "transfers",
    params(TransferPath, AccessToken),
    responses(
        (status = 200, body = wire::UploadUrl),
        (status = 400, body = ErrorBody, description = "Without S3"),
        (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Not pending"),
    )
)]
async fn upload_url(
    Shared(app): Shared<State>,
    TransferAt(id): TransferAt,
    headers: HeaderMap,
) -> Result<Json<wire::UploadUrl>, ApiError> {
    may_send(&app, &headers).await?;
    app.transfers.upload_url(&id).await.map(Json)
}

/// A signed URL for a download, which is counted now.
#[utoipa::path(
    get,
    path = "/api/presigned/download-url/{id}",
    tag = "transfers",
    params(TransferPath),
    responses(
        (status = 200, body = wire::DownloadUrl),
        (status = 400, body = ErrorBody, description = "Without S3"),
        (status = 404, body = ErrorBody, description = "Unknown or deleted"),
        (status = 409, body = ErrorBody, description = "Not complete"),
        (status = 410, body = ErrorBody, description = "`expired` or `exhausted`"),
    )
)]
async fn download_url(
    Shared(app): Shared<State>,
    TransferAt(id): TransferAt,
) -> Result<Json<wire::DownloadUrl>, ApiError> {
    app.transfers.download_url(&id).await.map(Json)
}

async fn may_send(app: &State, headers: &HeaderMap) -> Result<(), ApiError> {
    app.may_send(extract::text(headers, &extract::ACCESS_TOKEN))
        .await
        .map(drop)
}

async fn parse<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<T, ApiError> {
    let json = body::read_given(body, JSON, body::given_digest(headers)?).await?;
    body::parse(&json)
}
