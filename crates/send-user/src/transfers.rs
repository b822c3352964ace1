//! The original's `/api/transfers`, as its clients know it.

use axum::{
    Json,
    body::Body,
    extract::State as Shared,
    http::{HeaderMap, HeaderValue, header},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures::{StreamExt, stream};
use send_core::{
    api::transfers as wire,
    body,
    config::Uploads,
    error::{ApiError, ErrorBody},
    extract::{self, Asked, ClientAddress, TransferAt},
    id::{Digest, TransferId},
};
use serde::Deserialize;
use storage::ByteStream;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    State, original,
    parameters::{AccessToken, Binary, DeleteAuth, QueryPayload, QueryToken, TransferPath},
};

/// The largest payload that is taken as text, in bytes of base64.
const MOST_TEXT_IN: u64 = 6 << 20;

/// The routes.
pub(crate) fn routes(origins: &[HeaderValue]) -> OpenApiRouter<State> {
    let routes = OpenApiRouter::with_openapi(Tag::openapi())
        .routes(routes!(create))
        .routes(routes!(upload))
        .routes(routes!(complete))
        .routes(routes!(info))
        .routes(routes!(delete));
    original::rules(routes, origins)
}

#[derive(OpenApi)]
#[openapi(tags((name = "transfers", description = "The routes of the original product: one opaque payload a transfer.")))]
struct Tag;

/// The access token where a query carries it.
#[derive(Deserialize)]
struct Access {
    access_token: Option<String>,
    data: Option<String>,
}

impl Access {
    /// The header goes before the query.
    fn token<'a>(&'a self, headers: &'a HeaderMap) -> Option<&'a str> {
        extract::text(headers, &extract::ACCESS_TOKEN).or(self.access_token.as_deref())
    }
}

/// Begins a transfer.
#[utoipa::path(
    post,
    path = "/api/transfers/create",
    operation_id = "create_transfer",
    tag = "transfers",
    params(AccessToken, QueryToken),
    request_body = Option<wire::CreateTransfer>,
    responses(
        (status = 200, body = wire::TransferCreated),
        (status = 400, body = ErrorBody),
        (status = 401, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The id exists"),
        (status = 413, body = ErrorBody),
    )
)]
async fn create(
    Shared(app): Shared<State>,
    Asked(access): Asked<Access>,
    headers: HeaderMap,
    body::Json(ask): body::Json<wire::CreateTransfer>,
) -> Result<Json<wire::TransferCreated>, ApiError> {
    app.transfers.check(&ask)?;
    if app.config.uploads == Uploads::Token {
        app.transfers.check_id(&ask).await?;
    }
    let declared = Some(ask.file_size_bytes).filter(|size| *size > 0);
    let grant = app.may_create(access.token(&headers), declared).await?;
    let transfer_id = app.transfers.create(&ask, &grant).await?;
    let upload_url = format!("/api/transfers/upload/{transfer_id}");
    Ok(Json(wire::TransferCreated {
        transfer_id,
        upload_url,
    }))
}

/// Takes the payload: as bytes, or in base64 as JSON or in the query. Again while pending overwrites.
#[utoipa::path(
    post,
    path = "/api/transfers/upload/{id}",
    operation_id = "upload_transfer",
    tag = "transfers",
    params(
        TransferPath,
        QueryPayload,
        AccessToken,
        QueryToken,
    ),
    request_body(content = Option<Binary>, content_type = "application/octet-stream"),
    responses(
        (status = 200, body = wire::Uploaded),
        (status = 400, body = ErrorBody, description = "Not the declared size, or not base64"),
        (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody, description = "Unknown or not pending"),
        (status = 409, body = ErrorBody, description = "Uploaded too often"),
        (status = 413, body = ErrorBody),
        (status = 507, body = ErrorBody),
    )
)]
async fn upload(
    Shared(app): Shared<State>,
    TransferAt(id): TransferAt,
    Asked(access): Asked<Access>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<wire::Uploaded>, ApiError> {
    app.may_send(access.token(&headers)).await?;
    let bytes = payload(&app, &id, &access, &headers, body).await?;
    let size = app.transfers.upload(&id, bytes).await?;
    Ok(Json(wire::Uploaded {
        status: "uploaded",
        transfer_id: id,
        size,
    }))
}

/// Completes a transfer; again is answered again.
#[utoipa::path(
    post,
    path = "/api/transfers/complete/{id}",
    operation_id = "complete_transfer",
    tag = "transfers",
    params(TransferPath, AccessToken, QueryToken),
    responses(
        (status = 200, body = wire::TransferCompleted),
        (status = 400, body = ErrorBody, description = "What came by a signed URL has not the declared size"),
        (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody, description = "Unknown, or nothing was uploaded"),
        (status = 409, body = ErrorBody, description = "A newer upload came meanwhile"),
        (status = 413, body = ErrorBody, description = "What came by a signed URL is too large"),
    )
)]
async fn complete(
    Shared(app): Shared<State>,
    TransferAt(id): TransferAt,
    Asked(access): Asked<Access>,
    headers: HeaderMap,
    ClientAddress(address): ClientAddress,
) -> Result<Json<wire::TransferCompleted>, ApiError> {
    app.may_send(access.token(&headers)).await?;
    let completed = app.transfers.complete(&id).await?;
    Ok(Json(wire::TransferCompleted {
        transfer_id: id,
        download_url: format!("/api/transfers/download/{id}"),
        transparency: wire::Transparency {
            ip: address
                .map(|ip| Digest::of(ip.to_string()).to_string())
                .unwrap_or_default(),
            timestamp: completed.created_at.iso(),
            file_size_bytes: completed.size,
            stored_fields: vec![
                "file_size_bytes",
                "content_type_hint",
                "created_at",
                "expires_at",
                "download_count",
            ],
            encrypted: vec!["file_name", "file_content"],
            not_stored: vec!["decryption_key", "raw_ip"],
        },
    }))
}

/// What is known of a transfer.
#[utoipa::path(
    get,
    path = "/api/transfers/info/{id}",
    operation_id = "transfer_info",
    tag = "transfers",
    params(TransferPath),
    responses((status = 200, body = wire::TransferInfo), (status = 404, body = ErrorBody))
)]
async fn info(
    Shared(app): Shared<State>,
    TransferAt(id): TransferAt,
) -> Result<Json<wire::TransferInfo>, ApiError> {
    app.transfers.info(&id).await.map(Json)
}

/// Deletes a transfer for whoever knows the secret behind its `delete_auth_hash`.
#[utoipa::path(
    delete,
    path = "/api/transfers/delete/{id}",
    operation_id = "delete_transfer",
    tag = "transfers",
    params(
        TransferPath,
        DeleteAuth,
    ),
    responses(
        (status = 200, body = wire::TransferDeleted),
        (status = 400, body = ErrorBody, description = "No secret"),
        (status = 403, body = ErrorBody, description = "`auth_mismatch`"),
        (status = 404, body = ErrorBody, description = "`not_found`"),
        (status = 409, body = ErrorBody, description = "`delete_not_enabled`"),
    )
)]
async fn delete(
    Shared(app): Shared<State>,
    TransferAt(id): TransferAt,
    headers: HeaderMap,
) -> Result<Json<wire::TransferDeleted>, ApiError> {
    let secret = extract::text(&headers, &extract::DELETE_AUTH).filter(|secret| !secret.is_empty());
    let secret = secret
        .ok_or_else(|| ApiError::field(extract::DELETE_AUTH.as_str(), "must hold the secret"))?;
    let deleted = app.transfers.delete(&id, secret).await?;
    let status = if deleted {
        "deleted"
    } else {
        "already_deleted"
    };
    Ok(Json(wire::TransferDeleted {
        status,
        transfer_id: id,
    }))
}

fn is_json(headers: &HeaderMap) -> bool {
    extract::text(headers, &header::CONTENT_TYPE)
        .is_some_and(|kind| kind.starts_with("application/json"))
}

/// The payload in whichever way it comes; what cannot be expected is refused before it is read.
async fn payload(
    app: &State,
    id: &TransferId,
    access: &Access,
    headers: &HeaderMap,
    body: Body,
) -> Result<ByteStream, ApiError> {
    let digest = body::given_digest(headers)?;
    let text = match &access.data {
        Some(data) => decode(data)?,
        None if is_json(headers) => {
            app.transfers.expect_upload(id, None).await?;
            read_text(body, digest).await?
        }
        None => {
            let limit = app
                .transfers
                .expect_upload(id, body::announced(&body))
                .await?;
            return Ok(body::stream(body, limit, digest));
        }
    };
    app.transfers
        .expect_upload(id, Some(text.len() as u64))
        .await?;
    Ok(stream::iter([Ok(text)]).boxed())
}

async fn read_text(body: Body, digest: Option<Digest>) -> Result<Bytes, ApiError> {
    let json = body::read_given(body, MOST_TEXT_IN, digest).await?;
    decode(&body::parse::<wire::UploadText>(&json)?.data)
}

fn decode(data: &str) -> Result<Bytes, ApiError> {
    let bytes = BASE64_STANDARD.decode(data);
    bytes
        .map(Bytes::from)
        .map_err(|_| ApiError::field("data", "must be base64"))
}
